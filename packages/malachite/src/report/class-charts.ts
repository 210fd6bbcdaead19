/** ROC, precision-recall, lift and calibration of the best classifier, from its artifacts, beside each other. */
import type { CalibrationCurve, ClassCurves } from '@malachite/automl';
import { axes, frame, linear, pathOf, type Scale, square } from './axes.ts';
import { type Html, html, nothing } from './html.ts';

/** Colours of classes; of more than these, the first are drawn. */
const mostClasses = 6;

/** The lift of fewer of the rows than this share is that of a handful, and would set the scale. */
const fewestRows = 0.01;

const unit: Scale = linear([0, 1], 5);

type Files = Readonly<Record<string, Uint8Array>>;
type Line = { readonly label: string; readonly points: readonly (readonly [number, number])[] };

/** @param files Of the best trial; nothing is drawn without the artifacts (regression). */
export function classCharts(files: Files): Html {
  const curves = artifact<ClassCurves[]>(files, 'charts/curves.json');
  const calibration = artifact<CalibrationCurve[]>(files, 'charts/calibration.json');
  if (curves === undefined || calibration === undefined) return nothing;
  // Of two classes one curve says it all.
  const shown = curves.length === 2 ? curves.slice(1) : curves.slice(0, mostClasses);
  const labels = new Set(shown.map(({ label }) => label));
  const diagonal: Line = {
    label: '',
    points: [
      [0, 0],
      [1, 1],
    ],
  };
  const lines = (pointsOf: (curve: ClassCurves) => Line['points']): Line[] =>
    shown.map((curve) => ({ label: curve.label, points: pointsOf(curve) }));
  const roc = lines(({ roc }) => roc.points.map((point) => [point.falsePositiveRate, point.truePositiveRate]));
  const precision = lines(({ precisionRecall }) => precisionRecall.points.map((point) => [point.recall, point.precision]));
  const gains = lines(({ gains }) => [[0, 0], ...gains.map(({ share, gain }) => [share, gain] as const)]);
  const lift = lines(({ gains }) => gains.filter(({ share }) => share >= fewestRows).map(({ share, lift }) => [share, lift]));
  const reliable = calibration.filter(({ label }) => labels.has(label));
  const dots = reliable.map(({ label, bins }) => ({ label, points: bins.map((bin) => [bin.predicted, bin.observed] as const) }));
  const legend = shown.map(
    (curve, i) => html`<li><i class="series s${i}"></i><b>${curve.label}</b>: ${figures(curve, reliable[i]?.error)}</li>`,
  );
  const left =
    curves.length > mostClasses
      ? html`; ${curves.length - mostClasses} more are in the trial's artifact charts/curves.json`
      : nothing;
  return html`<section><h2>Curves of the best model</h2><p>On the validation rows, those of all folds together; one class against the others${left}.</p><ul class="legend">${legend}</ul>
<div class="charts">${chart('Receiver operating characteristic.', ['false positive rate', 'true positive rate'], roc, diagonal)}
${chart('Precision and recall.', ['recall', 'precision'], precision)}
${chart('Cumulative gains: the share of the class in the rows that score highest.', ['share of the rows', 'share of the class'], gains, diagonal)}
${chart('Lift: how many times chance that is.', ['share of the rows', 'lift'], lift)}
${chart('Calibration: how often what is given a probability comes true.', ['predicted', 'observed'], dots, diagonal, true)}</div></section>`;
}

/** What its curves come to. */
function figures({ roc, precisionRecall }: ClassCurves, calibrationError: number | undefined): string {
  const area = roc.area === null ? [] : [`AUC ${roc.area.toFixed(4)}`];
  const error = calibrationError === undefined ? [] : [`expected calibration error ${calibrationError.toFixed(4)}`];
  return [...area, `average precision ${precisionRecall.averagePrecision.toFixed(4)}`, ...error].join(', ');
}

function chart(
  caption: string,
  [across, up]: readonly [string, string],
  lines: readonly Line[],
  reference?: Line,
  isDotted = false,
): Html {
  const heights = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const isUnit = heights.every((y) => y <= 1);
  const plot = axes(unit, isUnit ? unit : linear([0, ...heights], 5), square);
  const place = ([x, y]: readonly [number, number]) => [plot.x(x), plot.y(y)] as const;
  const drawn = lines.map(({ points }, i) => html`<path class="curve s${i}" d="${pathOf(points.map(place))}"/>`);
  const dots = isDotted
    ? lines.flatMap(({ points }, i) => points.map(place).map(([x, y]) => html`<circle class="s${i}" cx="${x}" cy="${y}" r="3"/>`))
    : [];
  const aid = reference ? html`<path class="aid" d="${pathOf(reference.points.map(place))}"/>` : nothing;
  return frame(plot, html`${aid}${drawn}${dots}`, caption, { across, up });
}

/** The content of a JSON artifact, or undefined. */
export function artifact<Content>(files: Files, path: string): Content | undefined {
  const bytes = files[path];
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Content);
}
