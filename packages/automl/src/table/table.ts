/**
 * The columnar table that training reads: typed arrays over SharedArrayBuffer, so that every worker thread sees the
 * same bytes without a copy. Strings are dictionary-encoded.
 */
import { MalachiteError } from '@malachite/core';

/** A number column. `values` has one float64 a row; NaN is a missing value. */
export type NumericColumn = {
  readonly kind: 'numeric';
  readonly name: string;
  /** True when every value is a whole number and none is missing: such a column is int64 on the wire and in ONNX. */
  readonly integer: boolean;
  readonly values: Float64Array<SharedArrayBuffer>;
};

/** A text column (also booleans as `True`/`False` and dates as ISO text). `codes` has one index into `dictionary` a row; -1 is a missing value. */
export type StringColumn = {
  readonly kind: 'string';
  readonly name: string;
  /** What the source held, before it became text. */
  readonly source: 'string' | 'boolean' | 'date' | 'timestamp';
  readonly codes: Int32Array<SharedArrayBuffer>;
  /** Distinct values in order of first appearance; a value may be unused after rows were taken away. */
  readonly dictionary: readonly string[];
};

export type Column = NumericColumn | StringColumn;

export type Table = {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** What reading had to change, a sentence each. */
  readonly notes?: readonly string[];
};

/** A number column from plain values; `null`, `undefined` and NaN are missing. Whole numbers without a hole make it `integer`. */
export function numericColumn(name: string, source: ArrayLike<number | null | undefined>): NumericColumn {
  const values = new Float64Array(new SharedArrayBuffer(8 * source.length));
  let integer = source.length > 0;
  for (let row = 0; row < values.length; row++) {
    const value = source[row] ?? Number.NaN;
    values[row] = value;
    if (!Number.isSafeInteger(value)) integer = false;
  }
  return { kind: 'numeric', name, integer, values };
}

/** A text column from plain values; `null` and `undefined` are missing, and so is the empty string (as Azure counts it). */
export function stringColumn(
  name: string,
  texts: ArrayLike<string | null | undefined>,
  source: StringColumn['source'] = 'string',
): StringColumn {
  const codes = new Int32Array(new SharedArrayBuffer(4 * texts.length));
  const codeOf = new Map<string, number>();
  for (let row = 0; row < codes.length; row++) {
    const text = texts[row];
    if (text === null || text === undefined || text === '') {
      codes[row] = -1;
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(text, code);
    }
    codes[row] = code;
  }
  return { kind: 'string', name, source, codes, dictionary: [...codeOf.keys()] };
}

/** Columns by name of the tables that were asked: of thousands, each would otherwise be looked for among all. */
const namedColumns = new WeakMap<Table, ReadonlyMap<string, Column>>();

/** The column of that name, or undefined. */
export function columnNamed(table: Table, name: string): Column | undefined {
  const known = namedColumns.get(table);
  if (known !== undefined) return known.get(name);
  const columns = new Map(table.columns.toReversed().map((column) => [column.name, column]));
  namedColumns.set(table, columns);
  return columns.get(name);
}

/** Characters of a text that are about a word, and take as long to learn from as a number. */
const charactersOfValue = 8;

/** What a row holds, on average: one value a column, and of a long text one a word. */
export function valuesOfRow({ columns }: Table): number {
  return columns.reduce((sum, column) => {
    if (column.kind === 'numeric' || column.dictionary.length === 0) return sum + 1;
    const characters = column.dictionary.reduce((total, text) => total + text.length, 0) / column.dictionary.length;
    return sum + Math.max(1, characters / charactersOfValue);
  }, 0);
}

/** The rows at `indices`, in that order, in new shared buffers; dictionaries are kept as they are. */
export function takeRows(table: Table, indices: ArrayLike<number>): Table {
  return { rowCount: indices.length, columns: table.columns.map((column) => takeColumn(column, indices)) };
}

function takeColumn(column: Column, indices: ArrayLike<number>): Column {
  if (column.kind === 'numeric') {
    const values = new Float64Array(new SharedArrayBuffer(8 * indices.length));
    for (let i = 0; i < values.length; i++) values[i] = column.values[indices[i] as number] as number;
    return { ...column, values };
  }
  const codes = new Int32Array(new SharedArrayBuffer(4 * indices.length));
  for (let i = 0; i < codes.length; i++) codes[i] = column.codes[indices[i] as number] as number;
  return { ...column, codes };
}

/** The table without the columns named. */
export function dropColumns(table: Table, names: ReadonlySet<string>): Table {
  return { rowCount: table.rowCount, columns: table.columns.filter((column) => !names.has(column.name)) };
}

/**
 * Two tables with the same columns, one below the other; columns are matched by name and ordered as in the first.
 * @throws MalachiteError `InvalidInput` when a column is missing below, or is text in one and number in the other.
 */
export function concatTables(above: Table, below: Table): Table {
  const columns = above.columns.map((upper): Column => {
    const lower = columnNamed(below, upper.name);
    if (!lower) throw new MalachiteError('InvalidInput', `The validation data has no column "${upper.name}".`);
    // A column without a value is of no kind of its own: a file cannot tell.
    if (isEmpty(upper)) return concatColumns(emptyLike(lower, above.rowCount), lower);
    return concatColumns(upper, inKindOf(upper, lower, 'validation'));
  });
  return { rowCount: above.rowCount + below.rowCount, columns };
}

/**
 * A column of further data in the kind that it has in the training data. One without a value is of no kind of its own; where
 * training had none, no model asks for it.
 * @param what The further data: `validation` or `test`.
 * @throws MalachiteError `InvalidInput` when it is text in one and number in the other.
 */
export function inKindOf(training: Column, column: Column, what: string): Column {
  if (training.kind === column.kind) return column;
  if (isEmpty(column) || isEmpty(training))
    return emptyLike(training, column.kind === 'numeric' ? column.values.length : column.codes.length);
  const [text, number] = training.kind === 'string' ? ['training', what] : [what, 'training'];
  const sentence = `Column "${column.name}" holds text in the ${text} data and numbers in the ${number} data.`;
  throw new MalachiteError('InvalidInput', sentence);
}

/** Whether no row has a value. */
function isEmpty(column: Column): boolean {
  return column.kind === 'numeric' ? column.values.every(Number.isNaN) : column.codes.every((code) => code < 0);
}

function emptyLike({ kind, name }: Column, rowCount: number): Column {
  const nothing = new Array<null>(rowCount).fill(null);
  return kind === 'numeric' ? numericColumn(name, nothing) : stringColumn(name, nothing);
}

/** Of two columns of one kind. */
function concatColumns(upper: Column, lower: Column): Column {
  if (upper.kind === 'numeric' && lower.kind === 'numeric') {
    const values = new Float64Array(new SharedArrayBuffer(8 * (upper.values.length + lower.values.length)));
    values.set(upper.values);
    values.set(lower.values, upper.values.length);
    return { ...upper, integer: upper.integer && lower.integer, values };
  }
  const texts = [upper, lower].flatMap((column) =>
    column.kind === 'string' ? Array.from(column.codes, (code) => column.dictionary[code]) : [],
  );
  return stringColumn(upper.name, texts, upper.kind === 'string' ? upper.source : undefined);
}
