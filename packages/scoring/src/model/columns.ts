/** The model's raw columns, and where each one's values go. */
import { MalachiteError } from '@malachite/core/errors';
import type { ColumnSignature, InputSignature, Signature } from '@malachite/onnx';

export interface ColumnPlan {
  readonly signature: ColumnSignature;
  /** The name with everything but letters, digits and `_` replaced, as exporters spell it: `emp.var.rate` -> `emp_var_rate`. */
  readonly spelling: string;
  /** Which graph input takes it, how many values a row of that input has, and which of them this column is. */
  readonly input: number;
  readonly width: number;
  readonly offset: number;
}

export function planColumns(signature: Signature): ColumnPlan[] {
  return signature.inputs.flatMap((input, index) =>
    input.columns.map((column, offset) => ({
      signature: column,
      spelling: spelling(column.name),
      input: index,
      width: input.columns.length,
      offset,
    })),
  );
}

/** The one input of a model that leaves the number of its columns open, if it is such a model. */
export function openMatrix(signature: Signature): InputSignature | undefined {
  const [only, ...others] = signature.inputs;
  return others.length === 0 && only?.columns.length === 0 ? only : undefined;
}

/** How exporters spell a column name. */
export function spelling(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/**
 * The keys under which the caller gives each column: its own name, or any other that is spelled the same.
 *
 * @throws InvalidInput naming the columns that are not there, and those that are and mean nothing to the model.
 */
export function findColumns(columns: readonly ColumnPlan[], given: readonly string[], where: string): string[] {
  const names = new Set(given);
  let respelled: Map<string, string> | undefined;
  const missing: string[] = [];
  const found = columns.map((column) => {
    if (names.has(column.signature.name)) return column.signature.name;
    respelled ??= new Map(given.map((name) => [spelling(name), name]));
    const other = respelled.get(column.spelling);
    if (other === undefined) missing.push(column.signature.name);
    return other ?? '';
  });
  if (missing.length === 0) return found;
  const used = new Set(found);
  const unknown = given.filter((name) => !used.has(name));
  const hint = unknown.length === 0 ? '' : ` Not known to the model: ${quoted(unknown)}.`;
  throw new MalachiteError('InvalidInput', `${where} has no column ${quoted(missing)}.${hint}`);
}

/** At most five names; a caller who got all wrong needs no page of them. */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${short(name)}"`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}

/** A value as a message may repeat it. */
export function short(value: unknown): string {
  const text = typeof value === 'object' ? json(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What is nested without end, or holds an integer that JSON has no number for, is named by its kind. */
function json(value: object | null): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
}
