/** Lists in pages: `{"value": […], "nextLink"}`, with `$top`, `count`, `$skip`, the order and the filters that clients ask for. */
import type { FastifyRequest } from 'fastify';
import { type JsonObject, objectAt, textAt } from './resource.ts';

/** Azure's page. */
const pageSize = 100;

type Query = Readonly<Record<string, string | undefined>>;

/**
 * One page of a list that is newest first.
 * @param origin Where we answer; `nextLink` is absolute.
 */
export function page(request: FastifyRequest, origin: string, items: readonly JsonObject[]): JsonObject {
  const query = queryOf(request);
  const skip = count(query.$skip) ?? 0;
  const wanted = count(query.$top);
  const size = Math.min(wanted ?? count(query.count) ?? pageSize, pageSize);
  const wantedItems = items.filter((item) => isWanted(query, item));
  const isAscending = /^\s*createdtime\s+asc/i.test(query.$orderBy ?? query.$orderby ?? '');
  const ordered = isAscending ? wantedItems.toReversed() : wantedItems;
  const value = ordered.slice(skip, skip + size);
  // `$top` asks for so many and no more.
  const isLast = skip + size >= ordered.length || (wanted !== undefined && wanted <= size);
  if (isLast) return { value };
  const next = new URL(request.url, origin);
  next.searchParams.set('$skip', String(skip + size));
  return { value, nextLink: next.href };
}

/** `listViewType`: what is archived is left out unless it is asked for. */
export function isListed(request: FastifyRequest, isArchived: boolean): boolean {
  const view = queryOf(request).listViewType?.toLowerCase() ?? 'activeonly';
  return view === 'all' || isArchived === (view === 'archivedonly');
}

/** What is given several times counts once. */
function queryOf({ query }: FastifyRequest): Query {
  const pairs = Object.entries(query as Readonly<Record<string, string | readonly string[]>>);
  return Object.fromEntries(pairs.map(([name, value]) => [name, typeof value === 'string' ? value : value[0]]));
}

/** `tag=a`, `tags=a,b=c` and `properties=p=q` each name what an item must have; `jobType` and `name` what it must be. */
function isWanted(query: Query, item: JsonObject): boolean {
  const properties = objectAt(item, 'properties');
  const { jobType, name } = query;
  const tags = query.tags ?? query.$tags ?? query.tag;
  return (
    (!jobType || textAt(properties, 'jobType')?.toLowerCase() === jobType.toLowerCase()) &&
    (!name || textAt(item, 'name')?.toLowerCase() === name.toLowerCase()) &&
    hasAll(tags, objectAt(item, 'tags') ?? objectAt(properties, 'tags')) &&
    hasAll(query.properties, objectAt(properties, 'properties'))
  );
}

function hasAll(wanted: string | undefined, there: JsonObject = {}): boolean {
  const pairs = (wanted ?? '').split(',').filter((pair) => pair.trim() !== '');
  return pairs.every((pair) => {
    const [key = '', value] = pair.split('=', 2).map((part) => part.trim());
    return key in there && (value === undefined || String(there[key]) === value);
  });
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
