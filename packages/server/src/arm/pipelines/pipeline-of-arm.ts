/**
 * A pipeline job as clients send it into core's graph. Nodes come in the words of Azure's YAML (snake_case, minutes),
 * unlike AutoML jobs of their own: they are put into ARM's words first, and then read as such a job.
 */
import { type AutoMLStep, MalachiteError, type PipelineSpec, type PipelineStep, type RegisterModelStep } from '@malachite/core';
import { type DataResolver, jobOfArm } from '../automl/job-of-arm.ts';
import { field, type JsonObject, objectAt, textAt } from '../resource.ts';

/** @throws MalachiteError `NotSupported` for a node of another type than `automl`, and `register_model` which is ours. */
export async function pipelineOfArm(body: JsonObject, resolve: DataResolver): Promise<PipelineSpec> {
  const properties = objectAt(body, 'properties');
  const jobs = objectAt(properties, 'jobs') ?? {};
  const inputs = objectAt(properties, 'inputs') ?? {};
  const compute = textAt(objectAt(properties, 'settings'), 'default_compute');
  const bound: DataResolver = async (uri, type) => (/^\$\{\{.*\}\}$/.test(uri) ? uri : resolve(uri, type));
  const named = Object.keys(inputs).map(async (name) => {
    const input = objectAt(inputs, name);
    const uri = textAt(input, 'uri');
    if (!uri) throw new MalachiteError('NotSupported', `Input "${name}" of the pipeline is no data: Malachite's take data only.`);
    return [name, { path: await resolve(uri, textAt(input, 'jobInputType')) }] as const;
  });
  const steps = Object.keys(jobs).map(async (name) => [name, await stepOf(name, objectAt(jobs, name), compute, bound)] as const);
  // Awaited together: of two failures neither is left without anybody who takes it.
  const [inputPairs, stepPairs] = await Promise.all([Promise.all(named), Promise.all(steps)]);
  return {
    displayName: textAt(properties, 'displayName'),
    description: textAt(properties, 'description'),
    inputs: Object.fromEntries(inputPairs),
    jobs: { ...Object.fromEntries(stepPairs), ...registrationsOf(objectAt(properties, 'outputs') ?? {}, jobs) },
  };
}

/** An output with an asset's name is registered under it; the step that does so is called as the output. */
function registrationsOf(outputs: JsonObject, jobs: JsonObject): Record<string, RegisterModelStep> {
  const registrations: Record<string, RegisterModelStep> = {};
  for (const name of Object.keys(outputs)) {
    const modelName = textAt(objectAt(outputs, name), 'assetName');
    if (modelName === undefined) continue;
    if (name in jobs) throw new MalachiteError('InvalidInput', `Output "${name}" is called as a node; give it another name.`);
    const path = sourceOf(name, jobs);
    if (!path) throw new MalachiteError('InvalidInput', `No node of the pipeline gives the output "${name}".`);
    registrations[name] = { type: 'register_model', modelName, path };
  }
  return registrations;
}

/** `${{parent.jobs.NODE.outputs.best_model}}`, of the node that binds its output to the pipeline's. */
export function sourceOf(output: string, jobs: JsonObject): string | undefined {
  for (const node of Object.keys(jobs)) {
    const bound = objectAt(objectAt(jobs, node), 'outputs') ?? {};
    for (const own of Object.keys(bound)) {
      const value = field(bound, own);
      const binding = typeof value === 'string' ? value : textAt(objectAt(bound, own), 'value');
      if (binding?.replaceAll(' ', '') === `\${{parent.outputs.${output}}}`) return `\${{parent.jobs.${node}.outputs.${own}}}`;
    }
  }
  return undefined;
}

async function stepOf(
  name: string,
  node: JsonObject | undefined,
  defaultCompute: string | undefined,
  resolve: DataResolver,
): Promise<PipelineStep> {
  const type = textAt(node, 'type');
  if (type === 'register_model') {
    return { type, modelName: textAt(node, 'model_name') ?? '', path: textAt(node, 'path') ?? '' };
  }
  if (type !== 'automl' || !node) {
    const found = type ?? 'command';
    throw new MalachiteError('NotSupported', `Node "${name}" is of type ${found}; Malachite's pipelines run AutoML nodes.`);
  }
  const computeId = textAt(node, 'compute') ?? textAt(node, 'computeId') ?? defaultCompute;
  const job = await jobOfArm(name, { properties: { ...(computeId && { computeId }), taskDetails: detailsOf(node) } }, resolve);
  const { name: _, displayName: _display, experimentName: _experiment, description: _text, tags: _tags, ...rest } = job;
  const { properties: _properties, ...step } = rest;
  return step as AutoMLStep;
}

/** `n_cross_validations` is `nCrossValidations`; names of columns and of parameters stay as they are. */
function detailsOf(node: JsonObject): JsonObject {
  const details = Object.fromEntries(Object.entries(node).map(([key, value]) => [camel(key), value]));
  const limits = objectAt(node, 'limits') ?? {};
  const minutes = (name: string) => {
    const value = field(limits, name);
    return typeof value === 'number' ? `PT${value}M` : undefined;
  };
  const renamed = (name: string): JsonObject =>
    Object.fromEntries(Object.entries(objectAt(node, name) ?? {}).map(([key, value]) => [camel(key), value]));
  const data = (name: string): JsonObject | undefined => {
    const value = field(node, name);
    if (typeof value === 'string') return { uri: value };
    const input = objectAt(node, name);
    return (
      input && { uri: field(input, 'uri') ?? field(input, 'path') ?? field(input, 'value'), jobInputType: field(input, 'type') }
    );
  };
  return {
    ...details,
    taskType: field(node, 'task'),
    trainingData: data('training_data'),
    validationData: data('validation_data'),
    testData: data('test_data'),
    limitSettings: { ...renamed('limits'), timeout: minutes('timeout_minutes'), trialTimeout: minutes('trial_timeout_minutes') },
    trainingSettings: renamed('training'),
    featurizationSettings: field(node, 'featurization') === undefined ? undefined : renamed('featurization'),
  };
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
