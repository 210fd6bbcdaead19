/** Tags and parameters: MLflow's pairs on the wire, one JSON object a column in the store, which its search reads with json_each. */
export type KeyValue = { readonly key: string; readonly value: string };

export const toJson = (values: readonly KeyValue[] = []): string =>
  JSON.stringify(Object.fromEntries(values.map(({ key, value }) => [key, value])));
export const fromJson = (json: string): Record<string, string> => JSON.parse(json) as Record<string, string>;
export const pairsOf = (json: string): KeyValue[] => Object.entries(fromJson(json)).map(([key, value]) => ({ key, value }));
