/** The forms of MLflow's `/invocations`; all answer `{"predictions": […]}`. Source: MLflow's REST API for deployed models. */
import { MalachiteError } from '@malachite/core/errors';
import { resultsJson } from '../wire/answers.ts';
import type { BodyForm, JsonObject } from './form.ts';
import { anyTable, splitTable } from './input-data.ts';

export const writePredictions: BodyForm['write'] = (prediction, method) => `{"predictions": ${resultsJson(prediction, method)}}`;

/** `{"dataframe_split": {"columns": […], "data": [[…]]}}` */
const dataframeSplit: BodyForm = {
  name: 'dataframe_split',
  matches: (body) => body.dataframe_split !== undefined,
  read(body) {
    const split = body.dataframe_split;
    if (typeof split !== 'object' || split === null)
      throw new MalachiteError('InvalidInput', '"dataframe_split" should be an object.');
    return { rows: splitTable(split as JsonObject, 'dataframe_split'), method: 'predict' };
  },
  write: writePredictions,
};

/** `{"dataframe_records": [{…}, …]}` */
const dataframeRecords: BodyForm = {
  name: 'dataframe_records',
  matches: (body) => body.dataframe_records !== undefined,
  read(body) {
    const records = body.dataframe_records;
    if (!Array.isArray(records)) throw new MalachiteError('InvalidInput', '"dataframe_records" should be a list of objects.');
    return { rows: { kind: 'records', records }, method: 'predict' };
  },
  write: writePredictions,
};

/** `{"instances": [{…} | […], …]}`, TensorFlow Serving's row form. */
export const instances: BodyForm = {
  name: 'instances',
  matches: (body) => body.instances !== undefined,
  read(body) {
    if (!Array.isArray(body.instances)) throw new MalachiteError('InvalidInput', '"instances" should be a list of rows.');
    return { rows: anyTable(body.instances, 'instances'), method: 'predict' };
  },
  write: writePredictions,
};

/** `{"inputs": {"column": […], …}}`, TensorFlow Serving's column form. */
export const inputs: BodyForm = {
  name: 'inputs',
  matches: (body) => body.inputs !== undefined,
  read: (body) => ({ rows: anyTable(body.inputs, 'inputs'), method: 'predict' }),
  write: writePredictions,
};

export const invocationForms: readonly BodyForm[] = [dataframeSplit, dataframeRecords, instances, inputs];
