/**
 * A computation in the graph row by row (ONNX's Scan): a learner that compares each row with thousands then needs memory for one
 * row's comparisons, however many rows are asked for at once.
 */
import { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures } from '../../featurization/features.ts';

/** Names in the body start with it: none of them then hides a name of the graph around it. */
const PREFIX = 'each_row_';

/**
 * @param widths of `features.numeric`, and of what `body` answers.
 * @param body float [1, answer] from the features of one row.
 * @returns float [n, answer].
 */
export function emitEachRow(
  graph: GraphBuilder,
  features: EmittedFeatures,
  widths: { readonly numeric: number; readonly answer: number },
  body: (inner: GraphBuilder, row: EmittedFeatures) => string,
): string {
  const inner = new GraphBuilder();
  const outer = new GraphBuilder();
  const first = inner.constant(BigInt64Array.of(0n));
  const wiring = new Map<string, string>();
  /** A slice of the rows comes without the axis that it was cut along. */
  const input = (name: string, type: 'float' | 'int64', width: number): string => {
    wiring.set(name, outer.input(`${PREFIX}of_${name}`, type, [width]));
    return inner.node('Unsqueeze', [inner.input(name, type, [width]), first]);
  };
  const numeric = features.numeric === undefined ? undefined : input('numbers', 'float', widths.numeric);
  const categorical = features.categorical.map((_, c) => input(`category_${c}`, 'int64', 1));
  const answer = inner.node('Squeeze', [body(inner, { numeric, categorical }), first]);
  inner.output(answer, 'answer', 'float', [widths.answer]);
  const named = { producerName: 'Malachite', producerVersion: '0' };
  const parts = outer.include(inner.toModel({ graphName: 'row', ...named }), PREFIX, wiring);
  outer.output(parts.get('answer') as string, `${PREFIX}result`, 'float', [widths.answer]);
  const scanned = [...(features.numeric === undefined ? [] : [features.numeric]), ...features.categorical];
  const { graph: loop } = outer.toModel({ graphName: 'each_row', ...named });
  if (loop === undefined) throw new Error('A built model has a graph.');
  return graph.node('Scan', scanned, { body: { graph: loop }, num_scan_inputs: scanned.length });
}
