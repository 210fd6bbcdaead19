/** What answers for the deployments of a host: each loaded once, kept as long as a deployment needs it. */
import { readFile } from 'node:fs/promises';
import type { Answerer } from './call.ts';
import type { HostedDeployment } from './host-messages.ts';
import type { ServedDeployment } from './http/endpoint.ts';
import { hasInstances, takesInstances } from './instances-taken.ts';
import { loadModel, type ScoringModel } from './model/load-model.ts';
import { type AnsweringScript, startHostedScript } from './scripts/hosted-script.ts';
import { instancePool } from './workers/instance-pool.ts';
import { type Instances, startInstances } from './workers/instances.ts';
import { queuedAnswerer } from './workers/queue.ts';

export interface HostedModels {
  /**
   * The deployment with its model, as many instances of it as it asks for.
   *
   * @param isAgain it answered before: its host is a new one, and one instance suffices to begin with
   * @throws what loading the model throws
   */
  load(deployment: HostedDeployment, isAgain: boolean): Promise<ServedDeployment>;
  /** Starts ahead what takes longest of what deployments may need. */
  prepare(instances: boolean): void;
  /** Closes what no deployment needs, what an update that failed has brought included. */
  keepFor(deployments: readonly HostedDeployment[]): Promise<void>;
}

type Model = ScoringModel | Instances | AnsweringScript;

/**
 * @param log is told what happens to a deployment's model
 * @param print receives a line as a script wrote it
 */
export function hostedModels(
  log: (deployment: string, level: 'I' | 'E', text: string) => void,
  print: (deployment: string, line: string) => void,
): HostedModels {
  const models = new Map<string, Promise<Model>>();
  const queues = new Map<string, Answerer>();
  const pool = instancePool();

  /** A few models make the runtime end its process. Where others are served it is another process that finds out. */
  const loadHere = async ({ modelPath, modelBytes }: HostedDeployment, isAgain: boolean): Promise<ScoringModel> => {
    if (!isAgain && models.size > 0) {
      const trial = pool.take(modelBytes ?? modelPath);
      await trial.ready.finally(() => trial.retire());
    }
    return await loadModel(modelBytes ?? (await readFile(modelPath)), { secondThread: true });
  };

  const start = async (deployment: HostedDeployment, isAgain: boolean): Promise<Model> => {
    const { name, script, instanceCount: count = 1, livenessProbe, readinessProbe } = deployment;
    const probes = { livenessProbe, readinessProbe };
    if (script !== undefined) {
      const onLog = (line: string): void => print(name, line);
      return await startHostedScript(script, { processes: count, timeoutMs: deployment.requestTimeoutMs, ...probes, onLog });
    }
    const started = performance.now();
    const model = hasInstances(deployment)
      ? await startInstances({
          model: deployment.modelBytes ?? deployment.modelPath,
          count,
          needed: isAgain ? 1 : count,
          pool,
          ...probes,
          onLog: (text) => log(name, 'E', text),
        })
      : await loadHere(deployment, isAgain);
    const { producer, inputs } = model.signature;
    const took = (performance.now() - started).toFixed(0);
    log(name, 'I', `Model loaded in ${took} ms: ${inputs.length} inputs, made by ${producer.name} ${producer.version}`);
    for (const change of model.rewritten) log(name, 'I', change);
    if ('evaluation' in model) log(name, 'I', `Evaluated by: ${model.evaluation}`);
    return model;
  };

  /** The model behind the deployment's queue, if it has one; the same queue for the same settings. */
  const queued = (deployment: HostedDeployment, key: string, model: Model): Model | Answerer => {
    const { maxQueueWaitMs, maxConcurrentRequestsPerInstance: each = 1, instanceCount = 1 } = deployment;
    // A model in this process is given no queue: a deployment that asks for one has instances.
    if (maxQueueWaitMs === undefined || !('answer' in model)) return model;
    const name = queueKey(deployment, key);
    const queue = queues.get(name) ?? queuedAnswerer(model, { slots: each * instanceCount, maxQueueWaitMs });
    queues.set(name, queue);
    return queue;
  };

  return {
    async load(deployment, isAgain) {
      const { name, traffic, instanceCount, collectModelData, requestTimeoutMs, maxConcurrentRequestsPerInstance } = deployment;
      const key = keyOf(deployment);
      const before = models.get(key);
      const loading = before ?? start(deployment, isAgain);
      models.set(key, loading);
      const model = await loading;
      if (before !== undefined && 'scale' in model) await model.scale(deployment.instanceCount ?? 1);
      return {
        name,
        traffic,
        instanceCount,
        collectModelData,
        requestTimeoutMs,
        maxConcurrentRequestsPerInstance,
        model: queued(deployment, key, model),
      };
    },
    prepare(instances) {
      if (instances) pool.prepare();
    },
    async keepFor(deployments) {
      const kept = new Set(deployments.map(keyOf));
      for (const key of queues.keys())
        if (!deployments.some((deployment) => queueKey(deployment, keyOf(deployment)) === key)) queues.delete(key);
      if (!deployments.some(takesInstances)) pool.close();
      for (const [key, loading] of models) {
        if (kept.has(key)) continue;
        models.delete(key);
        await loading.then(
          (model) => model.close(),
          () => {},
        );
      }
    },
  };
}

function queueKey({ maxQueueWaitMs, maxConcurrentRequestsPerInstance, instanceCount }: HostedDeployment, key: string): string {
  return JSON.stringify([key, maxQueueWaitMs, maxConcurrentRequestsPerInstance, instanceCount]);
}

/** Deployments of one file share its model in this process; instances and scripts belong to one deployment. */
function keyOf(deployment: HostedDeployment): string {
  const { name, modelPath, script, instanceCount, requestTimeoutMs, livenessProbe, readinessProbe } = deployment;
  const probes = [livenessProbe, readinessProbe];
  if (script !== undefined) return JSON.stringify([name, script, instanceCount, requestTimeoutMs, ...probes]);
  return hasInstances(deployment) ? JSON.stringify([name, modelPath, ...probes]) : modelPath;
}
