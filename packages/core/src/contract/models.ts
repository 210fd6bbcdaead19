import { collect, equal, ok, refused } from './assertions.ts';
import type { Runner } from './harness.ts';
import { keep, type Scene } from './scene.ts';

export function modelsContract({ it }: Runner, scene: Scene): void {
  it('from a job carry its best trial’s metrics, proof and signature', async () => {
    const model = await scene.model();
    const { job } = await scene.trained();
    const { trials, bestTrial } = await scene.workspace.training.result({ name: job.name });
    const best = trials.find(({ name }) => name === bestTrial);
    equal([model.version, model.jobName, model.trialName], ['1', job.name, bestTrial]);
    equal([model.metrics, model.parity], [best?.metrics, best?.parity], 'The metrics and the parity');
    equal(model.signature?.task, 'classification');
    equal(
      model.signature?.inputs.map(({ name }) => name).toSorted(),
      ['age', 'balance', 'job', 'joined'],
      'The columns it takes',
    );
    equal(model.signature?.classes?.toSorted(), ['no', 'yes'], 'The classes');
    ok(
      model.files.some(({ path }) => path === 'model.onnx'),
      'There should be a model.onnx among its files.',
    );
  });

  it('are the same version for the same content', async () => {
    const model = await scene.model();
    const { job } = await scene.trained();
    const { models } = scene.workspace;
    equal(await models.create({ name: model.name, path: `azureml://jobs/${job.name}/outputs/best_model` }), model);
    equal(await models.versions({ name: model.name }), [model]);
    equal(await models.get({ name: model.name }), model);
    ok(
      (await models.list({})).some(({ name }) => name === model.name),
      'A model is not listed.',
    );
  });

  it('are made of any trial', async () => {
    const { job } = await scene.trained();
    const { training, models } = scene.workspace;
    const { trials } = await training.result({ name: job.name });
    const last = trials.at(-1);
    const model = await models.create({ name: 'contract-trial', path: `azureml://jobs/${last?.name}/outputs/model.onnx` });
    equal([model.jobName, model.trialName, model.metrics], [job.name, last?.name, last?.metrics]);
  });

  it('are made of files, whose signature is read; what is no ONNX model is refused by its name', async () => {
    const known = await scene.model();
    const { models, datastore } = scene.workspace;
    const onnx = await datastore.put(models.download({ name: known.name, path: 'model.onnx' }));
    const uploaded = await models.create({ name: 'contract-uploaded', files: [{ path: 'model.onnx', sha256: onnx.sha256 }] });
    equal(uploaded.signature, known.signature, 'The signature');
    equal([uploaded.jobName, uploaded.trialName, uploaded.metrics, uploaded.parity], [null, null, null, null]);
    const { sha256 } = await keep(scene.workspace, 'no model at all');
    await refused(models.create({ name: 'contract-bad', files: [{ path: 'bad.onnx', sha256 }] }), 'InvalidInput', 'bad.onnx');
    const other = await models.create({ name: 'contract-other', files: [{ path: 'model.pkl', sha256 }] });
    equal([other.signature, other.type], [null, 'custom_model'], 'A file of another kind');
  });

  it('are refused when what they are made of is not there', async () => {
    const { job } = await scene.trained();
    const { models } = scene.workspace;
    const create = (path: string) => models.create({ name: 'contract-bad', path });
    await refused(create('azureml://jobs/contract-absent/outputs/best_model'), 'NotFound', 'contract-absent');
    await refused(create(`azureml://jobs/${job.name}/outputs/absent`), 'NotFound', 'absent');
    await refused(create('somewhere/model.onnx'), 'InvalidInput', 'somewhere/model.onnx');
    await refused(models.create({ name: 'contract-bad' }), 'InvalidInput');
    await refused(models.get({ name: 'contract-bad' }), 'NotFound', 'contract-bad');
  });

  it('give back the bytes of each of their files', async () => {
    const { name, version, files } = await scene.model();
    for (const { path, sizeBytes } of files) {
      const chunks = await collect(scene.workspace.models.download({ name, version, path }));
      equal(
        chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
        sizeBytes,
        `The bytes of ${path}`,
      );
    }
    await refused(scene.workspace.models.download({ name, path: '../model.onnx' }), 'NotFound', 'model.onnx');
    await refused(scene.workspace.models.get({ name, version: '99' }), 'NotFound', `${name}:99`, '1');
  });

  it('leave the lists when archived, and stay where they are named', async () => {
    const { models } = scene.workspace;
    const { sha256 } = await keep(scene.workspace, 'an old model');
    await models.create({ name: 'contract-old', files: [{ path: 'model.pkl', sha256 }] });
    await models.archive({ name: 'contract-old' });
    ok(!(await models.list({})).some(({ name }) => name === 'contract-old'), 'An archived model is listed.');
    ok((await models.get({ name: 'contract-old', version: '1' })).isArchived, 'It should say that it is archived.');
  });
}
