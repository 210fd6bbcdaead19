/** What a run of the interop programs came to: methods of the SDK that answered, and the calls of ARM with their statuses. */
import { readFileSync } from 'node:fs';

export type CoverageRecord = {
  /** `jobs.create_or_update`: whether it answered, and whether some use of it was refused as not emulated. */
  readonly sdk: Readonly<Record<string, 'works' | 'partly' | 'refused'>>;
  /** `GET …/workspaces/{}/jobs/{}`, names left out: how often it was answered with success, and how often with 501. */
  readonly arm: Readonly<Record<string, { readonly answered: number; readonly refused: number }>>;
};

type Report = { readonly answered: readonly string[]; readonly refused: readonly string[] };

/** @param log The server's, one line of JSON for each request and one for its answer. */
export function recordOf(reports: readonly Report[], log: string): CoverageRecord {
  const answered = new Set(reports.flatMap((report) => report.answered));
  const refused = new Set(reports.flatMap((report) => report.refused));
  const methods = [...new Set([...answered, ...refused])].sort();
  return {
    sdk: Object.fromEntries(
      methods.map((name) => [name, !answered.has(name) ? 'refused' : refused.has(name) ? 'partly' : 'works']),
    ),
    arm: callsIn(log),
  };
}

type Line = {
  readonly reqId?: string;
  readonly req?: { readonly method: string; readonly url: string };
  readonly res?: { readonly statusCode: number };
};

function callsIn(log: string): CoverageRecord['arm'] {
  const asked = new Map<string, string>();
  const calls = new Map<string, { answered: number; refused: number }>();
  for (const text of readFileSync(log, 'utf8').split('\n')) {
    if (!text.includes('"reqId"')) continue;
    const { reqId = '', req, res } = JSON.parse(text) as Line;
    if (req) asked.set(reqId, `${req.method} ${shapeOf(req.url)}`);
    const call = asked.get(reqId);
    if (!res || !call?.includes('MachineLearningServices')) continue;
    const counts = calls.get(call) ?? { answered: 0, refused: 0 };
    if (res.statusCode < 400) counts.answered += 1;
    if (res.statusCode === 501) counts.refused += 1;
    calls.set(call, counts);
  }
  // What was only asked for what is not there says nothing.
  const counted = [...calls].filter(([, { answered, refused }]) => answered + refused > 0);
  return Object.fromEntries(counted.sort(([a], [b]) => a.localeCompare(b)));
}

/** The address of an operation without the names: collections stand before each `{}`. */
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
