/**
 * A graph of core's in the parts of a pipeline of Azure's: inputs, nodes, outputs. What registers a model here is an output
 * with an asset's name there: Azure registers it when the pipeline is done.
 */
import { type DataInput, MalachiteError, type PipelineSpec, parseStepOutput } from '@malachite/core';
import type { Connection } from '../connection.ts';
import { automlNode, type Bindings } from './automl-node.ts';

export type AzureGraph = {
  /** References to data, by the pipeline's inputs: its own, and one for each piece of data that a step names itself. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly nodes: Readonly<Record<string, object>>;
  /** Names of models, by the pipeline's outputs: each is called as the step that registers it. */
  readonly outputs: Readonly<Record<string, string>>;
};

/** @throws MalachiteError `NotSupported` for a registration that no output of Azure's AutoML node can stand for. */
export function azureGraph(connection: Connection, spec: PipelineSpec): AzureGraph {
  const inputs: Record<string, string> = Object.fromEntries(
    Object.entries(spec.inputs ?? {}).map(([name, { path }]) => [name, path]),
  );
  const outputs: Record<string, string> = {};
  /** The output that takes the best model, by step. */
  const taken = new Map<string, string>();
  for (const [name, step] of Object.entries(spec.jobs)) {
    if (step.type !== 'register_model') continue;
    const { step: source, output } = parseStepOutput(step.path) ?? { step: '', output: '' };
    const where = `jobs.${name}`;
    if (output !== 'best_model')
      throw unable(`${where}.path: an AutoML node of Azure ML has one output, best_model, not "${output}".`);
    if (taken.has(source))
      throw unable(`${where}: "${taken.get(source)}" registers the model of "${source}" already; Azure ML does it once.`);
    if (step.tags) throw unable(`${where}.tags: Azure ML registers an output under its name, without tags.`);
    taken.set(source, name);
    outputs[name] = step.modelName;
  }
  const bound = (step: string, field: keyof Bindings, data: DataInput | undefined): Bindings => {
    if (data === undefined) return {};
    if (data.path.includes('${{')) return { [field]: data.path };
    const input = `${step}_${field}`;
    inputs[input] = data.path;
    return { [field]: `\${{parent.inputs.${input}}}` };
  };
  const nodes = Object.entries(spec.jobs).flatMap(([name, step]) => {
    if (step.type !== 'automl') return [];
    const bindings = {
      ...bound(name, 'trainingData', step.trainingData),
      ...bound(name, 'validationData', step.validationData),
      ...bound(name, 'testData', step.testData),
    };
    return [[name, automlNode(connection, name, step, bindings, taken.get(name))] as const];
  });
  return { inputs, nodes: Object.fromEntries(nodes), outputs };
}

const unable = (sentence: string) => new MalachiteError('NotSupported', sentence);
