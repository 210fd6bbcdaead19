/** The explanation of a model, as the service keeps it in the files of its run: `explanation/<id>/<name>.interpret.json`. */
import type { Explanation } from '@malachite/core';

/** Lists are cut into blocks. */
const isBlock = /\/\d+\.interpret\.json$/;

/**
 * Of the two explanations that the service makes, the one by columns as the data calls them; the other is by engineered
 * features and has no rows to look at.
 * @param paths Of the run's files.
 * @param metric That the job is judged by.
 * @returns Null where there is none.
 */
export async function explanationIn(
  paths: readonly string[],
  metric: string,
  read: (path: string) => Promise<string>,
): Promise<Explanation | null> {
  const folders = [...new Set(paths.flatMap((path) => /^explanation\/[^/]+\//.exec(path)?.[0] ?? []))];
  const isOfColumns = (folder: string) => paths.includes(`${folder}eval_data_viz.interpret.json`);
  const isSparse = (folder: string) => paths.includes(`${folder}local_importance_values_sparse.interpret.json`);
  const folder = folders.find(isOfColumns) ?? folders.find((each) => !isSparse(each));
  if (folder === undefined) return null;
  const list = async <T>(name: string): Promise<T[]> => {
    const blocks = paths
      .filter((path) => path.startsWith(`${folder}${name}/`) && isBlock.test(path))
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return (await Promise.all(blocks.map(async (path) => JSON.parse(await read(path)) as T[]))).flat();
  };
  const [names, values] = await Promise.all([list<string>('global_names'), list<number>('global_values')]);
  const looked = `${folder}true_ys_viz.interpret.json`;
  return {
    method: isOfColumns(folder) ? 'mimic.lightgbm' : 'permutation importance',
    metric: isOfColumns(folder) ? 'mean absolute SHAP value of a surrogate model' : metric,
    rows: paths.includes(looked) ? (JSON.parse(await read(looked)) as unknown[]).length : null,
    features: names
      .map((name, i) => ({ name, importance: values[i] ?? 0, std: null }))
      .toSorted((a, b) => b.importance - a.importance),
  };
}
