/**
 * Whole ONNX models: one [n, 1] input a raw column in, label and probabilities (or a value) out. Opset 17, ai.onnx.ml 3, IR 8:
 * ONNX Runtime 1.16 and newer load them.
 */
import { type EmbeddedColumn, type EmbeddedSignature, embedSignature, encodeModel, GraphBuilder } from '@malachite/onnx';
import type { RawColumn } from '../featurization/raw-inputs.ts';
import { type FeaturizationSummaryRow, featurizationSummary } from '../featurization/summary.ts';
import type { ClassLabel, Task } from '../learners/learner.ts';
import { type Emitted, emitPipeline, type FittedPipeline } from './pipeline.ts';

export type ExportOptions = {
  /** The name of the predicted column, for the signature. */
  readonly targetName?: string;
  /** Default `Malachite_AutoML`. */
  readonly graphName?: string;
  readonly docString?: string;
  /** Further `metadata_props`, e.g. a run id. */
  readonly metadata?: Readonly<Record<string, string>>;
};

export type ExportedPipeline = {
  /** The bytes of a complete model. */
  readonly onnx: Uint8Array;
  /** Azure ML's `featurization_summary.json`. */
  readonly featurizationSummary: readonly FeaturizationSummaryRow[];
  /** Azure ML's `engineered_feature_names.json`. */
  readonly engineeredFeatureNames: readonly string[];
};

/** What a complete model is made from: anything that turns raw columns into a prediction, a pipeline or an ensemble of models. */
export type Exportable = {
  readonly task: Task;
  /** In the order of the probabilities; empty for regression. */
  readonly classes: readonly ClassLabel[];
  readonly columns: readonly RawColumn[];
  /** @param inputs raw column name -> its value [n, 1] in the graph. */
  emit(graph: GraphBuilder, inputs: ReadonlyMap<string, string>): Emitted;
};

/** A fitted pipeline as a complete ONNX model, with what Azure ML tells beside it about the featurization. */
export function exportPipeline(fitted: FittedPipeline, options: ExportOptions = {}): ExportedPipeline {
  const { task, classes, featurization } = fitted;
  const emit: Exportable['emit'] = (graph, inputs) => emitPipeline(fitted, graph, inputs);
  return {
    onnx: exportModel({ task, classes, columns: featurization.columns, emit }, options),
    ...featurizationSummary(featurization),
  };
}

/**
 * The bytes of a complete ONNX model: inputs are the raw columns; outputs `label` [n] and `probabilities` [n, classes], or
 * `variable` [n, 1] for regression; the signature stands in `metadata_props`.
 */
export function exportModel({ task, classes, columns, emit }: Exportable, options: ExportOptions = {}): Uint8Array {
  const graph = new GraphBuilder();
  const prediction = emit(
    graph,
    new Map(columns.map((column) => [column.name, graph.input(column.onnxName, column.type, [null, 1])])),
  );
  const signature: EmbeddedSignature = { task, columns: columns.map(embeddedColumn) };
  if (options.targetName !== undefined) signature.target = options.targetName;
  if (prediction.probabilities !== undefined) {
    const label = emitLabel(graph, graph.node('ArgMax', [prediction.probabilities], { axis: 1, keepdims: 0 }), classes);
    graph.output(label.value, 'label', label.type, [null]);
    graph.output(prediction.probabilities, 'probabilities', 'float', [null, classes.length]);
    signature.classes = [...classes];
  }
  if (prediction.value !== undefined) graph.output(prediction.value, 'variable', 'float', [null, 1]);
  return encodeModel(
    graph.toModel({
      graphName: options.graphName ?? 'Malachite_AutoML',
      producerName: 'Malachite',
      producerVersion: '0.1.0',
      docString: options.docString,
      metadata: { ...options.metadata, ...embedSignature(signature) },
    }),
  );
}

/** The text of a class label as the label output gives it: booleans as Azure ML writes them, `True` and `False`. */
export function labelText(label: ClassLabel): string {
  return typeof label === 'boolean' ? (label ? 'True' : 'False') : String(label);
}

/** Whole-number labels come out as int64, all others as text. */
function emitLabel(
  graph: GraphBuilder,
  index: string,
  classes: readonly ClassLabel[],
): { type: 'int64' | 'string'; value: string } {
  const keys = { keys_int64s: classes.map((_, i) => i) };
  const domain = { domain: 'ai.onnx.ml' } as const;
  if (!classes.every((label) => Number.isSafeInteger(label))) {
    const attributes = { ...keys, values_strings: { strings: classes.map(labelText) }, default_string: '' };
    return { type: 'string', value: graph.node('LabelEncoder', [index], attributes, domain) };
  }
  if (classes.every((label, i) => label === i)) return { type: 'int64', value: index };
  return {
    type: 'int64',
    value: graph.node('LabelEncoder', [index], { ...keys, values_int64s: classes.map(Number), default_int64: -1 }, domain),
  };
}

function embeddedColumn({ name, onnxName, type, source, categories, example }: RawColumn): EmbeddedColumn {
  const column: EmbeddedColumn = { name, input: onnxName, type: columnType(type, source), example };
  if (categories !== undefined) column.categories = [...categories];
  return column;
}

function columnType(type: RawColumn['type'], source: RawColumn['source']): EmbeddedColumn['type'] {
  if (type === 'int64') return 'integer';
  if (type === 'float') return 'number';
  return source === 'boolean' ? 'boolean' : source === 'string' ? 'string' : 'date';
}
