/** Search over runs: `POST runs/search`. */
import type { Database } from '../database.ts';
import type { RunRow } from '../runs.ts';
import { parseFilter, parseOrder } from './filter.ts';
import { offsetOf, pageOf, sizeOf } from './page.ts';
import { orderOf, type Target, whereOf } from './sql.ts';

export type RunSearch = {
  readonly experiment_ids?: readonly string[];
  readonly filter?: string;
  readonly run_view_type?: string;
  readonly max_results?: number;
  readonly order_by?: readonly string[];
  readonly page_token?: string;
};

const target: Target = {
  attributes: {
    run_id: 'runs.id',
    run_name: 'runs.name',
    'run name': 'runs.name',
    status: 'runs.status',
    start_time: 'runs.start_time',
    end_time: 'runs.end_time',
    created: 'runs.start_time',
    user_id: 'runs.user_id',
    experiment_id: 'runs.experiment_id',
  },
  keyed: {
    metrics: { table: 'latest_metrics', owner: 'run_id' },
    params: { table: 'params', owner: 'run_id' },
    tags: { table: 'tags', owner: 'run_id' },
  },
  id: 'runs.id',
  last: 'runs.start_time DESC, runs.sequence DESC',
};

/** MLflow's own limits. */
const limit = 50_000;
const usual = 1000;

export function searchRuns(db: Database, search: RunSearch): { readonly page: readonly RunRow[]; readonly next?: string } {
  const where = whereOf(target, parseFilter(search.filter));
  const order = orderOf(target, (search.order_by ?? []).map(parseOrder));
  const experiments = search.experiment_ids ?? [];
  const view = search.run_view_type ?? 'ACTIVE_ONLY';
  const lifecycle = view === 'ALL' ? '' : ` AND lifecycle = '${view === 'DELETED_ONLY' ? 'deleted' : 'active'}'`;
  const size = sizeOf(search.max_results, limit, usual);
  const offset = offsetOf(search.page_token);
  // No experiment asked for is none, as MLflow answers.
  const rows = db.all<RunRow>(
    `SELECT * FROM runs WHERE experiment_id IN (${experiments.map(() => '?').join(', ')})${lifecycle} AND ${where.text}
     ORDER BY ${order.text} LIMIT ? OFFSET ?`,
    [...experiments, ...where.values, ...order.values, size + 1, offset],
  );
  return pageOf(rows, offset, size);
}
