/** Azure's `confusion_matrix` artifact as a table: actual classes down, predicted classes across. */
import { numberText } from '../cli/table.ts';
import { type Html, html, nothing } from './html.ts';

type Artifact = { readonly data: { readonly class_labels: readonly unknown[]; readonly matrix: readonly (readonly number[])[] } };

/** More classes than this are no table that a page can show. */
const mostClasses = 30;

/** A part of the whole in percent; nothing where there is no whole. */
function share(part = 0, whole: readonly number[]): string {
  const sum = whole.reduce((total, count) => total + count, 0);
  return sum === 0 ? '' : `${((100 * part) / sum).toFixed(1)} %`;
}

/** @param artifact the bytes of the artifact; nothing is drawn without it (regression) */
export function confusionMatrix(artifact: Uint8Array | undefined): Html {
  if (artifact === undefined) return nothing;
  const { class_labels: labels, matrix } = (JSON.parse(new TextDecoder().decode(artifact)) as Artifact).data;
  if (labels.length > mostClasses)
    return html`<section><h2>Confusion matrix</h2><p>Of ${labels.length} classes; it is in the trial's artifact confusion_matrix.</p></section>`;
  const largest = Math.max(...matrix.map((row) => row.reduce((sum, count) => sum + count, 0)), 1);
  const columnOf = (k: number): number[] => matrix.map((row) => row[k] as number);
  const shade = (count: number) => (count / largest).toFixed(3);
  return html`<section><h2>Confusion matrix</h2><p>On the validation rows, those of all folds together: actual classes down, predicted classes across.</p>
<table class="matrix"><thead><tr><th></th>${labels.map((label) => html`<th>${String(label)}</th>`)}<th>recall</th></tr></thead>
<tbody>${matrix.map(
    (row, actual) =>
      html`<tr><th>${String(labels[actual])}</th>${row.map((count) => html`<td style="--share:${shade(count)}">${numberText(count)}</td>`)}<td>${share(row[actual], row)}</td></tr>`,
  )}<tr><th>precision</th>${matrix.map((row, k) => html`<td>${share(row[k], columnOf(k))}</td>`)}<td></td></tr></tbody></table></section>`;
}
