/** Search over experiments: `experiments/search`. */
import type { Database } from '../database.ts';
import { type Found, type OrderedSearch, ofView, ordersOf, type Searched, search } from './search.ts';
import type { Target } from './sql.ts';

export type ExperimentSearch = OrderedSearch & { readonly view_type?: string };

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

const searched: Searched = { table: 'experiments', target, most: 50_000, usual: 1000 };

export function searchExperiments(db: Database, input: ExperimentSearch): Found<ExperimentRow> {
  return search(db, searched, { ...input, orders: ordersOf(input.order_by) }, ofView(input.view_type));
}
