/** What a caller must know of a model: what it takes, what it answers, where it came from. */
import type { ClassLabel } from './embedded-signature.ts';
import type { ElementTypeName } from './proto.ts';

export type Task = 'classification' | 'regression' | 'unknown';

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'date';

/** One raw column. */
export interface ColumnSignature {
  /** As the data calls it, where the model tells; otherwise the name of the graph input. */
  name: string;
  type: ColumnType;
  /** A missing value has a meaning to the model. */
  nullable: boolean;
  categories?: string[];
  example?: string | number | boolean | null;
}

/** One tensor the graph takes. */
export interface InputSignature {
  name: string;
  elementType: ElementTypeName;
  /** The declared shape; null is free. The first dimension counts rows. */
  dims: (number | null)[];
  /** One column for a `[n]` or `[n, 1]` tensor, k for a `[n, k]` matrix, empty when k is free. */
  columns: ColumnSignature[];
  /** Of a matrix whose width is free: how many values a row must have at least, so that the graph finds all that it reads. */
  leastWidth?: number;
  /** What stands for a missing value in a text tensor: `''` in our own exports, in others what the graph replaces, else `None` (Python's word). */
  missingText: string;
  /** The graph cuts the text as `YYYY-MM-DD HH:MM:SS`, so dates of any other spelling must be rewritten to it first. */
  fullDates: boolean;
}

export type OutputRole = 'label' | 'probabilities' | 'value' | 'other';

export interface OutputSignature {
  name: string;
  role: OutputRole;
  elementType: ElementTypeName;
  dims: (number | null)[] | undefined;
}

export interface Signature {
  task: Task;
  inputs: InputSignature[];
  outputs: OutputSignature[];
  /** In the order of the probability columns, where the graph tells. */
  classes?: ClassLabel[];
  /** The name of the column that the model predicts, where the model tells. */
  target?: string;
  /** The number of rows that every run must have, for graphs exported with a fixed batch; null when free. */
  batch: number | null;
  producer: { name: string; version: string };
  irVersion: number;
  /** Domain -> version; the default domain is `ai.onnx`. */
  opsets: Record<string, number>;
  /** Operator -> how often, operators outside ai.onnx as `domain:Operator`. */
  operators: Record<string, number>;
  /** What Azure AutoML writes in `doc_string`: AutoMLSDKVer, ExperimentName, RunId, PipeId. */
  autoML?: Record<string, string>;
  docString: string;
  metadata: Record<string, string>;
}
