/** Forms of ARM's values: ISO durations, maps of texts, the properties that are ours. */
import type { Tags } from '@malachite/core';

/** `PT90S`. */
export const durationOf = (seconds: number): string => `PT${Number(seconds.toFixed(3))}S`;

/** Of `P1DT2H30M5.5S`; undefined for another text, or none. */
export function secondsOf(duration: string | null | undefined): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration ?? '');
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return 86_400 * days + 3600 * hours + 60 * minutes + seconds;
}

/** The same object without its undefined fields. */
export function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

type Texts = Readonly<Record<string, string | null>>;

/** What we keep on a resource of Azure's beside what its owner wrote: names that begin so. */
const ours = 'malachite.';

/** A property of ours, for `properties`. */
export const ownProperties = (properties: Readonly<Record<string, string>>): Tags =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [`${ours}${name}`, value]));

/** @returns The value of a property of ours. */
export const ownProperty = (properties: Texts | null | undefined, name: string): string | undefined =>
  properties?.[`${ours}${name}`] ?? undefined;

/** Tags or properties as their owner wrote them. */
export const textsOf = (texts: Texts | null | undefined): Tags =>
  Object.fromEntries(
    Object.entries(texts ?? {}).flatMap(([name, value]) => (name.startsWith(ours) || value === null ? [] : [[name, value]])),
  );

/** Description, tags and properties, where there are any. */
export function fieldsOf(from: { description?: string | null; tags?: Texts | null; properties?: Texts | null }): {
  description?: string;
  tags?: Tags;
  properties?: Tags;
} {
  const [tags, properties] = [textsOf(from.tags), textsOf(from.properties)];
  return {
    ...(from.description && { description: from.description }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** When ARM says that a resource was made; the client answers a Date, plain JSON a text. */
export const createdAtOf = (systemData: { createdAt?: Date | string } | undefined): string =>
  new Date(systemData?.createdAt ?? 0).toISOString();
