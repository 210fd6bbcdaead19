/** The percentile that LightGBM's L1 and quantile losses take of labels and residuals, its interpolation included (regression_objective.hpp). */

/**
 * @param values reordered when there are no weights.
 * @param alpha share of the values below, in (0, 1).
 * @param weights one a value.
 */
export function percentile(values: Float64Array, alpha: number, weights?: Float64Array): number {
  if (values.length <= 1) return values[0] ?? 0;
  return weights === undefined ? unweighted(values, alpha) : weighted(values, alpha, weights);
}

function unweighted(values: Float64Array, alpha: number): number {
  values.sort();
  const count = values.length;
  const fromTop = (place: number): number => values[count - 1 - place] as number;
  const position = (1 - alpha) * (count - 1);
  const place = Math.trunc(position);
  if (place >= count - 1) return fromTop(count - 1);
  const above = fromTop(place);
  return above - (above - fromTop(place + 1)) * (position - place);
}

function weighted(values: Float64Array, alpha: number, weights: Float64Array): number {
  const order = Int32Array.from(values, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const cumulative = new Float64Array(order.length);
  let sum = 0;
  order.forEach((i, place) => {
    sum += weights[i] as number;
    cumulative[place] = sum;
  });
  const threshold = sum * alpha;
  const last = order.length - 1;
  const found = cumulative.findIndex((value) => value > threshold);
  const place = found < 0 ? last : found;
  const valueAt = (at: number): number => values[order[at] as number] as number;
  if (place === 0 || place === last) return valueAt(place);
  const below = cumulative[place - 1] as number;
  const step = (cumulative[place] as number) - below;
  const [low, high] = [valueAt(place - 1), valueAt(place)];
  return step < 1 ? low : low + ((threshold - below) / step) * (high - low);
}
