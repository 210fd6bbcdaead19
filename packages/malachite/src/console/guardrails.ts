/** Data guardrails in the layout that Azure ML's SDK prints: 100 asterisks, labels in a column of 14, a table of details. */
import type { Guardrail } from '@malachite/core';

const rule = '*'.repeat(100);

export function guardrailLines(guardrails: readonly Guardrail[]): string[] {
  if (guardrails.length === 0) return [];
  const blocks = guardrails.map((guardrail) => [
    `TYPE:         ${guardrail.friendlyType}`,
    `STATUS:       ${guardrail.result.toUpperCase()}`,
    `DESCRIPTION:  ${guardrail.description.split('\n').join('\n              ')}`,
    ...detailLines(guardrail),
    '',
    rule,
  ]);
  return [rule, 'DATA GUARDRAILS: ', '', ...blocks.flat()];
}

function detailLines({ parameters, parameterNames = {} }: Guardrail): string[] {
  const header = Object.keys(parameters[0] ?? {});
  if (header.length === 0) return [];
  const titles = header.map((name) => parameterNames[name] ?? name);
  const widths = header.map((name, i) =>
    Math.max((titles[i] as string).length, ...parameters.map((row) => (row[name] ?? '').length + 1)),
  );
  const border = (fill: string) => `+${widths.map((width) => fill.repeat(width)).join('+')}+`;
  const line = (cells: readonly string[]) => `|${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('|')}|`;
  return [
    'DETAILS:      ',
    border('-'),
    line(titles),
    border('='),
    ...parameters.map((row) => line(header.map((name) => row[name] ?? ''))),
    border('-'),
  ];
}
