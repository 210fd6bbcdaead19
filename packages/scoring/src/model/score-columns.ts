/** Scores a table that is already in columns, as a CSV reader gives it. */
import type { ScoringModel } from './load-model.ts';
import type { Prediction } from './prediction.ts';

/**
 * @param columns column name -> values, all of one length; names may be the raw or the sanitised ones; columns that the model does not
 *   use are ignored; null is a missing value
 * @throws InvalidInput naming the row and the column that does not fit
 * @example
 * const { labels } = await scoreColumns(model, { age: [57, 41], job: ['technician', null] });
 */
export async function scoreColumns(
  model: ScoringModel,
  columns: Readonly<Record<string, ArrayLike<unknown>>> | ReadonlyMap<string, ArrayLike<unknown>>,
): Promise<Prediction> {
  const map = columns instanceof Map ? columns : new Map(Object.entries(columns));
  return await model.score({ kind: 'columns', columns: map });
}
