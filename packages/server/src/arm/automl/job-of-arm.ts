/** An AutoML job as ARM's clients send it (camelCase fields, PascalCase words, ISO durations) into core's words. */
import { type AutoMLJob, MalachiteError, parameterizedTransformers, primaryMetrics } from '@malachite/core';
import { secondsOf } from '../durations.ts';
import { nameInId } from '../paths.ts';
import { field, type JsonObject, numberAt, objectAt, textAt } from '../resource.ts';

/** From an address of data in the job to a reference to a dataset version. */
export type DataResolver = (uri: string, type: string | undefined) => Promise<string>;

/**
 * @param body What was PUT; a client that drops the task's settings (npm's) leaves the service's defaults.
 * @throws MalachiteError `InvalidInput` naming the field, `NotSupported` for tasks without an engine.
 */
export async function jobOfArm(name: string, body: JsonObject, resolve: DataResolver): Promise<AutoMLJob> {
  const properties = objectAt(body, 'properties') ?? {};
  const details = objectAt(properties, 'taskDetails');
  if (!details) throw new MalachiteError('InvalidInput', '"properties.taskDetails" is missing.');
  const training = await dataOf(details, 'trainingData', resolve);
  if (!training) throw new MalachiteError('InvalidInput', '"taskDetails.trainingData" is missing.');
  const target = textAt(details, 'targetColumnName');
  if (!target) throw new MalachiteError('InvalidInput', '"taskDetails.targetColumnName" is missing.');
  const computeId = textAt(properties, 'computeId');
  return dropUndefined({
    type: 'automl' as const,
    name,
    displayName: textAt(properties, 'displayName'),
    experimentName: textAt(properties, 'experimentName'),
    description: textAt(properties, 'description'),
    tags: stringsOf(objectAt(properties, 'tags')),
    properties: stringsOf(objectAt(properties, 'properties')),
    compute: computeId === undefined ? undefined : nameInId(computeId, 'computes'),
    trainingData: { path: training },
    validationData: pathOf(await dataOf(details, 'validationData', resolve)),
    testData: pathOf(await dataOf(details, 'testData', resolve)),
    task: taskOf(textAt(details, 'taskType')),
    targetColumnName: target,
    primaryMetric: metricOf(textAt(details, 'primaryMetric')),
    limits: limitsOf(objectAt(details, 'limitSettings')),
    nCrossValidations: foldsOf(field(details, 'nCrossValidations')),
    validationDataSize: numberAt(details, 'validationDataSize'),
    testDataSize: numberAt(details, 'testDataSize'),
    cvSplitColumnNames: textsAt(details, 'cvSplitColumnNames'),
    weightColumnName: textAt(details, 'weightColumnName'),
    positiveLabel: textAt(details, 'positiveLabel'),
    featurization: featurizationOf(objectAt(details, 'featurizationSettings')),
    training: trainingOf(objectAt(details, 'trainingSettings')),
  }) as AutoMLJob;
}

async function dataOf(details: JsonObject, name: string, resolve: DataResolver): Promise<string | undefined> {
  const input = objectAt(details, name);
  const uri = textAt(input, 'uri');
  return uri === undefined ? undefined : resolve(uri, textAt(input, 'jobInputType'));
}

const pathOf = (path: string | undefined) => (path === undefined ? undefined : { path });

function taskOf(text = ''): AutoMLJob['task'] {
  const task = text.toLowerCase();
  if (task === 'classification' || task === 'regression') return task;
  throw new MalachiteError(
    'NotSupported',
    `AutoML for ${text || 'no task'} is not emulated; Malachite has Classification and Regression.`,
  );
}

const bare = (text: string): string => text.replaceAll('_', '').toLowerCase();

function metricOf(text: string | undefined): AutoMLJob['primaryMetric'] {
  if (text === undefined) return undefined;
  const found = primaryMetrics.find((metric) => bare(metric) === bare(text));
  if (!found) throw new MalachiteError('InvalidInput', `"primaryMetric" is "${text}"; it can be ${primaryMetrics.join(', ')}.`);
  return found;
}

function limitsOf(limits: JsonObject | undefined): AutoMLJob['limits'] {
  if (!limits) return undefined;
  return dropUndefined({
    timeoutMinutes: minutesAt(limits, 'timeout'),
    trialTimeoutMinutes: minutesAt(limits, 'trialTimeout'),
    maxTrials: numberAt(limits, 'maxTrials'),
    maxConcurrentTrials: positive(numberAt(limits, 'maxConcurrentTrials')),
    exitScore: numberAt(limits, 'exitScore'),
    enableEarlyTermination: booleanAt(limits, 'enableEarlyTermination'),
  });
}

function trainingOf(settings: JsonObject | undefined): AutoMLJob['training'] {
  if (!settings) return undefined;
  return dropUndefined({
    allowedTrainingAlgorithms: textsAt(settings, 'allowedTrainingAlgorithms'),
    blockedTrainingAlgorithms: textsAt(settings, 'blockedTrainingAlgorithms'),
    enableVoteEnsemble: booleanAt(settings, 'enableVoteEnsemble'),
    enableStackEnsemble: booleanAt(settings, 'enableStackEnsemble'),
    enableModelExplainability: booleanAt(settings, 'enableModelExplainability'),
  });
}

/** Field by field core's own; the words are checked there. */
function featurizationOf(settings: JsonObject | undefined): AutoMLJob['featurization'] {
  if (!settings) return undefined;
  const mode = textAt(settings, 'mode')?.toLowerCase();
  return dropUndefined({
    mode,
    blockedTransformers: textsAt(settings, 'blockedTransformers'),
    columnNameAndTypes: objectAt(settings, 'columnNameAndTypes'),
    transformerParams: transformersOf(objectAt(settings, 'transformerParams')),
    datasetLanguage: textAt(settings, 'datasetLanguage'),
    enableDnnFeaturization: booleanAt(settings, 'enableDnnFeaturization'),
  }) as AutoMLJob['featurization'];
}

/** `imputer` and `Imputer` are one: the name's case depends on the dialect. */
function transformersOf(params: JsonObject | undefined): JsonObject | undefined {
  const named = (key: string) => parameterizedTransformers.find((name) => bare(name) === bare(key)) ?? key;
  return params && Object.fromEntries(Object.entries(params).map(([key, value]) => [named(key), value]));
}

/** `{"mode": "Custom", "value": 3}`; `Auto` is the service's own rule. */
function foldsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const folds = (value as { readonly value?: unknown } | undefined)?.value;
  return typeof folds === 'number' ? folds : undefined;
}

function minutesAt(object: JsonObject, name: string): number | undefined {
  const text = textAt(object, name);
  return text === undefined ? undefined : secondsOf(text) / 60;
}

/** Azure's clients send 0 for "not set". */
const positive = (value: number | undefined) => (value === 0 ? undefined : value);

function booleanAt(object: JsonObject, name: string): boolean | undefined {
  const value = field(object, name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new MalachiteError('InvalidInput', `"${name}" must be true or false.`);
}

function textsAt(object: JsonObject, name: string): string[] | undefined {
  const value = field(object, name);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return [...value] as string[];
  throw new MalachiteError('InvalidInput', `"${name}" must be a list of texts.`);
}

function stringsOf(object: JsonObject | undefined): Record<string, string> | undefined {
  return (
    object && Object.fromEntries(Object.entries(object).flatMap(([key, value]) => (value == null ? [] : [[key, String(value)]])))
  );
}

function dropUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
