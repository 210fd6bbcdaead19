/**
 * What the target was where a column had a value (Micci-Barreca 2001): its smoothed mean (Azure's CatTargetEncoder), or the logarithm of
 * the odds of a class (WoETargetEncoder). The rows it is learned from get numbers of the other folds.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { emitLookup, holdsNumbers } from './categories.ts';
import { requireNumbers, requireText } from './columns.ts';
import { MOST_KEYS } from './count-encoder.ts';
import {
  isMissing,
  joinNumeric,
  type PlannedColumn,
  type SupervisedFeaturizer,
  type Supervision,
  sharedFloats,
} from './featurizer.ts';
import type { RawInputs } from './raw-inputs.ts';
import { dealFolds, FOLDS, indicatorOf, outputsOf, weightOf } from './target-folds.ts';
import { lookedUp } from './value-lookup.ts';

export type FittedTargetEncoder = {
  readonly columns: readonly {
    readonly name: string;
    readonly keys: readonly string[] | readonly number[];
    /** One an output: the number of each key, of a missing value, of a value that training did not know. */
    readonly outputs: readonly {
      readonly name: string;
      readonly numbers: Float32Array;
      readonly missing: number;
      readonly unseen: number;
    }[];
  }[];
};

/** Rows of the average that are imagined seen with each value. */
const SMOOTHING = 10;

type Scale = (mean: number) => number;

const logOdds: Scale = (mean) => Math.log(Math.max(mean, 1e-6) / Math.max(1 - mean, 1e-6));

export const catTargetEncoder = targetEncoderOf('CatTargetEncoder', (mean) => mean);
/** Of classes only. */
export const woeTargetEncoder = targetEncoderOf('WoETargetEncoder', logOdds);

function targetEncoderOf(name: 'CatTargetEncoder' | 'WoETargetEncoder', scale: Scale): SupervisedFeaturizer<FittedTargetEncoder> {
  return {
    name,

    fitOutOfFold(planned, rows, supervision) {
      const folds = dealFolds(rows, supervision.seed);
      const found = planned.map((plannedColumn) => fitColumn(name, scale, plannedColumn, rows, folds, supervision));
      return {
        fitted: { columns: found.map(({ column }) => column) },
        training: { numeric: found.flatMap(({ training }) => training), categorical: [] },
      };
    },

    transform({ columns }, table) {
      const numeric = columns.flatMap(({ name: raw, keys, outputs }) => {
        const column = holdsNumbers(keys) ? requireNumbers(table, raw) : requireText(table, raw);
        return outputs.map((output) => {
          const values = sharedFloats(table.rowCount);
          lookedUp(column, keys, output.numbers, output.missing, output.unseen, values);
          return { name: output.name, raw, values };
        });
      });
      return { numeric, categorical: [] };
    },

    emit({ columns }, graph: GraphBuilder, raw: RawInputs) {
      const parts = columns.flatMap((column) =>
        column.outputs.map(({ numbers, missing, unseen }) => emitLookup(graph, raw, column, numbers, missing, unseen)),
      );
      return { numeric: joinNumeric(graph, parts), categorical: [] };
    },
  };
}

function fitColumn(
  encoder: string,
  scale: Scale,
  { column }: PlannedColumn,
  rows: Int32Array,
  folds: Uint8Array,
  supervision: Supervision,
) {
  const { keys, slots } = slotsOf(column, rows);
  // Slot 0 is for values without a key, slot 1 for missing ones, slot i + 2 for key i.
  const size = keys.length + 2;
  const targets = outputsOf(supervision.target);
  const fits = targets.map((target) => {
    const name = targets.length === 1 ? `${column.name}_${encoder}` : `${column.name}_${encoder}_${target}`;
    const indicator = indicatorOf(supervision.target, target);
    // Sums over all rows, and over the rows of each fold: what is left without a fold is their difference.
    const [sums, weights] = [new Float64Array((FOLDS + 1) * size), new Float64Array((FOLDS + 1) * size)];
    const [total, weight] = [new Float64Array(FOLDS + 1), new Float64Array(FOLDS + 1)];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const of = weightOf(supervision, row);
      const value = of * indicator(row);
      for (const part of [FOLDS, folds[i] as number]) {
        const at = part * size + (slots[row] as number);
        sums[at] = (sums[at] as number) + value;
        weights[at] = (weights[at] as number) + of;
        total[part] = (total[part] as number) + value;
        weight[part] = (weight[part] as number) + of;
      }
    }
    const smoothed = (sum: number, count: number, prior: number) =>
      Math.fround(scale((sum + SMOOTHING * prior) / (count + SMOOTHING)));
    const priorOf = (without: number | undefined): number => {
      const left = (weight[FOLDS] as number) - (without === undefined ? 0 : (weight[without] as number));
      return left > 0 ? ((total[FOLDS] as number) - (without === undefined ? 0 : (total[without] as number))) / left : 0;
    };
    const prior = priorOf(undefined);
    const whole = Float32Array.from({ length: size }, (_, slot) =>
      smoothed(sums[FOLDS * size + slot] as number, weights[FOLDS * size + slot] as number, prior),
    );
    const priors = Float64Array.from({ length: FOLDS }, (_, fold) => priorOf(fold));
    const unseen = smoothed(0, 0, prior);
    const values = sharedFloats(slots.length);
    for (let row = 0; row < values.length; row++)
      values[row] = slots[row] === 0 ? unseen : (whole[slots[row] as number] as number);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const slot = slots[row] as number;
      const fold = folds[i] as number;
      const [all, own] = [FOLDS * size + slot, fold * size + slot];
      values[row] =
        slot === 0
          ? unseen
          : smoothed(
              (sums[all] as number) - (sums[own] as number),
              (weights[all] as number) - (weights[own] as number),
              priors[fold] as number,
            );
    }
    return {
      output: { name, numbers: whole.slice(2), missing: whole[1] as number, unseen },
      feature: { name, raw: column.name, values },
    };
  });
  return {
    column: { name: column.name, keys, outputs: fits.map(({ output }) => output) },
    training: fits.map(({ feature }) => feature),
  };
}

/** The values of `rows` that are remembered, and for every row of the column which one it has. */
function slotsOf(column: Column, rows: Int32Array): { keys: string[] | number[]; slots: Int32Array } {
  const seen = new Map<string | number, number>();
  const slotOf = (value: string | number, learning: boolean): number => {
    if (isMissing(value)) return 1;
    const known = seen.get(value);
    if (known !== undefined) return known;
    if (!learning || seen.size >= MOST_KEYS) return 0;
    seen.set(value, seen.size + 2);
    return seen.size + 1;
  };
  if (column.kind === 'numeric') {
    for (let i = 0; i < rows.length; i++) slotOf(Math.fround(column.values[rows[i] as number] as number), true);
    const slots = Int32Array.from(column.values, (value) => slotOf(Math.fround(value), false));
    return { keys: [...seen.keys()] as number[], slots };
  }
  const used = new Uint8Array(column.dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    const entry = column.codes[rows[i] as number] as number;
    if (entry >= 0) used[entry] = 1;
  }
  const ofEntry = Int32Array.from(column.dictionary, (text, entry) => slotOf(text, used[entry] === 1));
  const slots = Int32Array.from(column.codes, (entry) => (entry < 0 ? 1 : (ofEntry[entry] as number)));
  return { keys: [...seen.keys()] as string[], slots };
}
