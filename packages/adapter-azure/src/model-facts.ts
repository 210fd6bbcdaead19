/** What is known of a model beside its resource: its columns, by its MLmodel, and the trial that it comes from, with its metrics. */
import type { ModelVersion } from '@azure/arm-machinelearning';
import type { Metrics, Model } from '@malachite/core';
import type { Content } from './content.ts';
import { readBlob } from './datastore.ts';
import { missing } from './errors.ts';
import { ownProperty } from './forms.ts';
import type { Runs } from './runs.ts';
import { classesIn, signatureIn } from './signature.ts';
import type { Storage } from './storage.ts';
import { isOfTrial } from './trials.ts';

type Signature = NonNullable<Model['signature']>;
type Origin = Pick<Model, 'jobName' | 'trialName' | 'metrics'>;
export type ModelFacts = Origin & Pick<Model, 'signature'>;

export type KnownModels = {
  /** @param content Its files, where they are known. */
  of(version: ModelVersion, content: Content | undefined): Promise<ModelFacts>;
};

export function modelFacts(storage: Storage, runs: Runs): KnownModels {
  // What is under an address, and where a version comes from, stays.
  const signatures = new Map<string, Signature>();
  const origins = new Map<string, Origin>();
  const tasks = new Map<string, Pick<Signature, 'task' | 'classes'>>();

  const signatureOf = async ({ properties }: ModelVersion, content: Content | undefined): Promise<Model['signature']> => {
    const place = storage.placeOf(properties.modelUri ?? '');
    if (!place || !/mlflow/i.test(properties.modelType ?? '')) return null;
    if (content && !content.files.some(({ path }) => path === 'MLmodel')) return null;
    const known = signatures.get(place.path);
    if (known) return known;
    const container = await storage.container(place.datastore);
    const path = `${place.path.replace(/\/+$/, '')}/MLmodel`;
    const text = await Array.fromAsync(readBlob(container, path, 'There is no MLmodel'))
      .then(Buffer.concat)
      .catch(missing);
    const signature = text ? signatureIn(text.toString()) : null;
    if (signature) signatures.set(place.path, signature);
    return signature;
  };
  /** Ours say it themselves; of one that a pipeline or a job registered, the run does. */
  const originOf = async ({ id = '', properties }: ModelVersion): Promise<Origin> => {
    const own = (name: string) => ownProperty(properties.properties, name);
    const jobName = own('jobName') ?? properties.jobName ?? null;
    const metrics = own('metrics');
    if (metrics !== undefined) return { jobName, trialName: own('trialName') ?? null, metrics: JSON.parse(metrics) as Metrics };
    const unknown = { jobName, trialName: null, metrics: null };
    if (jobName === null) return unknown;
    const known = origins.get(id);
    if (known) return known;
    const run = await runs.get(jobName).catch(missing);
    const trialName = run && (isOfTrial(run) ? run.runId : runs.bestTrial(run));
    if (!trialName) return unknown;
    const origin = {
      jobName: run.parentRunId && isOfTrial(run) ? run.parentRunId : jobName,
      trialName,
      metrics: await runs.metrics(trialName),
    };
    origins.set(id, origin);
    return origin;
  };
  /** Azure's own MLmodel tells columns alone; what it is a model of, its trial tells. */
  const withTask = async (signature: Signature, { trialName, metrics }: Origin): Promise<Signature> => {
    if (signature.task !== 'unknown' || !trialName) return signature;
    const known = tasks.get(trialName);
    if (known) return { ...signature, ...known };
    const text = await Array.fromAsync(runs.read(trialName, 'confusion_matrix')).then(Buffer.concat).catch(missing);
    const classes = text && classesIn(text.toString());
    const task = classes ? 'classification' : metrics && 'r2_score' in metrics ? 'regression' : 'unknown';
    const found = { task, ...(classes && { classes }) } as const;
    tasks.set(trialName, found);
    return { ...signature, ...found };
  };
  return {
    async of(version, content) {
      const [signature, origin] = await Promise.all([signatureOf(version, content), originOf(version)]);
      return { signature: signature && (await withTask(signature, origin)), ...origin };
    },
  };
}
