/** Predictions as JSON text, in Python's spelling. */
import { MalachiteError } from '@malachite/core/errors';
import type { ClassLabel } from '@malachite/onnx';
import type { Numbers, Prediction } from '../model/prediction.ts';
import { jsonFloat, jsonText } from './python-json.ts';

/** What the caller asked the model for. Anything but `predict_proba` is `predict`, as the real server takes it. */
export type Method = 'predict' | 'predict_proba';

export function methodOf(value: unknown): Method {
  return value === 'predict_proba' ? 'predict_proba' : 'predict';
}

/** One entry a row: a label, a number, or the list of probabilities. @throws InvalidInput for probabilities of a model without any. */
export function resultsJson(prediction: Prediction, method: Method): string {
  const { labels, labelsAreFractions, labelWidth = 1, values, valueWidth = 1, probabilities, rows } = prediction;
  if (method === 'predict_proba') {
    if (probabilities !== undefined) return probabilitiesJson(probabilities, rows);
    throw new MalachiteError('InvalidInput', 'The model gives no probabilities: "predict_proba" is not possible.');
  }
  if (labels !== undefined) {
    const written = labelsJson(labels, labelsAreFractions === true);
    return `[${(labelWidth === 1 ? written : listed(written, labelWidth)).join(', ')}]`;
  }
  if (values !== undefined && valueWidth > 1) return listsJson(values, valueWidth, rows);
  if (values !== undefined) return `[${Array.from(values, jsonFloat).join(', ')}]`;
  throw new MalachiteError('NotSupported', 'The model answers neither a label nor a number.');
}

/** One list a row. */
function listsJson(data: Numbers, width: number, rows: number): string {
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    let line = '[';
    for (let c = 0; c < width; c++) line += (c === 0 ? '' : ', ') + jsonFloat(data[row * width + c] as number);
    lines.push(`${line}]`);
  }
  return `[${lines.join(', ')}]`;
}

/** One list a row; of a model with several targets, one list a target in it. */
function probabilitiesJson({ data, classes, targets = 1 }: NonNullable<Prediction['probabilities']>, rows: number): string {
  if (targets === 1) return listsJson(data, classes, rows);
  return `[${listed(listed(Array.from(data, jsonFloat), classes / targets), targets).join(', ')}]`;
}

/** Every `width` values as one list. */
function listed(values: readonly string[], width: number): string[] {
  return Array.from({ length: values.length / width }, (_, i) => `[${values.slice(i * width, (i + 1) * width).join(', ')}]`);
}

/** Labels are few and come again and again. */
function labelsJson(labels: readonly ClassLabel[], areFractions: boolean): string[] {
  if (labels.length === 1) return [labelJson(labels[0] as ClassLabel, areFractions)];
  const known = new Map<ClassLabel, string>();
  return labels.map((label) => {
    let json = known.get(label);
    if (json === undefined) {
      json = labelJson(label, areFractions);
      known.set(label, json);
    }
    return json;
  });
}

function labelJson(label: ClassLabel, isFraction: boolean): string {
  if (typeof label === 'string') return jsonText(label);
  if (typeof label === 'boolean') return label ? 'true' : 'false';
  return isFraction ? jsonFloat(label) : String(label);
}
