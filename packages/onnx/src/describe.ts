/** Reads the signature out of a sound graph. */
import { MalachiteError } from '@malachite/core/errors';
import { allNodes } from './check.ts';
import { classesOf } from './classes.ts';
import { type ClassLabel, type EmbeddedColumn, type EmbeddedSignature, embeddedSignature } from './embedded-signature.ts';
import { consumers, fedInputs, isDefaultDomain, type TensorInfo, tensorInfo } from './graph-reading.ts';
import { type ColumnHints, columnHints, matrixColumnHints } from './hints.ts';
import { leastWidth } from './least-width.ts';
import type { ElementTypeName, GraphProto, ModelProto, NodeProto, ValueInfo } from './proto.ts';
import type { ColumnSignature, ColumnType, InputSignature, OutputRole, OutputSignature, Signature, Task } from './signature.ts';

/**
 * @param zipMapLabels the labels that ZipMaps, removed before, were keyed by
 * @throws NotSupported when an input or output is not a tensor of a plain type
 */
export function describe(model: ModelProto, graph: GraphProto, zipMapLabels: ReadonlyMap<string, ClassLabel[]>): Signature {
  const embedded = embeddedSignature(model);
  const users = consumers(graph);
  const inputs = fedInputs(graph).map((input) => inputSignature(input, graph, users, embedded));
  requireKnownWidths(inputs);
  const outputs = outputSignatures(graph);
  const task = embedded?.task ?? taskOf(outputs);
  const classes = embedded?.classes ?? (task === 'classification' ? classLabels(graph, outputs, zipMapLabels) : undefined);
  const autoML = autoMLWords(model.docString);
  return {
    task,
    inputs,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    ...(embedded?.target === undefined ? {} : { target: embedded.target }),
    batch: fixedBatch(inputs),
    producer: { name: model.producerName ?? '', version: model.producerVersion ?? '' },
    irVersion: Number(model.irVersion ?? 0),
    opsets: Object.fromEntries(model.opsetImport.map(({ domain, version }) => [domain || 'ai.onnx', Number(version ?? 1)])),
    operators: countOperators(graph),
    ...(autoML === undefined ? {} : { autoML }),
    docString: model.docString ?? '',
    metadata: Object.fromEntries(model.metadataProps.map(({ key = '', value = '' }) => [key, value])),
  };
}

function inputSignature(
  input: ValueInfo,
  graph: GraphProto,
  users: Map<string, NodeProto[]>,
  embedded: EmbeddedSignature | undefined,
): InputSignature {
  const name = input.name ?? '';
  const { elementType: tensorType, dims = [null, null] } = requireTensor(input, 'input');
  if (dims.length === 0) throw new MalachiteError('NotSupported', `Input "${name}" is a single number, not a column of rows.`);
  const hints = columnHints(graph, users, name);
  const foreign = embedded === undefined;
  const missingText = foreign ? (hints.missingText ?? 'None') : '';
  const tensor = { name, elementType: tensorType, dims, missingText, fullDates: foreign && hints.isDate };
  const nullable = !foreign || hasMissingSpelling(tensorType) || hints.replacesMissingInteger;
  if (isColumn(dims)) {
    const told = embedded?.columns.find((column) => column.input === name);
    return { ...tensor, columns: [told === undefined ? hintedColumn(name, tensorType, nullable, hints) : toldColumn(told)] };
  }
  // A free width (some exporters leave it open) gives no columns: rows of any one length that the graph can read are taken.
  const width = dims.slice(1).reduce<number>((product, size) => product * (size ?? 0), 1);
  if (width * (dims[0] ?? 1) > MOST_VALUES) {
    throw new MalachiteError(
      'NotSupported',
      `Input "${name}" is a tensor [${dims.map((size) => size ?? 'n').join(', ')}]: more than ${MOST_VALUES} values a run, which no table of rows has.`,
    );
  }
  const columns = Array.from({ length: width }, (_, i): ColumnSignature => {
    const known = width <= MOST_HINTED ? matrixColumnHints(graph, users, name, i) : undefined;
    const column = `${name}_${i}`;
    return known === undefined
      ? { name: column, type: columnType(tensorType), nullable }
      : hintedColumn(column, tensorType, nullable, { ...known, isDate: false });
  });
  if (columns.length > 0) return { ...tensor, columns };
  const fixed = dims.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
  return { ...tensor, columns, leastWidth: dims.length > 2 ? fixed : leastWidth(graph, users, name) };
}

/** Rows of one list set a free width; of several inputs nothing says which values are whose. */
function requireKnownWidths(inputs: readonly InputSignature[]): void {
  const open = inputs.find(({ columns }) => columns.length === 0);
  if (open === undefined || inputs.length === 1) return;
  throw new MalachiteError(
    'NotSupported',
    `Input "${open.name}" is a tensor [${open.dims.map((size) => size ?? 'n').join(', ')}] of free width beside other inputs; export the model with fixed widths.`,
  );
}

/** Every column of a matrix has a name and a place in the OpenAPI document; images and sounds are not served as tables. */
const MOST_VALUES = 1_000_000;

/** In wider matrices the columns are not looked at one by one. */
const MOST_HINTED = 1000;

/** More categories than this are an index of words or ids, not a list to show. */
const MOST_CATEGORIES = 100;

function hintedColumn(name: string, tensorType: ElementTypeName, nullable: boolean, hints: ColumnHints): ColumnSignature {
  const type = hints.isDate ? 'date' : columnType(tensorType);
  const texts = type === 'string' && (hints.categories?.length ?? 0) <= MOST_CATEGORIES ? hints.categories : undefined;
  const first = type === 'integer' || type === 'number' ? Number(hints.categories?.[0]) : texts?.[0];
  const example = hints.example ?? (Number.isNaN(first) ? undefined : first);
  return {
    name,
    type,
    nullable,
    ...(texts === undefined ? {} : { categories: texts }),
    ...(example === undefined ? {} : { example: type === 'integer' ? Math.round(Number(example)) : example }),
  };
}

/** Text and floats can always say "missing"; integers and booleans only where the graph looks for a marker. */
function hasMissingSpelling(type: ElementTypeName): boolean {
  return type === 'string' || type === 'float' || type === 'double' || type === 'float16' || type === 'bfloat16';
}

function toldColumn({ name, type, categories, example }: EmbeddedColumn): ColumnSignature {
  return {
    name,
    type,
    nullable: true,
    ...(categories === undefined ? {} : { categories }),
    ...(example === undefined ? {} : { example }),
  };
}

/** `[n]` and `[n, 1]` hold one value a row. `[1]` alone is a batch of one row. */
function isColumn(dims: readonly (number | null)[]): boolean {
  return dims.length === 1 || (dims.length === 2 && dims[1] === 1);
}

function columnType(type: ElementTypeName): ColumnType {
  if (type === 'string') return 'string';
  if (type === 'bool') return 'boolean';
  return type.includes('int') ? 'integer' : 'number';
}

/** The fixed number of rows, when every input that fixes one fixes the same. */
function fixedBatch(inputs: readonly InputSignature[]): number | null {
  const sizes = new Set(inputs.map(({ dims }) => dims[0] ?? null).filter((size) => size !== null));
  return sizes.size === 1 ? ([...sizes][0] as number) : null;
}

function outputSignatures(graph: GraphProto): OutputSignature[] {
  const infos = graph.output.map((output) => ({ name: output.name ?? '', ...requireTensor(output, 'output') }));
  const roles = outputRoles(infos);
  return infos.map(({ name, elementType, dims }, i) => ({ name, role: roles[i] as OutputRole, elementType, dims }));
}

/**
 * Which output is the label, which the probabilities, which the predicted numbers. Exporters agree on no name (`output_label`,
 * `label_out`, `variable`, `output_probabity` [sic]), but on an order and on types: a label comes first and is text or an integer,
 * or has "label" in its name; probabilities stand beside a label, or have "prob" in their name, and are not distances or scores.
 * Without either, the first float output is the prediction, of one number a row or of several.
 */
function outputRoles(outputs: readonly (TensorInfo & { name: string })[]): OutputRole[] {
  const isFloat = outputs.map(({ elementType }) => elementType === 'float' || elementType === 'double');
  const isWide = outputs.map(({ dims }, i) => isFloat[i] === true && (dims?.length ?? 0) >= 2 && dims?.at(-1) !== 1);
  const label = outputs.findIndex(({ name }, i) => isFloat[i] === false || (/label|class/i.test(name) && isWide[i] === false));
  const probabilities = outputs.findIndex(
    ({ name, dims }, i) =>
      i !== label &&
      isFloat[i] === true &&
      // One probability a row without a label, as networks answer it, is a number.
      ((/prob/i.test(name) && (label >= 0 || dims === undefined || isWide[i] === true)) ||
        (label >= 0 && isWide[i] === true && !/score|dist|decision/i.test(name))),
  );
  const classifies = label >= 0 && (probabilities >= 0 || !isFloat[label]);
  const value = classifies || probabilities >= 0 ? -1 : isFloat.indexOf(true);
  return outputs.map((_, i) => {
    if (i === probabilities) return 'probabilities';
    if (i === label && classifies) return 'label';
    return i === value ? 'value' : 'other';
  });
}

function taskOf(outputs: readonly OutputSignature[]): Task {
  if (outputs.some(({ role }) => role === 'label' || role === 'probabilities')) return 'classification';
  return outputs.some(({ role }) => role === 'value') ? 'regression' : 'unknown';
}

/** The labels by any of the ways, when their number fits the probabilities. */
function classLabels(
  graph: GraphProto,
  outputs: readonly OutputSignature[],
  zipMapLabels: ReadonlyMap<string, ClassLabel[]>,
): ClassLabel[] | undefined {
  const label = outputs.find(({ role }) => role === 'label');
  const probabilities = outputs.find(({ role }) => role === 'probabilities');
  const width = probabilities?.dims?.[1] ?? null;
  const fits = (labels: ClassLabel[] | undefined): boolean =>
    labels !== undefined && labels.length > 0 && (width === null || labels.length === width);
  const found = [zipMapLabels.get(probabilities?.name ?? ''), label && classesOf(graph, label.name)].find(fits);
  return found;
}

function requireTensor(value: ValueInfo, what: string): TensorInfo {
  const info = tensorInfo(value);
  if (info !== undefined) return info;
  const kind = value.type?.sequenceType ? 'a sequence' : value.type?.mapType ? 'a map' : 'of a type unknown here';
  throw new MalachiteError(
    'NotSupported',
    `The model's ${what} "${value.name}" is ${kind}; tensors of numbers or text are supported.`,
  );
}

function countOperators(graph: GraphProto): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { domain, opType = '' } of allNodes(graph)) {
    const name = isDefaultDomain(domain) ? opType : `${domain}:${opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Azure AutoML's `doc_string` is a JSON object of texts; any other text is only that. */
function autoMLWords(docString: string | undefined): Record<string, string> | undefined {
  if (!docString?.startsWith('{')) return undefined;
  try {
    const words: unknown = JSON.parse(docString);
    if (typeof words !== 'object' || words === null || !('AutoMLSDKVer' in words)) return undefined;
    return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, String(value)]));
  } catch {
    return undefined;
  }
}
