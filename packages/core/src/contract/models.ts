import type { Supports } from '../workspace.ts';
import { collect, equal, ok, refused } from './assertions.ts';
import { type Runner, where } from './harness.ts';
import { keep, type Scene } from './scene.ts';

export function modelsContract(test: Runner, scene: Scene, supports: Supports): void {
  const { it } = test;
  const itHasSignature = where(test, supports.signature, 'signature');
  const itIsInspected = where(test, supports.inspection, 'inspection of uploaded models');

  it('from a job carry its best trial’s metrics', async () => {
    const model = await scene.model();
    const { job } = await scene.trained();
    const { trials, bestTrial } = await scene.workspace.training.result({ name: job.name });
    const best = trials.find(({ name }) => name === bestTrial);
    equal([model.version, model.jobName, model.trialName], ['1', job.name, bestTrial]);
    equal(model.metrics, best?.metrics, 'The metrics');
    ok(
      model.files.some(({ path }) => path === 'MLmodel'),
      'There should be an MLmodel among its files.',
    );
  });

  where(
    test,
    supports.proof,
    'proof',
  )('from a job carry its best trial’s proof', async () => {
    const model = await scene.model();
    const { job } = await scene.trained();
    const { trials, bestTrial } = await scene.workspace.training.result({ name: job.name });
    equal(model.parity, trials.find(({ name }) => name === bestTrial)?.parity, 'The parity');
  });

  itHasSignature('from a job carry the signature that they answer to', async () => {
    const model = await scene.model();
    equal(model.signature?.task, 'classification');
    equal(
      model.signature?.inputs.map(({ name }) => name).toSorted(),
      ['age', 'balance', 'job', 'joined'],
      'The columns it takes',
    );
    equal(model.signature?.classes?.toSorted(), ['no', 'yes'], 'The classes');
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

  const upload = async () => {
    const { job } = await scene.trained();
    const { training, models, datastore } = scene.workspace;
    const { bestTrial } = await training.result({ name: job.name });
    const onnx = await datastore.put(training.artifact({ name: bestTrial ?? '', path: 'outputs/model.onnx' }));
    return models.create({ name: 'contract-uploaded', files: [{ path: 'model.onnx', sha256: onnx.sha256 }] });
  };

  it('are made of files', async () => {
    const uploaded = await upload();
    equal([uploaded.jobName, uploaded.trialName, uploaded.metrics, uploaded.parity], [null, null, null, null]);
    const { sha256 } = await keep(scene.workspace, 'no model at all');
    const other = await scene.workspace.models.create({ name: 'contract-other', files: [{ path: 'model.pkl', sha256 }] });
    equal([other.signature, other.type], [null, 'custom_model'], 'A file of another kind');
  });

  itIsInspected('made of files have the signature that is read there; what is no ONNX model is refused by its name', async () => {
    equal((await upload()).signature, (await scene.model()).signature, 'The signature');
    const { sha256 } = await keep(scene.workspace, 'no model at all');
    const create = scene.workspace.models.create({ name: 'contract-bad', files: [{ path: 'bad.onnx', sha256 }] });
    await refused(create, 'InvalidInput', 'bad.onnx');
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

  it('leave the lists when archived, stay where they are named, and come back', async () => {
    const { models } = scene.workspace;
    const { sha256 } = await keep(scene.workspace, 'an old model');
    await models.create({ name: 'contract-old', files: [{ path: 'model.pkl', sha256 }] });
    const isListed = async () => (await models.list({})).some(({ name }) => name === 'contract-old');
    await models.archive({ name: 'contract-old' });
    ok(!(await isListed()), 'An archived model is listed.');
    ok((await models.get({ name: 'contract-old', version: '1' })).isArchived, 'It should say that it is archived.');
    await models.restore({ name: 'contract-old' });
    ok(await isListed(), 'A model brought back is not listed.');
    await models.archive({ name: 'contract-old', version: '1' });
    await models.restore({ name: 'contract-old', version: '1' });
    ok(
      !(await models.get({ name: 'contract-old', version: '1' })).isArchived,
      'A version brought back says that it is archived.',
    );
    await refused(models.restore({ name: 'contract-old', version: '9' }), 'NotFound', 'contract-old:9', '1');
    await refused(models.restore({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
  });
}
