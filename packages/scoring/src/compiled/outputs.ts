/** The outputs of a compiled graph, gathered block by block into a prediction. */
import type { ClassLabel, OutputRole, Signature } from '@malachite/onnx';
import type { Prediction } from '../model/prediction.ts';
import type { Heap } from './heap.ts';
import type { Slot } from './slot.ts';
import { Unsupported } from './unsupported.ts';

export interface Answers {
  /** Takes the first `rows` rows of the output slots as the rows from `at`. */
  add(at: number, rows: number): void;
  prediction(): Prediction;
}

/** @throws Unsupported for outputs of types that no prediction has */
export function readOutputs(
  signature: Signature,
  slots: ReadonlyMap<string, Slot>,
  heap: Heap,
): { start(rows: number): Answers } {
  const slotOfRole = (role: OutputRole): Slot | undefined => {
    const output = signature.outputs.find((candidate) => candidate.role === role);
    const slot = output === undefined ? undefined : slots.get(output.name);
    if (output !== undefined && (slot === undefined || slot.constant)) throw new Unsupported('an output that is a constant');
    return slot;
  };
  if (signature.outputs.some(({ role }) => role === 'other'))
    throw new Unsupported('outputs beside label, probabilities and value');
  const label = slotOfRole('label');
  const probabilities = slotOfRole('probabilities');
  const value = slotOfRole('value');
  const numbers = [probabilities, value].filter((slot) => slot !== undefined);
  if (numbers.some((slot) => slot.type !== 'float')) throw new Unsupported('probabilities or values that are no floats');
  if (label?.type === 'double') throw new Unsupported('labels in double precision');
  if ((label === undefined && value === undefined) || (label !== undefined && label.width !== 1))
    throw new Unsupported('no label and no value');

  return {
    start(rows) {
      const labels = label === undefined ? undefined : new Array<ClassLabel>(rows);
      const data = probabilities === undefined ? undefined : new Float32Array(rows * probabilities.width);
      const values = value === undefined ? undefined : new Float32Array(rows * value.width);
      return {
        add(at, count) {
          if (labels !== undefined && label !== undefined) {
            const given = heap.data[label.type];
            const from = label.columns[0] as number;
            for (let r = 0; r < count; r++) {
              const value = given[from + r] as string | number;
              labels[at + r] = label.type === 'boolean' ? value !== 0 : value;
            }
          }
          if (data !== undefined && probabilities !== undefined) append(data, at, probabilities, count, heap);
          if (values !== undefined && value !== undefined) append(values, at, value, count, heap);
        },
        prediction: () => ({
          rows,
          ...(labels === undefined ? {} : { labels, labelsAreFractions: label?.type === 'float' }),
          ...(data === undefined ? {} : { probabilities: { data, classes: probabilities?.width ?? 0 } }),
          ...(values === undefined ? {} : { values, valueWidth: value?.width ?? 1 }),
        }),
      };
    },
  };
}

function append(to: Float32Array, at: number, { columns, width }: Slot, rows: number, heap: Heap): void {
  const { float } = heap.data;
  for (const [c, from] of columns.entries()) for (let r = 0; r < rows; r++) to[(at + r) * width + c] = float[from + r] as number;
}
