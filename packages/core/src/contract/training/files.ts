/** What jobs and their trials leave behind. */
import type { Supports } from '../../workspace.ts';
import { collect, equal, ok, refused } from '../assertions.ts';
import { type Runner, where } from '../harness.ts';
import type { Scene } from '../scene.ts';

export function filesContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;

  describe('the files', () => {
    const modelOf = async (trial: string) =>
      (await scene.workspace.training.artifacts({ name: trial })).find(({ path }) => path === 'outputs/model.onnx');

    it('of a trial hold its model, with all its bytes', async () => {
      const { result } = await scene.result();
      const name = result.trials[0]?.name ?? '';
      const model = await modelOf(name);
      const chunks = await collect(scene.workspace.training.artifact({ name, path: 'outputs/model.onnx' }));
      equal(
        chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
        model?.sizeBytes,
        'The number of bytes',
      );
      ok((model?.sizeBytes ?? 0) > 100, `The model has ${model?.sizeBytes} bytes.`);
    });

    where(
      test,
      supports.proof,
      'proof',
    )('of a trial hold a model as long as the trial says', async () => {
      const { result } = await scene.result();
      for (const { name, onnxBytes } of result.trials) equal((await modelOf(name))?.sizeBytes, onnxBytes, `The model of ${name}`);
    });

    it('of a job hold its guardrails and its best model; no path leads out of them', async () => {
      const { job } = await scene.trained();
      const { training } = scene.workspace;
      const paths = (await training.artifacts({ name: job.name })).map(({ path }) => path);
      for (const path of ['outputs/verifier_results.json', 'outputs/best_model/model.onnx', 'outputs/best_model/MLmodel']) {
        ok(paths.includes(path), `There is no ${path} among ${paths.join(', ')}.`);
      }
      await refused(training.artifact({ name: job.name, path: 'outputs/absent' }), 'NotFound', 'outputs/absent');
      await refused(training.artifact({ name: job.name, path: '../../malachite.db' }), 'NotFound');
    });
  });
}
