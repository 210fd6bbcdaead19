/** `type: pipeline`: AutoML steps and steps that register their models, tied by `${{parent.…}}`. */
import { type DataInput, MalachiteError, type PipelineSpec, type PipelineStep } from '@malachite/core';
import { automlNotHonoured, readAutoMLSettings } from './automl-settings.ts';
import { readDataInput } from './data-input.ts';
import type { YamlDocument } from './document.ts';
import type { Section } from './section.ts';

/** A pipeline and what its file says beside the graph. */
export type PipelineFile = { readonly name?: string; readonly experimentName?: string; readonly pipeline: PipelineSpec };

export function readPipeline({ root, folder }: YamlDocument): PipelineFile {
  root.has('type');
  if (root.has('component')) throw root.wrong('component', 'is not supported yet: write the steps below "jobs"');
  const compute = root.text('compute') ?? readDefaultCompute(root.section('settings'));
  const jobs = root.section('jobs');
  if (jobs === undefined) throw root.wrong('jobs', 'is required: the steps, by name');
  const file: PipelineFile = {
    name: root.text('name'),
    experimentName: root.text('experiment_name'),
    pipeline: {
      displayName: root.text('display_name'),
      description: root.text('description'),
      inputs: readInputs(root.section('inputs'), folder),
      jobs: Object.fromEntries(jobs.names.map((name) => [name, readStep(jobs, name, folder, compute)])),
    },
  };
  root.end(['tags', 'properties', 'outputs', 'services', 'identity']);
  return file;
}

function readStep(jobs: Section, name: string, folder: string, defaultCompute: string | undefined): PipelineStep {
  const step = jobs.section(name);
  if (step === undefined) throw jobs.wrong(name, 'has no fields');
  const type = step.text('type');
  if (type === 'automl') {
    const compute = step.text('compute') ?? defaultCompute;
    const read: PipelineStep = { type, compute, ...readAutoMLSettings(step, folder) };
    step.end([...automlNotHonoured, 'name', 'description', 'tags', 'display_name', 'experiment_name', 'properties']);
    return read;
  }
  if (type === 'register_model') {
    const read: PipelineStep = {
      type,
      modelName: step.requiredText('model_name'),
      path: step.requiredText('path'),
      tags: step.tags('tags'),
    };
    step.end(['description', 'display_name', 'compute']);
    return read;
  }
  throw notYet(name, type ?? (step.has('component') ? 'component' : 'command'));
}

/** In Azure a model is registered by the script of a command step, so that who brings such a pipeline is told what does it here. */
function notYet(step: string, type: string): MalachiteError {
  return new MalachiteError(
    'NotSupported',
    `Step "${step}" is of type "${type}"; ${type} steps are not there yet. Steps run as type automl, or register_model: ` +
      "Malachite's own step that registers a model, with model_name and path: ${{parent.jobs.STEP.outputs.best_model}}.",
  );
}

function readInputs(inputs: Section | undefined, folder: string): Record<string, DataInput> | undefined {
  if (inputs === undefined) return undefined;
  return Object.fromEntries(
    inputs.names.map((name) => {
      const input = readDataInput(inputs, name, folder);
      if (input === undefined) throw inputs.wrong(name, 'must be data: fields "type" and "path"');
      return [name, input];
    }),
  );
}

function readDefaultCompute(settings: Section | undefined): string | undefined {
  const compute = settings?.text('default_compute');
  settings?.end(['default_datastore', 'continue_on_step_failure', 'force_rerun', 'on_init', 'on_finalize']);
  return compute;
}
