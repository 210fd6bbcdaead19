/** How many rows a scoring body carries, in the forms that endpoints take; 1 for any other. */
export function rowsOfBody(body: string): number {
  try {
    const value = JSON.parse(body) as Record<string, unknown>;
    const inputs = value.Inputs as Record<string, unknown> | undefined;
    const split = value.input_data as Record<string, unknown> | unknown[] | undefined;
    const candidates = [value.data, inputs?.data, Array.isArray(split) ? split : split?.data];
    const rows = candidates.find(Array.isArray);
    return rows?.length || 1;
  } catch {
    return 1;
  }
}
