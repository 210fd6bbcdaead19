import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openChanges } from '../changes.ts';
import { openJobRecords } from '../jobs/job-records.ts';
import { temporaryContext } from '../test-home.ts';
import { kept, recordJob } from '../test-models.ts';
import { localModels } from './local-models.ts';
import { mlflowModel } from './mlflow-model.ts';

const irises = await readFile(new URL('../../../../fixtures/models/flowers.onnx', import.meta.url));

function room() {
  const context = temporaryContext();
  const records = openJobRecords(context, openChanges());
  return { context, records, models: localModels(context, records) };
}

test('an ONNX file is registered with its signature, and comes back as it was', async () => {
  const { context, models } = room();
  const model = await models.create({
    name: 'flowers',
    files: await kept(context.blobs, { 'model.onnx': irises }),
    tags: { a: 'b' },
  });
  expect(model).toMatchObject({ version: '1', type: 'custom_model', tags: { a: 'b' }, jobName: null, parity: null });
  expect(model.signature?.task).toBe('classification');
  expect(model.signature?.inputs.length).toBeGreaterThan(0);
  const bytes = await Array.fromAsync(models.download({ name: 'flowers', path: 'model.onnx' }));
  expect(Buffer.concat(bytes).equals(irises)).toBe(true);
  expect(models.servedFile(model)?.path).toBe('model.onnx');
});

test('the same content is the same version, other content the next; a version is never overwritten', async () => {
  const { context, models } = room();
  const first = await models.create({ name: 'm', files: await kept(context.blobs, { 'a.txt': 'one' }) });
  expect(await models.create({ name: 'm', files: await kept(context.blobs, { 'a.txt': 'one' }) })).toEqual(first);
  const second = await models.create({ name: 'm', files: await kept(context.blobs, { 'a.txt': 'two' }) });
  expect(second).toMatchObject({ version: '2', signature: null, type: 'custom_model' });
  const overwrite = models.create({ name: 'm', version: '2', files: await kept(context.blobs, { 'a.txt': 'three' }) });
  await expect(overwrite).rejects.toMatchObject({ code: 'Conflict' });
  expect((await models.versions({ name: 'm' })).map((model) => model.version)).toEqual(['2', '1']);
  await expect(models.get({ name: 'm', version: '9' })).rejects.toThrow('Versions: 1, 2.');
});

test('the same files asked for as another type are another version', async () => {
  const { context, models } = room();
  const files = await kept(context.blobs, mlflowModel(irises, 'm', 'trial'));
  expect(await models.create({ name: 'm', files })).toMatchObject({ version: '1', type: 'mlflow_model' });
  const custom = models.create({ name: 'm', version: '1', type: 'custom_model', files });
  await expect(custom).rejects.toMatchObject({ code: 'Conflict' });
  expect(await models.create({ name: 'm', type: 'custom_model', files })).toMatchObject({ version: '2', type: 'custom_model' });
});

test('an archived version leaves the list and can still be asked for', async () => {
  const { context, models } = room();
  await models.create({ name: 'm', files: await kept(context.blobs, { 'a.txt': 'one' }) });
  await models.create({ name: 'm', files: await kept(context.blobs, { 'a.txt': 'two' }) });
  await models.archive({ name: 'm', version: '2' });
  expect((await models.list({})).map((model) => model.version)).toEqual(['1']);
  expect((await models.get({ name: 'm' })).version).toBe('1');
  await models.archive({ name: 'm' });
  expect(await models.list({})).toEqual([]);
  expect((await models.list({ includeArchived: true })).map((model) => model.version)).toEqual(['2']);
  expect((await models.get({ name: 'm', version: '2' })).isArchived).toBe(true);
});

test('a file that says it is ONNX and is not, bytes that are not kept, and paths that leave the model are refused', async () => {
  const { context, models } = room();
  const broken = models.create({ name: 'm', files: await kept(context.blobs, { 'model.onnx': 'not a model' }) });
  await expect(broken).rejects.toMatchObject({ code: 'InvalidInput' });
  const absent = models.create({ name: 'm', files: [{ path: 'a', sha256: '0'.repeat(64) }] });
  await expect(absent).rejects.toMatchObject({ code: 'NotFound' });
  for (const path of ['../a', '/etc/passwd', 'a/../../b', 'a\\..\\b']) {
    const outside = models.create({ name: 'm', files: await kept(context.blobs, { [path]: 'x' }) });
    await expect(outside).rejects.toMatchObject({ code: 'InvalidInput' });
  }
  await expect(models.create({ name: 'm' })).rejects.toMatchObject({ code: 'InvalidInput' });
  await expect(models.get({ name: 'm' })).rejects.toMatchObject({ code: 'NotFound' });
});

test('an MLflow folder with the onnx flavour serves the file that its MLmodel names', async () => {
  const { context, models } = room();
  const model = await models.create({ name: 'm', files: await kept(context.blobs, mlflowModel(irises, 'model', 'run_1')) });
  expect(model).toMatchObject({ type: 'mlflow_model', signature: { task: 'classification' } });
  expect(models.servedFile(model)?.path).toBe('model/model.onnx');
  const pickled = await kept(context.blobs, { MLmodel: 'flavors: {sklearn: {pickled_model: model.pkl}}', 'model.pkl': 'x' });
  expect(await models.create({ name: 'pickled', files: pickled })).toMatchObject({ type: 'mlflow_model', signature: null });
  const dangling = await kept(context.blobs, { MLmodel: 'flavors: {onnx: {data: other.onnx}}', 'model.onnx': irises });
  await expect(models.create({ name: 'dangling', files: dangling })).rejects.toThrow('other.onnx');
});

test('the best model of a job carries its trial, metrics and parity', async () => {
  const { context, records, models } = room();
  const parity = { rows: 10, maxDifference: 1e-8, labelFlips: 0, tolerance: 1e-5, withinTolerance: true };
  await recordJob(records, context.blobs, irises, parity);

  const expected = { jobName: 'job', trialName: 'job_0', metrics: { accuracy: 0.9 }, parity };
  const best = await models.create({ name: 'm', path: 'azureml://jobs/job/outputs/best_model' });
  expect(best).toMatchObject({ ...expected, type: 'mlflow_model', signature: { task: 'classification' } });
  expect(best.files.map((file) => file.path)).toEqual(['MLmodel', 'code/malachite_model.py', 'model.onnx', 'requirements.txt']);
  for (const path of ['azureml://jobs/job_0/outputs/artifacts/paths/outputs/model.onnx', 'runs:/job_0/outputs/model.onnx']) {
    expect(await models.create({ name: 'one', path })).toMatchObject({
      ...expected,
      version: '1',
      files: [{ path: 'model.onnx' }],
    });
  }
  const table = await models.create({ name: 'table', path: 'runs:/job_0/accuracy_table' });
  expect(table).toMatchObject({ jobName: 'job', trialName: null, metrics: null, signature: null });
  await expect(models.create({ name: 'm', path: 'azureml://jobs/job/outputs/nothing' })).rejects.toMatchObject({
    code: 'NotFound',
  });
  await expect(models.create({ name: 'm', path: 'runs:/nobody/outputs/model.onnx' })).rejects.toMatchObject({ code: 'NotFound' });
});
