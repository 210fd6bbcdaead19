/** The signature of a model out of its `MLmodel`: https://mlflow.org/docs/latest/ml/model/signatures/ */
import type { ModelSignature } from '@malachite/core';
import { parse } from 'yaml';

type Column = {
  readonly name?: string;
  readonly type?: string;
  readonly 'tensor-spec'?: { readonly dtype?: string };
};
type MLmodel = {
  readonly signature?: { readonly inputs?: string; readonly outputs?: string };
  /** Of a model that Malachite made; Azure writes neither the task nor the classes. */
  readonly metadata?: { readonly task?: string; readonly classes?: ModelSignature['classes'] | null };
};

/** @returns Null for a text that tells none. */
export function signatureIn(text: string): ModelSignature | null {
  const { signature, metadata } = readYaml(text);
  const [inputs, outputs] = [columnsIn(signature?.inputs), columnsIn(signature?.outputs)];
  if (inputs.length === 0) return null;
  const { task, classes } = metadata ?? {};
  return {
    task: task === 'classification' || task === 'regression' ? task : 'unknown',
    inputs: inputs.map(({ name = '', type = '' }) => ({ name, type: types[type] ?? 'string' })),
    outputs: outputs.map((column, i) => ({
      name: column.name ?? `output_${i}`,
      type: column['tensor-spec']?.dtype ?? column.type ?? 'string',
    })),
    ...(classes && { classes }),
  };
}

/** What an MLmodel of Azure's leaves open, out of the text of its trial's `confusion_matrix`; undefined for another text, or none. */
export function classesIn(text: string): string[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { class_labels?: unknown } };
    return Array.isArray(data?.class_labels) ? data.class_labels.map(String) : undefined;
  } catch {
    return undefined;
  }
}

const types: Readonly<Record<string, ModelSignature['inputs'][number]['type']>> = {
  long: 'integer',
  integer: 'integer',
  double: 'number',
  float: 'number',
  boolean: 'boolean',
};

/** MLflow writes YAML 1.1, as Python does. */
function readYaml(text: string): MLmodel {
  try {
    return (parse(text, { version: '1.1' }) ?? {}) as MLmodel;
  } catch {
    return {};
  }
}

/** A list of columns is JSON inside the YAML. */
function columnsIn(text: string | undefined): Column[] {
  try {
    const columns: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(columns) ? (columns as Column[]) : [];
  } catch {
    return [];
  }
}
