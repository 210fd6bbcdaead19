/** `{"Inputs": {"data": [{…}, …]}, "GlobalParameters": {"method": "predict_proba"}}`: AutoML's v2 scoring scripts; answers `{"Results": […]}`. */
import { MalachiteError } from '@malachite/core/errors';
import { methodOf, resultsJson } from '../wire/answers.ts';
import type { BodyForm, JsonObject } from './form.ts';
import { tableOf } from './v1-data.ts';

export const v2Inputs: BodyForm = {
  name: 'v2 Inputs',
  matches: (body) => body.Inputs !== undefined,
  read(body) {
    const data = (body.Inputs as JsonObject | null)?.data;
    if (data === undefined) throw new MalachiteError('InvalidInput', '"Inputs" should be an object with a "data" list.');
    const parameters = body.GlobalParameters;
    const method = typeof parameters === 'object' && parameters !== null ? (parameters as JsonObject).method : undefined;
    return { rows: tableOf(data, 'Inputs.data'), method: methodOf(method) };
  },
  write: (prediction, method) => `{"Results": ${resultsJson(prediction, method)}}`,
};
