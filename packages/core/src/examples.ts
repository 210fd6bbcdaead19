/**
 * A whole input of every operation that has a body, as a person would write it. Each is valid against the operation's
 * own schema, and names what the walk-through (`malachite quickstart`) has made, so that most can be sent as they are.
 */
import type { PortName, Ports } from './workspace.ts';

type InputOf<Method> = Method extends (input: infer I) => unknown ? I : never;
type Examples = { readonly [P in PortName]?: { readonly [M in keyof Ports[P]]?: InputOf<Ports[P][M]> } };

/** Three lines of CSV, kept with `POST /datastore/blobs`: "age,job,y", "57,technician,no", "41,services,yes", each ended by a line feed. */
const bankFile = { path: 'bank.csv', sha256: '8ce971c9e0e5ecde01bce7a13d2c38cd5aa4a6d51e1e2d3f2cdc14ca5e008ff9' };

const train = {
  type: 'automl',
  task: 'classification',
  primaryMetric: 'AUC_weighted',
  trainingData: { type: 'uri_file', path: '${{parent.inputs.bank}}' },
  targetColumnName: 'y',
  limits: { timeoutMinutes: 0.5 },
} as const;

const pipeline = {
  displayName: 'bank-train',
  inputs: { bank: { type: 'uri_file', path: 'azureml:bank-marketing@latest' } },
  jobs: {
    train,
    register: { type: 'register_model', modelName: 'bank', path: '${{parent.jobs.train.outputs.best_model}}' },
  },
} as const;

const run = { id: '3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b' };

export const examples = {
  datasets: {
    create: { name: 'bank', type: 'uri_file', description: 'Calls of a bank, and what came of them.', files: [bankFile] },
    query: { name: 'bank-marketing', sql: 'select job, count(*) as calls from data group by job order by calls desc' },
    archive: { name: 'bank', version: '1' },
    restore: { name: 'bank', version: '1' },
  },
  compute: {
    create: { name: 'cpu-cluster', type: 'amlcompute', size: 'Standard_DS3_v2', minInstances: 0, maxInstances: 4 },
    update: { name: 'cpu-cluster', maxInstances: 2 },
  },
  training: {
    submit: {
      type: 'automl',
      name: 'bank-automl',
      experimentName: 'bank-marketing',
      task: 'classification',
      primaryMetric: 'AUC_weighted',
      trainingData: { type: 'uri_file', path: 'azureml:bank-marketing@latest' },
      targetColumnName: 'y',
      limits: { timeoutMinutes: 0.5 },
    },
    cancel: { name: 'bank-automl' },
  },
  models: {
    create: { name: 'bank', path: 'azureml://jobs/bank-automl/outputs/best_model', tags: { course: 'udacity' } },
    archive: { name: 'bank', version: '1' },
    restore: { name: 'bank', version: '1' },
  },
  deployment: {
    createEndpoint: { name: 'bank', authMode: 'key', description: 'Will a customer subscribe?' },
    updateEndpoint: { name: 'bank', traffic: { blue: 100 } },
    keys: { name: 'bank' },
    token: { name: 'bank' },
    regenerateKey: { name: 'bank', keyType: 'secondary' },
    createDeployment: { endpointName: 'bank', name: 'blue', model: 'azureml:bank:1', appInsightsEnabled: true },
    updateDeployment: { endpointName: 'bank', name: 'blue', appInsightsEnabled: false },
    invoke: { name: 'bank', body: '{"data": [{"age": 57, "job": "technician"}, {"age": 41, "job": "services"}]}' },
  },
  pipelines: {
    publish: { name: 'bank-train', description: 'Trains on the newest data, and registers the best model.', pipeline },
    disable: { id: 'bank-train' },
    key: { id: 'bank-train' },
    submit: { id: 'bank-train', experimentName: 'bank-marketing', inputs: { bank: { path: 'azureml:bank-marketing:1' } } },
    cancelRun: run,
    createSchedule: {
      name: 'bank-changes',
      pipelineId: 'bank-train',
      trigger: { type: 'dataset', datasetName: 'bank-marketing' },
    },
    updateSchedule: { name: 'bank-changes', isEnabled: false },
  },
  telemetry: {
    query: { query: 'requests | where success == false | top 10 by timestamp desc', timespan: 'P1D' },
  },
} satisfies Examples;

/** The example of an operation; undefined for one without a body. */
export function exampleOf(port: string, method: string): Readonly<Record<string, unknown>> | undefined {
  const ofPort = (examples as Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>)[port];
  return ofPort?.[method];
}
