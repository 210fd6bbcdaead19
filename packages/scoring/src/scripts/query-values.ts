/** `a=1&b=x&a=2` as `{a: [1, 2], b: 'x'}`: each value is read as JSON where it is some. Source: the real inference server. */
export function queryValues(query: string): Record<string, unknown> {
  const found = new Map<string, unknown[]>();
  for (const [name, text] of new URLSearchParams(query)) found.set(name, [...(found.get(name) ?? []), jsonOrText(text)]);
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
