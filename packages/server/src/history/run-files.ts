/**
 * The files of a run under one roof: what its job or trial wrote, what an MLflow client logged to it, and the models that
 * MLflow 3 keeps beside the run that logged them, under their names.
 */
import { MalachiteError, type Workspace } from '@malachite/core';
import { missing } from '../missing.ts';
import type { Tracking } from '../mlflow/tracking.ts';

export type RunFile = { readonly path: string; readonly sizeBytes: number; content(): AsyncIterable<Uint8Array> };

export type RunFiles = {
  /** @throws MalachiteError `NotFound` when there is neither a job nor a trial nor a run of that name. */
  of(run: string): Promise<RunFile[]>;
};

export function openRunFiles({ training }: Pick<Workspace, 'training'>, { db, artifacts }: Tracking): RunFiles {
  const logged = async (root: string, folder = ''): Promise<RunFile[]> =>
    (await artifacts.below(root, '')).map(({ path, size, content }) => ({ path: folder + path, sizeBytes: size, content }));
  const writtenBy = async (name: string): Promise<RunFile[]> =>
    (await training.artifacts({ name })).map(({ path, sizeBytes }) => ({
      path,
      sizeBytes,
      content: () => training.artifact({ name, path }),
    }));
  /** Azure keeps the explanation with the trial that it is of; here it is the job's. */
  const explanationOf = async (run: string): Promise<RunFile[]> => {
    const [, job] = /^(.+)_\d+$/.exec(run) ?? [];
    const result = job && (await training.result({ name: job }).catch(missing));
    if (!result || result.bestTrial !== run) return [];
    return (await writtenBy(job)).filter(({ path }) => path.startsWith('explanation/'));
  };
  return {
    async of(run) {
      const written = await writtenBy(run).catch(missing);
      if (!written && !db.get('SELECT 1 FROM runs WHERE id = ?', [run])) {
        throw new MalachiteError('NotFound', `There is no run "${run}".`);
      }
      if (written) return [...written, ...(await explanationOf(run))];
      const models = db.all<{ id: string; name: string }>('SELECT id, name FROM logged_models WHERE source_run_id = ?', [run]);
      const beside = await Promise.all(models.map(({ id, name }) => logged(id, `${name}/`)));
      return [...(await logged(run)), ...beside.flat()];
    },
  };
}
