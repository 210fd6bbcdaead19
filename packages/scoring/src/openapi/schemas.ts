/** The schemas of a model's input and output, derived from its signature. */
import type { ClassLabel, ColumnSignature, Signature } from '@malachite/onnx';

export type SwaggerVersion = '2' | '3' | '3.1';

/** The body form that the document describes; the server takes the others too. */
export type DocumentedForm = 'v1' | 'v2';

export type Schema = Readonly<Record<string, unknown>>;

export interface ServiceSchemas {
  input: Schema;
  output: Schema;
}

export function serviceSchemas(signature: Signature, form: DocumentedForm, version: SwaggerVersion): ServiceSchemas {
  const table = { type: 'array', items: rowSchema(signature, version), format: 'pandas.DataFrame:records' };
  const rows = [exampleRow(signature)];
  const method = { type: 'string' };
  if (form === 'v1') {
    return {
      input: {
        type: 'object',
        properties: { data: table, method },
        example: { data: rows, method: 'predict' },
      },
      output: {
        type: 'string',
        description: 'JSON text of an object: its "result" has one entry a row.',
        example: JSON.stringify({ result: [exampleResult(signature)] }),
      },
    };
  }
  const results = { type: 'array', items: resultSchema(signature), format: 'numpy.ndarray' };
  return {
    input: {
      type: 'object',
      properties: {
        Inputs: { type: 'object', required: ['data'], properties: { data: table } },
        GlobalParameters: { type: 'object', required: ['method'], properties: { method } },
      },
      example: { Inputs: { data: rows }, GlobalParameters: { method: 'predict' } },
    },
    output: {
      type: 'object',
      required: ['Results'],
      properties: { Results: results },
      example: { Results: [exampleResult(signature)] },
    },
  };
}

/** A row that the model takes: the examples it carries or hints at, a plain value of the type for the rest. */
export function exampleRow(signature: Signature): unknown {
  const columns = signature.inputs.flatMap((input) => input.columns);
  const [{ leastWidth = 0, elementType = 'float' } = {}] = signature.inputs;
  if (columns.length === 0) return Array.from({ length: leastWidth }, () => (elementType === 'string' ? 'example_value' : 0));
  if (isMatrix(signature)) return columns.map((column) => exampleValue(column));
  return Object.fromEntries(columns.map((column) => [column.name, exampleValue(column)]));
}

function exampleValue({ type, example, categories }: ColumnSignature): unknown {
  if (example !== undefined && example !== null) return example;
  if (type === 'string') return categories?.[0] ?? 'example_value';
  if (type === 'date') return '2024-02-29 00:00:00';
  return type === 'boolean' ? false : 0;
}

function rowSchema(signature: Signature, version: SwaggerVersion): Schema {
  const columns = signature.inputs.flatMap((input) => input.columns);
  if (isMatrix(signature)) {
    const [first] = columns;
    const size = first === undefined ? {} : { minItems: columns.length, maxItems: columns.length };
    return { type: 'array', items: first === undefined ? { type: 'number' } : columnSchema(first, version), ...size };
  }
  return {
    type: 'object',
    required: columns.map(({ name }) => name),
    properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column, version)])),
  };
}

/** One tensor of many values a row, whose columns have no names of their own. */
function isMatrix({ inputs: [only, ...others] }: Signature): boolean {
  return only !== undefined && others.length === 0 && only.columns.length !== 1;
}

const columnTypes = {
  string: { type: 'string' },
  date: { type: 'string', description: 'A date, such as 2024-02-29 or 2024-02-29 13:45:00.' },
  integer: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
} as const;

/** Categories are words, not an enumeration: a value that training never saw is answered too. */
function columnSchema({ type, nullable, categories }: ColumnSignature, version: SwaggerVersion): Schema {
  const schema: Record<string, unknown> = { ...columnTypes[type] };
  if (categories !== undefined) schema.description = `Known in training: ${categories.join(', ')}.`;
  if (!nullable) return schema;
  if (version === '2') return { ...schema, 'x-nullable': true };
  return version === '3' ? { ...schema, nullable: true } : { ...schema, type: [schema.type, 'null'] };
}

function resultSchema(signature: Signature): Schema {
  return { type: typeof exampleResult(signature) === 'string' ? 'string' : 'number' };
}

function exampleResult(signature: Signature): ClassLabel {
  const label = signature.outputs.find(({ role }) => role === 'label');
  return signature.classes?.[0] ?? (label?.elementType === 'string' ? 'example_value' : 0);
}
