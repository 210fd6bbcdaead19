/**
 * The body of `PipelineSubmit` as Azure ML takes it (https://learn.microsoft.com/azure/machine-learning/how-to-deploy-pipelines):
 * names without regard to case, everything but the experiment optional.
 */
import { MalachiteError, type SubmitPipeline } from '@malachite/core';

/** For the document; names in another case are taken too, so nothing is refused by it. */
export const Submission = {
  type: 'object',
  properties: {
    ExperimentName: { type: 'string', description: 'The experiment the run is listed under.' },
    ParameterAssignments: { type: 'object', description: 'Values of pipeline parameters.' },
    DataSetDefinitionValueAssignments: {
      type: 'object',
      description:
        'Datasets in place of the inputs of the graph: {"INPUT": {"DataSetReference": {"Id": "NAME", "Version": "2"}}}.',
    },
  },
  example: { ExperimentName: 'bank-marketing' },
};

type Fields = ReadonlyMap<string, unknown>;

/** What to submit. `InvalidInput` says which part of the body cannot be honoured: nothing that was asked is left out in silence. */
export function readSubmission(id: string, body: unknown): SubmitPipeline {
  const fields = fieldsOf(body ?? {}, 'The body');
  const experimentName = fields.get('experimentname');
  if (experimentName !== undefined && typeof experimentName !== 'string') throw invalid('"ExperimentName" must be text.');
  for (const name of ['ParameterAssignments', 'DataPathAssignments']) {
    const given = Object.keys((fields.get(name.toLowerCase()) as object | null | undefined) ?? {});
    if (given.length > 0) throw invalid(`The pipeline has no parameter ${quoted(given)}, which "${name}" sets.`);
  }
  const assignments = Object.entries((fields.get('datasetdefinitionvalueassignments') as object | null | undefined) ?? {});
  const inputs = Object.fromEntries(assignments.map(([input, value]) => [input, { path: datasetPath(input, value) }]));
  return {
    id,
    runSource: 'HTTP',
    ...(experimentName && { experimentName }),
    ...(assignments.length > 0 && { inputs }),
  };
}

/** `{"SavedDataSetReference": {"Id": "bank"}}` or `{"DataSetReference": {"Id": "bank", "Version": "2"}}`, bare or under "Value". */
function datasetPath(input: string, assignment: unknown): string {
  const what = `The value of "${input}"`;
  const outer = fieldsOf(assignment, what);
  const value = outer.has('value') ? fieldsOf(outer.get('value'), what) : outer;
  const reference = fieldsOf(value.get('datasetreference') ?? value.get('saveddatasetreference'), `${what}, a DataSetReference,`);
  const [dataset, version] = [reference.get('id'), reference.get('version')];
  if (typeof dataset !== 'string' || dataset === '') throw invalid(`${what} must name a dataset in "Id".`);
  return version === undefined || version === null ? `azureml:${dataset}` : `azureml:${dataset}:${version}`;
}

function fieldsOf(value: unknown, what: string): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalid(`${what} must be a JSON object.`);
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}

const invalid = (sentence: string) => new MalachiteError('InvalidInput', sentence);
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
