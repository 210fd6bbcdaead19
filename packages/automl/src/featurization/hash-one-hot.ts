/**
 * A column of many values as one of a few hundred columns, the one that MurmurHash3 of the value names (Azure's HashOneHotEncoder).
 * A missing value hashes as the text `nan`. Unlike Azure's own export, which leaves half of the values without a column, the graph
 * sets exactly the column that training set.
 */
import type { GraphBuilder } from '@malachite/onnx';
import { requireText } from './columns.ts';
import { type Featurizer, sharedCodes } from './featurizer.ts';
import { murmurHash3 } from './murmur-hash3.ts';

/** Azure ML's seed. */
export const HASH_SEED = 314489979;

export type FittedHashOneHot = { readonly columns: readonly { readonly name: string; readonly width: number }[] };

export const hashOneHot: Featurizer<FittedHashOneHot> = {
  name: 'HashOneHotEncoder',

  fit(planned) {
    return { columns: planned.map(({ column, plan }) => ({ name: column.name, width: plan.hashColumns ?? 2 })) };
  },

  transform({ columns }, table) {
    const categorical = columns.map(({ name, width }) => {
      const column = requireText(table, name);
      const codes = sharedCodes(table.rowCount);
      const missing = bucketOf('nan', width) + 1;
      const codeOfEntry = Int32Array.from(column.dictionary, (text) => (text === '' ? missing : bucketOf(text, width) + 1));
      for (let row = 0; row < codes.length; row++) {
        const entry = column.codes[row] as number;
        codes[row] = entry < 0 ? missing : (codeOfEntry[entry] as number);
      }
      return {
        name: `${name}_${hashOneHot.name}`,
        raw: name,
        codes,
        labels: Array.from({ length: width }, (_, bucket) => String(bucket)),
      };
    });
    return { numeric: [], categorical };
  },

  emit({ columns }, graph, raw) {
    return { numeric: undefined, categorical: columns.map(({ name, width }) => emitBuckets(graph, raw.text(name), width)) };
  },
};

/** @param width a power of two. */
function bucketOf(text: string, width: number): number {
  return murmurHash3(text, HASH_SEED) & (width - 1);
}

/** int64 [n, 1]: the bucket and one. */
function emitBuckets(graph: GraphBuilder, text: string, width: number): string {
  const int = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
  const hash = graph.node('MurmurHash3', [text], { seed: HASH_SEED, positive: 1 }, { domain: 'com.microsoft' });
  const bucket = graph.node('Mod', [graph.node('Cast', [hash], { to: 7 }), int(width)]);
  const isMissing = graph.node(
    'LabelEncoder',
    [text],
    { keys_strings: { strings: [''] }, values_int64s: [1], default_int64: 0 },
    { domain: 'ai.onnx.ml' },
  );
  const missing = graph.node('Cast', [isMissing], { to: 9 });
  return graph.node('Add', [graph.node('Where', [missing, int(bucketOf('nan', width)), bucket]), int(1)]);
}
