/** What featurization does to each column, a sentence a column, for logs. */
import type { FeaturizationSummaryRow } from './summary.ts';

export type ColumnLine = {
  /** `info` for a column that is left out, `debug` for one that is used. */
  readonly level: 'info' | 'debug';
  readonly message: string;
};

/** Lines of one kind that are worth reading; a wider table's are in `featurization_summary.json`. */
const MOST_LINES = 100;

export function columnLines(summary: readonly FeaturizationSummaryRow[]): ColumnLine[] {
  const dropped = summary.filter((row) => row.Dropped === 'Yes');
  const used = summary.filter((row) => row.Dropped === 'No');
  return [
    ...cut(dropped, (row) =>
      `Column "${row.RawFeatureName}" is left out (${row.TypeDetected}). ${row.DroppedReason ?? ''}`.trim(),
    ).map((message) => ({ level: 'info' as const, message })),
    ...cut(used, usedLine).map((message) => ({ level: 'debug' as const, message })),
  ];
}

function usedLine(row: FeaturizationSummaryRow): string {
  const features = `${row.EngineeredFeatureCount} feature${row.EngineeredFeatureCount === 1 ? '' : 's'}`;
  const why = row.Reason === undefined ? '' : ` ${row.Reason}`;
  return `Column "${row.RawFeatureName}" is ${row.TypeDetected}: ${row.Transformations.join(', ')}, ${features}.${why}`;
}

function cut<T>(rows: readonly T[], line: (row: T) => string): string[] {
  const lines = rows.slice(0, MOST_LINES).map(line);
  return rows.length > MOST_LINES ? [...lines, `And ${rows.length - MOST_LINES} more columns alike.`] : lines;
}
