/**
 * Numbers as a network reads them best: beside each number, how far it has come through each of its quantile bins, 0 before and 1 after
 * (piecewise linear encoding; Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning").
 * In float32, step by step, here and in the graph.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { FeatureMatrix } from '../../featurization/features.ts';

/** One entry a bin: the number it belongs to, where it begins, and 1 / its width. */
export type QuantileBins = { readonly source: Int32Array; readonly low: Float32Array; readonly scale: Float32Array };

/** A number of fewer bins, such as a flag, says all by itself. */
const FEWEST_BINS = 3;

/** @param count most bins a number; equal quantiles make fewer. */
export function quantileBins({ numeric }: FeatureMatrix, rows: Int32Array, count: number): QuantileBins {
  const source: number[] = [];
  const low: number[] = [];
  const scale: number[] = [];
  numeric.forEach(({ values }, j) => {
    const sorted = Float32Array.from(rows, (row) => values[row] as number).sort();
    const quantile = (t: number): number => sorted[Math.round((t / count) * (sorted.length - 1))] as number;
    const cuts = [...new Set(Array.from({ length: count > 0 ? count + 1 : 0 }, (_, t) => quantile(t)))];
    const bins = cuts
      .slice(1)
      .map((high, t) => ({ begin: cuts[t] as number, scale: Math.fround(1 / (high - (cuts[t] as number))) }));
    if (bins.length < FEWEST_BINS || !bins.every((bin) => bin.scale > 0 && Number.isFinite(bin.scale))) return;
    for (const bin of bins) {
      source.push(j);
      low.push(bin.begin);
      scale.push(bin.scale);
    }
  });
  return { source: Int32Array.from(source), low: Float32Array.from(low), scale: Float32Array.from(scale) };
}

/** The features with those of the bins after the numbers. */
export function withQuantiles({ source, low, scale }: QuantileBins, features: FeatureMatrix): FeatureMatrix {
  const made = Array.from(source, (j, b) => {
    const feature = features.numeric[j] as FeatureMatrix['numeric'][number];
    const begin = low[b] as number;
    const factor = scale[b] as number;
    const through = (value: number) => Math.min(1, Math.max(0, Math.fround(Math.fround(value - begin) * factor)));
    return { ...feature, values: feature.values.map(through) };
  });
  return { ...features, numeric: [...features.numeric, ...made] };
}

/** @param numeric float [n, numbers]. @returns float [n, numbers + bins]. */
export function emitQuantiles({ source, low, scale }: QuantileBins, graph: GraphBuilder, numeric: string): string {
  if (source.length === 0) return numeric;
  const columns = graph.constant(BigInt64Array.from(source, BigInt), [source.length]);
  const values = graph.node('Gather', [numeric, columns], { axis: 1 });
  const shifted = graph.node('Sub', [values, graph.constant(low, [1, low.length])]);
  const scaled = graph.node('Mul', [shifted, graph.constant(scale, [1, scale.length])]);
  const limits = [graph.constant(Float32Array.of(0), []), graph.constant(Float32Array.of(1), [])];
  return graph.node('Concat', [numeric, graph.node('Clip', [scaled, ...limits])], { axis: 1 });
}
