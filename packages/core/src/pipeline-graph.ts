/**
 * The graph of a pipeline: which step needs which, and what its references stand for.
 *
 * `${{parent.inputs.NAME}}` is an input of the pipeline, `${{parent.jobs.STEP.outputs.NAME}}` an output of an AutoML
 * step, as in Azure ML's pipeline YAML.
 */
import type { DataInput } from './automl.ts';
import { MalachiteError } from './errors.ts';
import type { AutoMLStep, PipelineSpec, PipelineStep } from './pipelines.ts';
import { parseAssetReference } from './references.ts';

const inputReference = /^\$\{\{\s*parent\.inputs\.([\w.-]+)\s*\}\}$/;
const outputReference = /^\$\{\{\s*parent\.jobs\.(\w+)\.outputs\.([\w./-]+)\s*\}\}$/;

/** A reference to an output of another step, or undefined for anything else. */
export function parseStepOutput(text: string): { readonly step: string; readonly output: string } | undefined {
  const [, step, output] = outputReference.exec(text) ?? [];
  return step !== undefined && output !== undefined ? { step, output } : undefined;
}

/** The data that an AutoML step reads, by field. */
function dataOf({ trainingData, validationData, testData }: AutoMLStep): [field: string, data: DataInput][] {
  const inputs = Object.entries({ trainingData, validationData, testData });
  return inputs.filter((input): input is [string, DataInput] => input[1] !== undefined);
}

/** The steps that must have finished before this one starts. */
export function dependencies(step: PipelineStep): string[] {
  const output = step.type === 'register_model' ? parseStepOutput(step.path) : undefined;
  return output ? [output.step] : [];
}

/**
 * Refuses, as `InvalidInput`, references to inputs and steps that the graph does not have, and to outputs that a step does
 * not have. Only AutoML steps have outputs and they need none, so a graph that is taken has no cycle.
 */
export function checkGraph({ inputs = {}, jobs }: PipelineSpec): void {
  for (const [name, { path }] of Object.entries(inputs)) {
    if (path.includes('${{')) throw wrong(`inputs.${name}: "${path}" cannot stand in an input; name a dataset.`);
    parseAssetReference(path);
  }
  for (const [name, step] of Object.entries(jobs)) {
    if (step.type === 'automl') checkData(name, step, inputs);
    else checkOutput(name, step.path, jobs);
  }
}

function checkData(name: string, step: AutoMLStep, inputs: Readonly<Record<string, DataInput>>): void {
  for (const [field, { path }] of dataOf(step)) {
    const where = `jobs.${name}.${field}`;
    const [, input] = inputReference.exec(path) ?? [];
    if (input !== undefined && !Object.hasOwn(inputs, input)) {
      throw wrong(`${where}: the pipeline has no input "${input}". Inputs: ${namesIn(inputs)}.`);
    }
    if (input === undefined && path.includes('${{')) {
      throw wrong(
        `${where}: "${path}" is not data. Write \${{parent.inputs.NAME}} or azureml:NAME:VERSION; steps give models, not data.`,
      );
    }
    if (input === undefined) parseAssetReference(path);
  }
}

function checkOutput(name: string, path: string, jobs: PipelineSpec['jobs']): void {
  const where = `jobs.${name}.path`;
  const reference = parseStepOutput(path);
  if (!reference) {
    throw wrong(`${where}: "${path}" is not an output of a step. Write \${{parent.jobs.STEP.outputs.best_model}}.`);
  }
  const source = Object.hasOwn(jobs, reference.step) ? jobs[reference.step] : undefined;
  if (!source) throw wrong(`${where}: the pipeline has no step "${reference.step}". Steps: ${namesIn(jobs)}.`);
  if (reference.step === name) throw wrong(`${where}: the step needs itself; a pipeline has no cycles.`);
  if (source.type !== 'automl') {
    throw wrong(`${where}: step "${reference.step}" is a ${source.type} step, which has no outputs. Name an automl step.`);
  }
}

/** The graph with some inputs replaced. An input that the graph does not have is `InvalidInput`. */
export function withInputs(spec: PipelineSpec, replaced: Readonly<Record<string, DataInput>>): PipelineSpec {
  const inputs = spec.inputs ?? {};
  const unknown = Object.keys(replaced).find((name) => !Object.hasOwn(inputs, name));
  if (unknown !== undefined) throw wrong(`The pipeline has no input "${unknown}". Inputs: ${namesIn(inputs)}.`);
  return { ...spec, inputs: { ...inputs, ...replaced } };
}

/** The graph with every dataset reference put through `resolve`, such as `azureml:bank` to `azureml:bank:3`. */
export async function mapData(spec: PipelineSpec, resolve: (data: DataInput) => Promise<DataInput>): Promise<PipelineSpec> {
  const resolved = async (data: DataInput): Promise<DataInput> => (inputReference.test(data.path) ? data : resolve(data));
  const inputs: [string, DataInput][] = [];
  for (const [name, data] of Object.entries(spec.inputs ?? {})) inputs.push([name, await resolved(data)]);
  const jobs: [string, PipelineStep][] = [];
  for (const [name, step] of Object.entries(spec.jobs)) {
    if (step.type !== 'automl') {
      jobs.push([name, step]);
      continue;
    }
    const data = await Promise.all(dataOf(step).map(async ([field, value]) => [field, await resolved(value)] as const));
    jobs.push([name, { ...step, ...Object.fromEntries(data) }]);
  }
  return { ...spec, ...(spec.inputs ? { inputs: Object.fromEntries(inputs) } : {}), jobs: Object.fromEntries(jobs) };
}

/** The step with the pipeline's inputs in place of references to them: ready to be submitted. */
export function boundStep(spec: PipelineSpec, step: AutoMLStep): AutoMLStep {
  const bound = ({ path, ...data }: DataInput): DataInput => {
    const [, input] = inputReference.exec(path) ?? [];
    const given = input === undefined ? undefined : spec.inputs?.[input];
    return given ? { ...data, ...given } : { ...data, path };
  };
  return {
    ...step,
    trainingData: bound(step.trainingData),
    ...(step.validationData ? { validationData: bound(step.validationData) } : {}),
    ...(step.testData ? { testData: bound(step.testData) } : {}),
  };
}

function namesIn(record: Readonly<Record<string, unknown>>): string {
  return Object.keys(record).join(', ') || 'none';
}

function wrong(sentence: string): MalachiteError {
  return new MalachiteError('InvalidInput', sentence);
}
