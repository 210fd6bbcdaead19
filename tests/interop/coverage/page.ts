/** `docs/coverage.md`: what of Azure's surface answers here, from what the interop suite recorded. */
import { noteOf } from './notes.ts';
import type { ArmOperation } from './operations.ts';
import { type CoverageRecord, shapeOf, type Verdict } from './record.ts';

type Route = { readonly method: string; readonly url: string };

/** @param routes What the Azure origin answers. */
export function coveragePage(record: CoverageRecord, operations: readonly ArmOperation[], routes: readonly Route[]): string {
  const answered = new Set(routes.map(({ method, url }) => `${method} ${shapeOf(url)}`));
  const arm = operations.map(({ name, method, path }): Row => {
    const call = `${method} ${shapeOf(path)}`;
    const recorded = record.arm[call];
    const hasRoute = answered.has(call);
    return { name, verdict: !hasRoute ? 'refused' : recorded === 'refused' || !recorded ? 'untried' : recorded };
  });
  const rows = (recorded: Readonly<Record<string, Verdict>>): Row[] =>
    Object.entries(recorded).map(([name, verdict]) => ({ name, verdict }));
  return `# What of Azure Machine Learning answers here

Made by \`npm run docs:coverage\` from a run of the interop suite: unmodified clients against \`malachite up\`, ${record.cases.passed} of
${record.cases.all} cases passed. **works**: answered in that run. **partly**: answered, and some use of it refused. **refused**: HTTP 501,
\`NotEmulated\`, with a sentence. **untried**: the suite has no case for it.

## Operations of Azure Resource Manager
As \`@azure/arm-machinelearning\` lists them; here untried means that there is a route, and no case of the Python suite that calls it.

${table(arm)}

## Methods of azure-ai-ml

${table(rows(record.sdk))}

## YAML that azure-ai-ml loads

${table(rows(record.yaml))}
`;
}

type Row = { readonly name: string; readonly verdict: Verdict };

function table(rows: readonly Row[]): string {
  const counts = (['works', 'partly', 'refused', 'untried'] as const).map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  );
  const lines = rows.map(({ name, verdict }) => {
    const note = verdict === 'partly' || verdict === 'refused' ? noteOf(name) : '';
    return `| \`${name}\` | ${verdict} | ${note} |`;
  });
  return [`${rows.length}: ${counts.join(', ')}.`, '', '| name | here | missing |', '| --- | --- | --- |', ...lines].join('\n');
}
