/** `docs/coverage.md`: what of Azure's surface answers here, from what the interop suite recorded. */
import { whyNotEmulated } from '../../../packages/server/src/arm/not-emulated.ts';
import { noteOf } from './notes.ts';
import type { ArmOperation } from './operations.ts';
import { type CoverageRecord, shapeOf, type Verdict } from './record.ts';

type Route = { readonly method: string; readonly url: string };

/** @param routes What the Azure origin answers. */
export function coveragePage(record: CoverageRecord, operations: readonly ArmOperation[], routes: readonly Route[]): string {
  const answered = new Set(routes.map(({ method, url }) => `${method} ${shapeOf(url)}`));
  const arm = operations.map(({ name, method, path }): Row => {
    const call = `${method} ${shapeOf(path)}`;
    if (!answered.has(call)) return { name, verdict: 'refused', note: whyNotEmulated(method, path) ?? '' };
    const recorded = record.arm[call] ?? 'untried';
    return { name, verdict: recorded, note: recorded === 'works' ? '' : noteOf(name) };
  });
  const sdk = Object.entries(record.sdk).map(
    ([name, { verdict, notes }]): Row => ({ name, verdict, note: notes.join(' ').replaceAll('|', '\\|') }),
  );
  const yaml = Object.entries(record.yaml).map(([name, verdict]): Row => ({ name, verdict, note: '' }));
  return `# What of Azure Machine Learning answers here

Made by \`npm run docs:coverage\` from a run of the interop suite: unmodified clients against \`malachite up\`, ${record.cases.passed} of
${record.cases.all} cases passed. **works**: answered in that run. **partly**: answered, and some use of it refused. **refused**: HTTP 501,
\`NotEmulated\`, with the sentence beside it. **unasked**: the client itself ends before it asks anybody, with what is beside it.
**untried**: the suite has no case for it.

## Operations of Azure Resource Manager
As \`@azure/arm-machinelearning\` lists them.

${table(arm)}

## Methods of azure-ai-ml

${table(sdk)}

## YAML that azure-ai-ml loads

${table(yaml)}
`;
}

type Row = { readonly name: string; readonly verdict: Verdict; readonly note: string };

function table(rows: readonly Row[]): string {
  const counts = (['works', 'partly', 'refused', 'unasked', 'untried'] as const).map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  );
  const lines = rows.map(({ name, verdict, note }) => `| \`${name}\` | ${verdict} | ${note} |`);
  return [`${rows.length}: ${counts.join(', ')}.`, '', '| name | here | missing |', '| --- | --- | --- |', ...lines].join('\n');
}
