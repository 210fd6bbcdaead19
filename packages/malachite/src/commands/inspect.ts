/** What an ONNX file is. */
import type { Signature } from '@malachite/onnx';
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
    input.columns.length === 0
      ? [[input.name, `${input.elementType}[n, k], k >= ${input.leastWidth ?? 1}`, '', '', '']]
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
