/**
 * The files of jobs and trials, under the paths that core promises. On Azure a job's guardrails lie with the run that looked
 * at its data, and its best model with the trial that it is of: they are shown where they belong.
 */
import { type Artifact, MalachiteError } from '@malachite/core';
import { missing } from './errors.ts';
import type { Run } from './run.ts';
import { guardrailsPath, lookersOf, trialModelFolder } from './run-paths.ts';
import type { Runs } from './runs.ts';
import { isOfTrial } from './trials.ts';

export type JobFiles = {
  /** @throws MalachiteError `NotFound` for a job or trial that is not there. */
  list(id: string): Promise<Artifact[]>;
  /** @throws MalachiteError `NotFound` that names it. */
  read(id: string, path: string): AsyncIterable<Uint8Array>;
};

const trialModel = 'outputs/model.onnx';
const bestModelFolder = 'outputs/best_model';

export function jobFiles(runs: Runs): JobFiles {
  const guardrailsOf = async (id: string): Promise<Artifact[]> => {
    for (const looker of lookersOf(id)) {
      const found = (await runs.files(looker).catch(missing))?.find(({ path }) => path === guardrailsPath);
      if (found) return [found];
    }
    return [];
  };
  const bestModelOf = async (run: Run): Promise<Artifact[]> => {
    const best = runs.bestTrial(run);
    const files = best === undefined ? [] : await runs.files(best);
    const inFolder = files.filter(({ path }) => path.startsWith(`${trialModelFolder}/`));
    const model = files.filter(({ path }) => path === trialModel && !inFolder.some((file) => file.path.endsWith('/model.onnx')));
    return [...inFolder, ...model].map((file) => ({
      ...file,
      path: file.path.replace(/^outputs\/(?:mlflow-model\/)?/, `${bestModelFolder}/`),
    }));
  };
  return {
    async list(id) {
      const run = await runs.get(id);
      const own = await runs.files(id);
      if (isOfTrial(run)) return own;
      const has = (start: string) => own.some(({ path }) => path.startsWith(start));
      return [
        ...own,
        ...(has(guardrailsPath) ? [] : await guardrailsOf(id)),
        ...(has(`${bestModelFolder}/`) ? [] : await bestModelOf(run)),
      ];
    },
    async *read(id, path) {
      const run = await runs.get(id);
      const best = runs.bestTrial(run);
      const inside = path.startsWith(`${bestModelFolder}/`) ? path.slice(bestModelFolder.length + 1) : undefined;
      const places: (readonly [string, string])[] = [[id, path]];
      if (path === guardrailsPath) places.push(...lookersOf(id).map((looker) => [looker, path] as const));
      if (best && inside) places.push([best, `${trialModelFolder}/${inside}`], [best, `outputs/${inside}`]);
      for (const [place, file] of places) {
        const content = await begun(runs.read(place, file)).catch(missing);
        if (content) return yield* content;
      }
      throw new MalachiteError('NotFound', `"${id}" has no file "${path}".`);
    },
  };
}

/** The same bytes; rejects when there are none, before any is given. */
async function begun(content: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const chunks = content[Symbol.asyncIterator]();
  const first = await chunks.next();
  return (async function* () {
    for (let chunk = first; !chunk.done; chunk = await chunks.next()) yield chunk.value;
  })();
}
