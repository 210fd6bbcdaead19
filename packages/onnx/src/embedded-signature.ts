/** The signature that Malachite's own exports carry in `metadata_props`, so that a file says how its raw columns were called. */
import { MalachiteError } from '@malachite/core/errors';
import type { ModelProto } from './proto.ts';

/** The key in `metadata_props`. */
export const SIGNATURE_KEY = 'malachite.signature';

export type ClassLabel = string | number | boolean;

export interface EmbeddedColumn {
  /** As the training data called it: `emp.var.rate`. */
  name: string;
  /** The graph input that takes it: `emp_var_rate`. */
  input: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** Values seen in training, where they are few. */
  categories?: string[];
  /** Its value in one row of the training data. */
  example?: string | number | boolean | null;
}

/** Missing values enter such a graph as NaN, as the smallest int64 and as `''`. */
export interface EmbeddedSignature {
  task: 'classification' | 'regression';
  target?: string;
  columns: EmbeddedColumn[];
  /** In the order of the probability columns. */
  classes?: ClassLabel[];
}

/** The `metadata_props` entry that holds the signature: `graph.toModel({ …, metadata: embedSignature(signature) })`. */
export function embedSignature(signature: EmbeddedSignature): Record<string, string> {
  return { [SIGNATURE_KEY]: JSON.stringify(signature) };
}

/**
 * The embedded signature of a model, or undefined when it carries none.
 *
 * @throws InvalidInput when there is one and it cannot be read: guessing instead would feed columns wrongly.
 */
export function embeddedSignature(model: ModelProto): EmbeddedSignature | undefined {
  const text = model.metadataProps.find((entry) => entry.key === SIGNATURE_KEY)?.value;
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new MalachiteError('InvalidInput', `The model's ${SIGNATURE_KEY} entry is not JSON.`, { cause });
  }
  if (!isSignature(parsed)) {
    throw new MalachiteError('InvalidInput', `The model's ${SIGNATURE_KEY} entry has no "columns" list of {name, input, type}.`);
  }
  return parsed;
}

function isSignature(value: unknown): value is EmbeddedSignature {
  const columns = (value as { columns?: unknown } | null)?.columns;
  return Array.isArray(columns) && columns.every(isColumn);
}

function isColumn(value: unknown): value is EmbeddedColumn {
  const column = value as Partial<EmbeddedColumn> | null;
  return typeof column?.name === 'string' && typeof column.input === 'string' && typeof column.type === 'string';
}
