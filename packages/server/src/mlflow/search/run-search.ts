/** Search over runs: `POST runs/search`. */
import type { Database } from '../database.ts';
import type { RunRow } from '../runs.ts';
import { type Found, type OrderedSearch, ofExperiments, ofView, ordersOf, type Searched, search } from './search.ts';
import type { Target } from './sql.ts';

export type RunSearch = OrderedSearch & { readonly experiment_ids?: readonly string[]; readonly run_view_type?: string };

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

const searched: Searched = { table: 'runs', target, most: 50_000, usual: 1000 };

export function searchRuns(db: Database, input: RunSearch): Found<RunRow> {
  const [experiments, view] = [ofExperiments(input.experiment_ids), ofView(input.run_view_type)];
  const within = { text: `${experiments.text} AND ${view.text}`, values: [...experiments.values, ...view.values] };
  return search(db, searched, { ...input, orders: ordersOf(input.order_by) }, within);
}
