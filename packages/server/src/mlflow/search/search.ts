/** One search over a table of the store: a filter, an order and a page of it. */
import type { Database } from '../database.ts';
import { type Order, parseFilter, parseOrder } from './filter.ts';
import { offsetOf, pageOf, sizeOf } from './page.ts';
import { orderOf, type Sql, type Target, whereOf } from './sql.ts';

export type Searched = {
  readonly table: string;
  readonly target: Target;
  /** Rows a page: at most, and where none are asked for. */
  readonly most: number;
  readonly usual: number;
};

export type SearchInput = {
  readonly filter?: string;
  readonly max_results?: number | string;
  readonly page_token?: string;
};

/** As most searches have it. */
export type OrderedSearch = SearchInput & { readonly order_by?: string | readonly string[] };

export type Found<R> = { readonly page: readonly R[]; readonly next?: string };

/** @param within A condition that every row meets, whatever the filter says. */
export function search<R>(
  db: Database,
  { table, target, most, usual }: Searched,
  input: SearchInput & { readonly orders: readonly Order[] },
  within: Sql = { text: '1', values: [] },
): Found<R> {
  const where = whereOf(target, parseFilter(input.filter));
  const order = orderOf(target, input.orders);
  const size = sizeOf(input.max_results, most, usual);
  const offset = offsetOf(input.page_token);
  const rows = db.all<R>(
    `SELECT * FROM ${table} WHERE ${within.text} AND ${where.text} ORDER BY ${order.text} LIMIT ? OFFSET ?`,
    [...within.values, ...where.values, ...order.values, size + 1, offset],
  );
  return pageOf(rows, offset, size);
}

/** Of `order_by`: one text or several. */
export function ordersOf(orderBy: string | readonly string[] | undefined): Order[] {
  return [orderBy ?? []].flat().map(parseOrder);
}

/** Rows of these experiments; of none, where none is named, as MLflow answers. */
export function ofExperiments(ids: readonly string[] = []): Sql {
  return { text: `experiment_id IN (${ids.map(() => '?').join(', ')})`, values: ids };
}

/** `ACTIVE_ONLY`, `DELETED_ONLY` or `ALL`; active ones where nothing is said. */
export function ofView(view = 'ACTIVE_ONLY'): Sql {
  if (view === 'ALL') return { text: '1', values: [] };
  return { text: 'lifecycle = ?', values: [view === 'DELETED_ONLY' ? 'deleted' : 'active'] };
}
