/** Search over experiments: `experiments/search`. */
import type { Database } from '../database.ts';
import { parseFilter, parseOrder } from './filter.ts';
import { offsetOf, pageOf, sizeOf } from './page.ts';
import { orderOf, type Target, whereOf } from './sql.ts';

export type ExperimentSearch = {
  readonly filter?: string;
  readonly view_type?: string;
  readonly max_results?: number | string;
  readonly order_by?: string | readonly string[];
  readonly page_token?: string;
};

export type ExperimentRow = { id: string; name: string; lifecycle: string; created: number; updated: number };

const target: Target = {
  attributes: {
    name: 'experiments.name',
    experiment_id: 'CAST(experiments.id AS INTEGER)',
    creation_time: 'experiments.created',
    last_update_time: 'experiments.updated',
  },
  keyed: { tags: { table: 'experiment_tags', owner: 'experiment_id' } },
  id: 'experiments.id',
  last: 'CAST(experiments.id AS INTEGER) DESC',
};

export function searchExperiments(db: Database, search: ExperimentSearch): { page: readonly ExperimentRow[]; next?: string } {
  const where = whereOf(target, parseFilter(search.filter));
  const orders = search.order_by === undefined ? [] : typeof search.order_by === 'string' ? [search.order_by] : search.order_by;
  const order = orderOf(target, orders.map(parseOrder));
  const view = search.view_type ?? 'ACTIVE_ONLY';
  const lifecycle = view === 'ALL' ? '' : ` AND lifecycle = '${view === 'DELETED_ONLY' ? 'deleted' : 'active'}'`;
  const size = sizeOf(search.max_results, 50_000, 1000);
  const offset = offsetOf(search.page_token);
  const rows = db.all<ExperimentRow>(
    `SELECT * FROM experiments WHERE ${where.text}${lifecycle} ORDER BY ${order.text} LIMIT ? OFFSET ?`,
    [...where.values, ...order.values, size + 1, offset],
  );
  return pageOf(rows, offset, size);
}
