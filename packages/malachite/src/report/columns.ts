/** What was made of every column of the data, and why. */
import type { AutoMLOutcome, FeaturizationSummaryRow } from '@malachite/automl';
import { type Html, html, nothing } from './html.ts';

/** Rows that a page shows; all of them are in `featurization_summary.json`. */
const mostRows = 200;

/** Azure ML's featurization of the job. */
export function featurizationRows({ files }: AutoMLOutcome): readonly FeaturizationSummaryRow[] {
  const summary = files['outputs/featurization_summary.json'];
  return summary === undefined ? [] : (JSON.parse(new TextDecoder().decode(summary)) as FeaturizationSummaryRow[]);
}

export function columnTable(outcome: AutoMLOutcome): Html {
  const rows = featurizationRows(outcome);
  if (rows.length === 0) return nothing;
  const more = rows.length > mostRows ? html`<p>And ${rows.length - mostRows} more columns.</p>` : nothing;
  return html`<section><h2>Columns</h2>
<table><thead><tr><th>Column</th><th>Type</th><th>Features</th><th>Transformations</th><th>Why</th></tr></thead>
<tbody>${rows.slice(0, mostRows).map(columnRow)}</tbody></table>${more}</section>`;
}

function columnRow(row: FeaturizationSummaryRow): Html {
  const made = row.Dropped === 'Yes' ? 'left out' : row.Transformations.join(', ');
  return html`<tr><td>${row.RawFeatureName}</td><td>${row.TypeDetected}</td><td>${row.EngineeredFeatureCount}</td><td>${made}</td><td>${row.DroppedReason ?? row.Reason ?? ''}</td></tr>`;
}
