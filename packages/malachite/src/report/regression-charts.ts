/** Predicted against true values and the residuals of the best regression model, from Azure's artifacts of it. */
import type { PredictedTrueChart, ResidualsChart } from '@malachite/automl';
import { numberText } from '../cli/table.ts';
import { axes, frame, linear, pathOf } from './axes.ts';
import { artifact } from './class-charts.ts';
import { type Html, html, nothing } from './html.ts';

const size = [460, 300] as const;

/** @param files Of the best trial; nothing is drawn without the artifacts (classification). */
export function regressionCharts(files: Readonly<Record<string, Uint8Array>>): Html {
  const predicted = artifact<PredictedTrueChart>(files, 'predicted_true');
  const residuals = artifact<ResidualsChart>(files, 'residuals');
  if (predicted === undefined || residuals === undefined) return nothing;
  return html`<section><h2>Errors of the best model</h2><p>On the validation rows, those of all folds together.</p>
<div class="charts two">${predictedAgainstTrue(predicted.data)}${histogram(residuals.data)}</div></section>`;
}

/** The outer bins hold what lies beyond the percentiles. Wider than so many others, their middle says little of what is in them. */
const widest = 3;

/** The mean prediction of each bin of true values, with its standard deviation, beside the line of a perfect model. */
function predictedAgainstTrue({ bin_edges, bin_counts, bin_averages, bin_errors }: PredictedTrueChart['data']): Html {
  const widths = bin_counts.map((_, i) => (bin_edges[i + 1] as number) - (bin_edges[i] as number));
  const usual = widths.toSorted((a, b) => a - b)[widths.length >> 1] as number;
  const shown = widths.flatMap((width, i) => (width <= widest * usual ? [i] : []));
  const edges = shown.flatMap((i) => [bin_edges[i] as number, bin_edges[i + 1] as number]);
  const [low, high] = [Math.min(...edges), Math.max(...edges)];
  const bins = shown.flatMap((i) => {
    const [count, middle] = [bin_counts[i] as number, ((bin_edges[i] as number) + (bin_edges[i + 1] as number)) / 2];
    return count === 0 ? [] : [{ count, middle, average: bin_averages[i] as number, error: bin_errors[i] as number }];
  });
  const left = bin_counts.reduce((sum, count) => sum + count, 0) - bins.reduce((sum, { count }) => sum + count, 0);
  const plot = axes(linear([low, high]), linear([low, high, ...bins.map(({ average }) => average)]), size);
  const { x, y } = plot;
  const points = bins.map(({ count, middle, average, error }) => {
    const bar = html`<line class="error" x1="${x(middle)}" y1="${y(average - error)}" x2="${x(middle)}" y2="${y(average + error)}"/>`;
    return html`${bar}<circle cx="${x(middle)}" cy="${y(average)}" r="3"><title>true ${numberText(middle)}: predicted ${numberText(average)} ± ${numberText(error)}, ${count} rows</title></circle>`;
  });
  const perfect = pathOf([
    [x(low), y(low)],
    [x(high), y(high)],
  ]);
  const beyond = left === 0 ? '' : ` ${left} rows with true values beyond are off the scale.`;
  const caption = `Mean prediction and standard deviation by true value; the dashed line is a perfect model.${beyond}`;
  return frame(plot, html`<path class="aid" d="${perfect}"/>${points}`, caption, { across: 'true', up: 'predicted' });
}

function histogram({ bin_edges, bin_counts, mean, stddev }: ResidualsChart['data']): Html {
  const plot = axes(linear(bin_edges), linear([0, ...bin_counts]), size);
  const { x, y } = plot;
  const bars = bin_counts.map((count, i) => {
    const [from, to] = [x(bin_edges[i] as number), x(bin_edges[i + 1] as number)];
    const range = `${numberText(bin_edges[i] as number)} to ${numberText(bin_edges[i + 1] as number)}`;
    return html`<rect class="bar" x="${from}" y="${y(count)}" width="${Math.max(0, to - from - 1).toFixed(1)}" height="${(y(0) - y(count)).toFixed(1)}"><title>${range}: ${count} rows</title></rect>`;
  });
  const caption = `Residuals, prediction minus truth: mean ${numberText(mean)}, standard deviation ${numberText(stddev)}.`;
  return frame(plot, html`${bars}`, caption, { across: 'residual', up: 'rows' });
}
