/** Where two adapters answer the same call differently: in its status, a header, or a field. */
import type { Outcome, RecordedCall } from './recorded-calls.ts';

export type Difference = {
  readonly operation: string;
  /** `status`, `headers.content-type`, `body.columns[].type`. */
  readonly where: string;
  readonly left: string;
  readonly right: string;
  /** Calls in which it shows. */
  readonly times: number;
  /** The first case in which it shows. */
  readonly during: string;
};

/**
 * Calls are the same when the same case asks the same; what is asked again and again counts as it was answered last.
 * Times, addresses, ids, random names and measured numbers are compared by their kind.
 */
export function differences(left: readonly RecordedCall[], right: readonly RecordedCall[]): Difference[] {
  const others = byQuestion(right);
  const found = new Map<string, Difference>();
  for (const [question, { operation, during, outcome }] of byQuestion(left)) {
    const other = others.get(question);
    if (!other) continue;
    for (const { where, left: one, right: two } of between(outcome, other.outcome)) {
      const key = `${operation} ${where}`;
      const known = found.get(key);
      found.set(key, {
        operation,
        where,
        left: one,
        right: two,
        times: 1 + (known?.times ?? 0),
        during: known?.during ?? during,
      });
    }
  }
  return [...found.values()];
}

const byQuestion = (calls: readonly RecordedCall[]): Map<string, RecordedCall> =>
  new Map(calls.map((call) => [`${call.during}\n${call.operation}\n${scrubbed(JSON.stringify(call.input) ?? '')}`, call]));

type Pair = Pick<Difference, 'where' | 'left' | 'right'>;

function between(left: Outcome, right: Outcome): Pair[] {
  if (left.status !== right.status) return [{ where: 'status', left: statusText(left), right: statusText(right) }];
  return [...inFields(compared(left.headers), compared(right.headers), 'headers'), ...inFields(left.body, right.body, 'body')];
}

/** Of the connection, not of the answer; or a time that was measured. */
const notCompared = new Set([
  'date',
  'server',
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'x-ms-run-fn-exec-ms',
  'x-ms-server-version',
]);

const compared = (headers: Outcome['headers'] = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([given, value]) => {
      const name = given.toLowerCase();
      // Of an id only whether it is there.
      return notCompared.has(name) ? [] : [[name, name.endsWith('-id') ? '(id)' : value]];
    }),
  );

function statusText({ status, body }: Outcome): string {
  const code = (body as { code?: unknown } | null)?.code;
  return code === undefined ? String(status) : `${status} ${code}`;
}

function inFields(left: unknown, right: unknown, path: string): Pair[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    // Of lists that are not of the same things, nobody can say which stands for which.
    if (left.length !== right.length) return [{ where: `${path}.length`, left: `${left.length}`, right: `${right.length}` }];
    return unique(left.flatMap((item, i) => inFields(item, right[i], `${path}[]`)));
  }
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].flatMap((name) => inFields(left[name], right[name], `${path}.${name}`));
  }
  const [one, two] = [shown(left), shown(right)];
  return one === two ? [] : [{ where: path, left: one, right: two }];
}

const unique = (pairs: readonly Pair[]): Pair[] => [...new Map(pairs.map((pair) => [pair.where, pair])).values()];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === undefined) return '(absent)';
  if (typeof value === 'number') return isEpoch(value) ? '(time)' : Number.isInteger(value) ? String(value) : '(number)';
  return scrubbed(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 60);
}

/** Seconds since 1970, of these years. */
const isEpoch = (value: number): boolean => value > 1.5e9 && value < 4e9 && Number.isInteger(value);

/** What is new at every run, by its kind. */
function scrubbed(text: string): string {
  return text
    .replaceAll(/[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}/g, '(token)')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)/g, '(time)')
    .replaceAll(/\b\d+(?:\.\d+)? ms\b/g, '(ms)')
    .replaceAll(/https?:\/\/[^\s"]+/g, '(address)')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '(id)')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '(sha256)')
    .replaceAll(/\b[0-9a-zA-Z]{32,}\b/g, '(key)')
    .replaceAll(/\b[a-z]+_[a-z]+_[a-z0-9]{10}(?=_\d+\b|\b)/g, '(job)')
    .replaceAll(/\bautoml_[0-9a-f]{12}(?=_\d+\b|\b)/g, '(job)')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ([A-Z]) \[\d+\]/g, '(time) $1');
}
