/** Objects in text columns of the database. */

/** For a column that may be empty: NULL for nothing. */
export function toJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** The value of a column that is never empty. The program itself wrote it, so its type is taken as given. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** The value, or undefined for NULL. */
export function fromJsonOr<T>(text: string | null): T | undefined {
  return text === null ? undefined : fromJson<T>(text);
}
