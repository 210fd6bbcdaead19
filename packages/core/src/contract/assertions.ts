/** The suite's own assertions: they fail with a sentence, under any test runner. */
import type { ErrorCode } from '../errors.ts';

export function ok(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** Deep equality of JSON values, whatever the order of fields. */
export function equal(actual: unknown, expected: unknown, what = 'The value'): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  if (is !== should) throw new Error(`${what} is\n  ${is}\nand should be\n  ${should}`);
}

/** Numbers equal to a relative tolerance. */
export function near(actual: number | null | undefined, expected: number, what: string, tolerance = 1e-9): void {
  const close = typeof actual === 'number' && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  ok(close, `${what} is ${actual} and should be ${expected}`);
}

/** The call fails with the code, and its sentence names each of the words. */
export async function refused(
  call: Promise<unknown> | AsyncIterable<unknown>,
  code: ErrorCode,
  ...named: string[]
): Promise<void> {
  let answer: unknown;
  try {
    answer = Symbol.asyncIterator in call ? await collect(call) : await call;
  } catch (thrown) {
    const error = thrown as { readonly code?: unknown; readonly message?: unknown };
    ok(error.code === code, `It fails as ${String(error.code)} and should as ${code}: ${String(error.message)}`);
    for (const name of named)
      ok(String(error.message).includes(name), `The sentence should name ${name}: ${String(error.message)}`);
    return;
  }
  throw new Error(`It should fail as ${code}, and answers ${canonical(answer)}`);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Asks again until the answer is there; for what happens soon after a call and has no event to wait for. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  // Whoever waits for minutes need not ask twenty times a second.
  const pauseMs = Math.max(50, withinMs / 400);
  for (let waited = 0; waited <= withinMs; waited += pauseMs) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`${what} did not happen within ${withinMs} ms`);
}

function canonical(value: unknown): string {
  const sorted = (_: string, field: unknown) =>
    field !== null && typeof field === 'object' && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field;
  return JSON.stringify(value, sorted) ?? String(value);
}
