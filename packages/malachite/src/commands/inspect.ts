/** What an ONNX file is. */
import type { InputSignature, Signature } from '@malachite/onnx';
import type { Command } from '../cli/command.ts';
import { renderTable } from '../cli/table.ts';
import { readModelFile } from '../model-file/read-model-file.ts';

type Inspected = Signature & {
  readonly sizeBytes: number;
  /** What is changed in the graph before it is served, in words. */
  readonly rewritten: readonly string[];
  /** Who answers when it is served, and why. */
  readonly evaluation: string;
};

export const inspect: Command = {
  name: 'inspect',
  describe: 'Show signature, producer, operators and metadata of an ONNX model.',
  arguments: [['<model>', 'An ONNX file, or an MLflow model folder with the onnx flavour.']],
  options: [],
  example: 'malachite inspect best_model.onnx --query "inputs[].columns[].name"',
  text: inspectedText,
  async run({ arguments: [path = ''] }): Promise<Inspected> {
    const bytes = await readModelFile(path);
    // Loaded as for serving, so that what is shown of a model is shown of one that can be served; in a process of its own, since a few
    // models end the one that loads them.
    const { startInstance } = await import('@malachite/scoring');
    const instance = startInstance();
    try {
      instance.load(bytes);
      const { signature, rewritten, evaluation } = await instance.ready;
      return { sizeBytes: bytes.length, ...signature, rewritten, evaluation };
    } finally {
      instance.retire();
    }
  },
};

function inspectedText(model: Inspected): string {
  const facts: [string, string][] = [
    ['task', model.task],
    ['producer', `${model.producer.name} ${model.producer.version}`.trim()],
    ['size', `${model.sizeBytes} bytes`],
    ['ir version', String(model.irVersion)],
    [
      'opsets',
      Object.entries(model.opsets)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    [
      'operators',
      Object.entries(model.operators)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ],
    ...Object.entries(model.autoML ?? {}),
  ];
  if (model.classes) facts.push(['classes', model.classes.join(', ')]);
  if (model.target) facts.push(['predicts', model.target]);
  facts.push(['evaluated by', model.evaluation]);
  if (model.batch !== null) facts.push(['batch', `${model.batch} (fixed)`]);
  const width = Math.max(...facts.map(([name]) => name.length));
  const inputs = model.inputs.flatMap((input) =>
    isTensor(input)
      ? [[input.name, tensorText(input), '', '', '']]
      : input.columns.map((column) => [
          column.name,
          input.elementType,
          column.type,
          column.nullable ? 'yes' : 'no',
          column.categories?.join(', ') ?? '',
        ]),
  );
  return [
    facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'),
    renderTable(['input', 'tensor', 'type', 'may be missing', 'values seen'], inputs),
    renderTable(
      ['output', 'tensor', 'role'],
      model.outputs.map(({ name, elementType, role }) => [name, elementType, role]),
    ),
    model.rewritten.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Wider matrices whose columns have no names of their own are one line. */
const MOST_COLUMNS = 50;

/** It is told as a whole, not column by column. */
function isTensor({ name, columns, dims }: InputSignature): boolean {
  const isWide = columns.length > MOST_COLUMNS && columns.every((column, i) => column.name === `${name}_${i}`);
  return columns.length === 0 || dims.length > 2 || isWide;
}

/** `float[n, 3, 8, 8]`; a size that is free is `k`, and must not be under what the graph reads. */
function tensorText({ elementType, dims, leastWidth }: InputSignature): string {
  const sizes = dims.slice(1).map((size) => size ?? 'k');
  const least = dims.length === 2 && leastWidth !== undefined ? `, k >= ${leastWidth}` : '';
  return `${elementType}[${['n', ...sizes].join(', ')}]${least}`;
}
