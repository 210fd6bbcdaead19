/** Lists in pages: `{"value": […], "nextLink"}`, with `$top`, `count`, `$skip` and the order that clients ask for. */
import type { FastifyRequest } from 'fastify';
import type { JsonObject } from './resource.ts';

/** Azure's page. */
const pageSize = 100;

type Query = Readonly<Record<string, string | undefined>>;

/**
 * One page of a list that is newest first.
 * @param origin Where we answer; `nextLink` is absolute.
 */
export function page(request: FastifyRequest, origin: string, items: readonly JsonObject[]): JsonObject {
  const query = request.query as Query;
  const skip = count(query.$skip) ?? 0;
  const wanted = count(query.$top);
  const size = Math.min(wanted ?? count(query.count) ?? pageSize, pageSize);
  const ordered = /^\s*createdtime\s+asc/i.test(query.$orderBy ?? query.$orderby ?? '') ? items.toReversed() : items;
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
  const view = (request.query as Query).listViewType?.toLowerCase() ?? 'activeonly';
  return view === 'all' || isArchived === (view === 'archivedonly');
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
