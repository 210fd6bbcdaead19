/** From a request's bytes to the answer's bytes: parse, find the form, decode into columns, run, write. */
import { MalachiteError } from '@malachite/core/errors';
import type { Signature } from '@malachite/onnx';
import type { Answer, ScoringCall } from './call.ts';
import { withBinaryData } from './forms/binary-tensors.ts';
import { csvRows } from './forms/csv.ts';
import type { BodyForm, JsonObject } from './forms/form.ts';
import { writePredictions } from './forms/invocations.ts';
import { readInference, writeInference } from './forms/open-inference.ts';
import type { Joiner } from './model/joiner.ts';
import { readJson, readWithLongIntegers } from './wire/read-json.ts';

/**
 * @param bytes the request's body
 * @param forms the body forms that the route takes
 * @param missing the parameter to name when the body is of none of them: `data` or `Inputs`
 * @throws InvalidInput in the words of the real inference server where it has some, else naming row and column
 */
export async function answer(bytes: Buffer, forms: readonly BodyForm[], joiner: Joiner, missing: string): Promise<Answer> {
  if (bytes.length === 0) throw new MalachiteError('InvalidInput', 'POST body is empty. Expecting a JSON dictionary.');
  const body = readJson(bytes);
  if (!isObject(body)) throw new MalachiteError('InvalidInput', 'POST body should be a JSON dictionary.');
  try {
    return await answerObject(body, forms, joiner, missing);
  } catch (error) {
    // An integer column refuses what a number cannot hold exactly; read with care, it may well fit.
    const exact = readWithLongIntegers(bytes);
    if (!isObject(exact)) throw error;
    return await answerObject(exact, forms, joiner, missing);
  }
}

/** The same for a body that is an object already: the query of a GET. */
export async function answerObject(
  body: JsonObject,
  forms: readonly BodyForm[],
  joiner: Joiner,
  missing: string,
): Promise<Answer> {
  const form = forms.find((candidate) => candidate.matches(body));
  if (form === undefined) throw new MalachiteError('InvalidInput', `A value is not provided for the '${missing}' parameter.`);
  const { rows, method } = form.read(body);
  const { prediction, runMs } = await joiner.score(rows);
  return { body: form.write(prediction, method), rows: prediction.rows, runMs };
}

/** A table in CSV, answered as MLflow answers. */
export async function answerCsv(bytes: Buffer, signature: Signature, joiner: Joiner): Promise<Answer> {
  const { prediction, runMs } = await joiner.score(csvRows(bytes.toString(), signature));
  return { body: writePredictions(prediction, 'predict'), rows: prediction.rows, runMs };
}

/** A request of the Open Inference Protocol. */
export async function answerInference(
  { body, jsonLength, named }: ScoringCall,
  signature: Signature,
  joiner: Joiner,
): Promise<Answer> {
  const bytes = body as Buffer;
  const json = bytes.subarray(0, jsonLength);
  const plain = readJson(json);
  const read = readWithLongIntegers(json) ?? plain;
  if (!isObject(read)) throw new MalachiteError('InvalidInput', 'The body should be a JSON object with "inputs".');
  const request = readInference(withBinaryData(read, bytes.subarray(json.length)), signature);
  const { prediction, runMs } = await joiner.score(request.rows);
  return { body: writeInference(prediction, signature, request, named), rows: prediction.rows, runMs };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
