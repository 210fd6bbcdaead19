/** What the cases share: the workspace, and the few things that are slow to make, each made once, when first asked for. */
import type { AutoMLResult } from '../automl.ts';
import type { Dataset } from '../datasets.ts';
import type { Blob } from '../datastore.ts';
import type { Endpoint } from '../deployment.ts';
import { settledDeployment } from '../deployment.ts';
import type { Model } from '../models.ts';
import { type AutoMLJob, type Job, type JobEvent, terminalJobStatuses } from '../training.ts';
import type { Workspace } from '../workspace.ts';
import { collect, eventually, ok } from './assertions.ts';
import { bankCsv, bankRows } from './bank.ts';
import type { Answer, Harness, Send } from './harness.ts';

export type Scene = {
  /** The workspace that is open now; another object after a reopening. */
  readonly workspace: Workspace;
  readonly send: Send;
  /** Asks again until the answer is there, for as long as the harness is patient. */
  eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T>;
  /** Dataset `contract-bank`, version 1: the 300 rows of `bank.ts`. */
  bank(): Promise<Dataset>;
  /** A finished job of three trials on it, and what two readers have seen who were there from its start. */
  trained(): Promise<{ readonly job: Job; readonly events: readonly JobEvent[]; readonly eventsOfAnother: readonly JobEvent[] }>;
  /** What that job has found. */
  result(): Promise<{ readonly job: Job; readonly result: AutoMLResult }>;
  /** Model `contract-bank`, version 1: the best of that job. */
  model(): Promise<Model>;
  /** Endpoint `contract-bank`, whose deployment `blue` serves the model with all traffic. */
  endpoint(): Promise<Endpoint>;
};

/** The job that most cases look at; quick, for three trials are what shows a search, a leaderboard and an ensemble. */
export const bankJob = {
  type: 'automl',
  task: 'classification',
  trainingData: { path: 'azureml:contract-bank:1' },
  targetColumnName: 'y',
  limits: { maxTrials: 3 },
} satisfies AutoMLJob;

export function setScene(harness: Harness, current: () => Workspace): Scene {
  const { send, patienceMs } = harness;
  const bank = once(() => createBank(current(), 'contract-bank'));
  const trained = once(async () => {
    await bank();
    const { training } = current();
    const { name } = await training.submit({ ...bankJob, experimentName: 'contract' });
    const [events, eventsOfAnother] = await Promise.all([collect(training.events({ name })), collect(training.events({ name }))]);
    const job = await training.get({ name });
    ok(terminalJobStatuses.has(job.status), `The events of a job end when it does, and it is ${job.status}.`);
    ok(job.status === 'Completed', `The job should complete: ${JSON.stringify(job.error)}`);
    return { job, events, eventsOfAnother };
  });
  const result = async () => {
    const { job } = await trained();
    return { job, result: await current().training.result({ name: job.name }) };
  };
  const model = once(async () => {
    const { job } = await trained();
    return current().models.create({ name: 'contract-bank', path: `azureml://jobs/${job.name}/outputs/best_model` });
  });
  const endpoint = once(async () => {
    const { name, version } = await model();
    const { deployment } = current();
    await deployment.createEndpoint({ name: 'contract-bank' });
    const blue = { endpointName: 'contract-bank', name: 'blue' };
    await deployment.createDeployment({ ...blue, model: `azureml:${name}:${version}`, appInsightsEnabled: true });
    const settled = await settledDeployment(deployment, blue);
    ok(settled.provisioningState === 'Succeeded', `The deployment is ${settled.provisioningState}: ${settled.error}`);
    return deployment.updateEndpoint({ name: 'contract-bank', traffic: { blue: 100 } });
  });
  return {
    get workspace() {
      return current();
    },
    send,
    eventually: (what, ask) => eventually(what, ask, patienceMs),
    bank,
    trained,
    result,
    model,
    endpoint,
  };
}

/** A dataset of generated rows under this name. */
export async function createBank(workspace: Workspace, name: string, seed?: number): Promise<Dataset> {
  const { sha256 } = await keep(workspace, bankCsv(bankRows(300, seed)));
  return workspace.datasets.create({ name, files: [{ path: 'bank.csv', sha256 }] });
}

export function keep(workspace: Workspace, text: string): Promise<Blob> {
  return workspace.datastore.put(inPieces(new TextEncoder().encode(text), 4096));
}

export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** One POST to a scoring URI. @param requestId The caller's own. */
export const score = (
  send: Send,
  scoringUri: string,
  key: string | undefined,
  body: string,
  requestId?: string,
): Promise<Answer> =>
  send(scoringUri, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(requestId !== undefined && { 'x-ms-client-request-id': requestId }),
    },
    body,
  });

/** The labels in an answer to `{"input_data": …}`: a plain list. */
export function labelsIn({ status, body }: Answer): unknown[] {
  ok(status === 200, `The endpoint answers ${status}: ${body}`);
  return JSON.parse(body) as unknown[];
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
