/** What a run of the interop programs came to: methods of the SDK, kinds of YAML, and calls of ARM with their statuses. */
import { readFileSync } from 'node:fs';

export type Verdict = 'works' | 'partly' | 'refused' | 'unasked' | 'untried';

/** A verdict, and the sentences of what was refused, or of the client that ended before it asked. */
export type Judged = { readonly verdict: Verdict; readonly notes: readonly string[] };

export type CoverageRecord = {
  /** `jobs.create_or_update`: whether it answered, and whether some use of it was refused as not emulated. */
  readonly sdk: Readonly<Record<string, Judged>>;
  /** `online_endpoint` of `load_online_endpoint`: what the cases that load one came to. */
  readonly yaml: Readonly<Record<string, Verdict>>;
  /** `GET …/workspaces/{}/jobs/{}`, names left out: whether it was answered with success, and whether with 501. */
  readonly arm: Readonly<Record<string, Verdict>>;
  /** How many cases passed, of how many. */
  readonly cases: { readonly passed: number; readonly all: number };
};

/** What a program says at its end. */
export type Report = {
  readonly cases: Readonly<Record<string, string>>;
  readonly answered: readonly string[];
  readonly known: readonly string[];
  /** The sentences of the refusals, by method. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
  /** What the client said where it ended before it asked, by method. */
  readonly unasked: Readonly<Record<string, string>>;
};

export const emptyReport: Report = { cases: {}, answered: [], known: [], refused: {}, unasked: {} };

/** @param programs Their sources and reports. @param log The server's, one line of JSON for each request and one for its answer. */
export function recordOf(programs: readonly { readonly source: string; readonly report: Report }[], log: string): CoverageRecord {
  const reports = programs.map(({ report }) => report);
  const known = new Set(reports.flatMap((each) => each.known));
  const judged = (name: string): Judged => {
    const isAnswered = reports.some(({ answered }) => answered.includes(name));
    const sentences = [...new Set(reports.flatMap(({ refused }) => refused[name] ?? []))];
    const unasked = reports.flatMap((each) => each.unasked[name] ?? []);
    const asked = verdict(isAnswered, sentences.length > 0);
    if (asked !== 'untried' || unasked.length === 0) return { verdict: asked, notes: sentences };
    return { verdict: 'unasked', notes: unasked.slice(0, 1) };
  };
  const outcomes = reports.flatMap(({ cases }) => Object.values(cases));
  return {
    cases: { passed: outcomes.filter((outcome) => outcome === 'passed').length, all: outcomes.length },
    sdk: sorted([...known].map((name) => [name, judged(name)])),
    yaml: sorted(programs.flatMap(({ source, report }) => yamlKinds(source, report))),
    arm: sorted(callsIn(log)),
  };
}

const verdict = (isAnswered: boolean, isRefused: boolean): Verdict =>
  isAnswered ? (isRefused ? 'partly' : 'works') : isRefused ? 'refused' : 'untried';

const sorted = <T>(pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The kinds that the cases of a program load from YAML. */
function yamlKinds(source: string, { cases }: Report): (readonly [string, Verdict])[] {
  return source.split(/^with case\("/m).flatMap((block) => {
    const passed = cases[block.slice(0, block.indexOf('"'))] === 'passed';
    return [...block.matchAll(/\bload_(\w+)\(/g)].map(([, kind]) => [kind as string, passed ? 'works' : 'refused'] as const);
  });
}

type Line = {
  readonly reqId?: string;
  readonly req?: { readonly method: string; readonly url: string };
  readonly res?: { readonly statusCode: number };
};

function callsIn(log: string): [string, Verdict][] {
  const asked = new Map<string, string>();
  const calls = new Map<string, { answered: boolean; refused: boolean }>();
  for (const text of readFileSync(log, 'utf8').split('\n')) {
    if (!text.includes('"reqId"')) continue;
    const { reqId = '', req, res } = JSON.parse(text) as Line;
    if (req) asked.set(reqId, `${req.method} ${shapeOf(req.url)}`);
    const call = asked.get(reqId);
    if (!res || !call?.includes('machinelearningservices')) continue;
    const seen = calls.get(call) ?? { answered: false, refused: false };
    calls.set(call, {
      answered: seen.answered || res.statusCode < 400,
      refused: seen.refused || res.statusCode === 501,
    });
  }
  // What was only asked for what is not there says nothing.
  return [...calls].map(([call, { answered, refused }]): [string, Verdict] => [call, verdict(answered, refused)]);
}

/** The address of an operation without the names, in lower case: `…/workspaces/{}/computes/{}`. */
export function shapeOf(url: string): string {
  const [path = ''] = url.split('?');
  const segments = path.toLowerCase().split('/').slice(1);
  return `/${segments.map((segment, index) => (isName(segments, index) ? '{}' : segment)).join('/')}`;
}

/** Below `subscriptions/{}` collections and names take turns; `providers/Microsoft.X` is two words of the first kind. */
function isName(segments: readonly string[], index: number): boolean {
  const start = segments.indexOf('subscriptions');
  const provider = segments.indexOf('providers');
  if (start < 0 || index < start) return false;
  if (provider < 0 || index < provider) return (index - start) % 2 === 1;
  return index > provider + 1 && (index - provider) % 2 === 1;
}
