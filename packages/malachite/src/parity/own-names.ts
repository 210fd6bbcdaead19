/** A workspace that others use too: what the contract makes there is named apart, and removed afterwards. */
import { MalachiteError, type Operation, operations, type Ports, type Workspace } from '@malachite/core';

type Call = (input: unknown) => unknown;

/** All names of the contract begin so. */
const common = 'contract-';

/**
 * The same workspace, in which `contract-bank` is called `<prefix>contract-bank`; whoever uses it does not see that.
 * @param prefix Begins with a letter, at most 6 characters: names of clusters have 24.
 */
export function ownNames(workspace: Workspace, prefix: string): Workspace {
  const theirs = (value: unknown): unknown => replaced(value, common, prefix + common);
  const ours = (value: unknown): unknown => replaced(value, prefix + common, common);
  const failed = (thrown: unknown): never => {
    if (!(thrown instanceof MalachiteError)) throw thrown;
    throw new MalachiteError(thrown.code, ours(thrown.message) as string, { cause: thrown });
  };
  const ports = Object.entries(operations).map(([port, methods]) => {
    const own = workspace[port as keyof Ports] as unknown as Readonly<Record<string, Call>>;
    const calls = Object.entries<Operation>(methods).map(([name, { kind }]) => {
      const call: Call = (input) => own[name]?.(kind === 'upload' ? input : theirs(input));
      if (kind === 'json' || kind === 'upload') {
        return [name, async (input: unknown) => Promise.resolve(call(input)).then(ours, failed)];
      }
      return [
        name,
        async function* (input: unknown) {
          try {
            for await (const item of call(input) as AsyncIterable<unknown>) yield item instanceof Uint8Array ? item : ours(item);
          } catch (thrown) {
            failed(thrown);
          }
        },
      ];
    });
    return [port, Object.fromEntries(calls)];
  });
  return { ...workspace, ...(Object.fromEntries(ports) as Ports) };
}

/** Addresses are left as they are: who changed one would reach nobody. */
function replaced(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') return /^https?:/.test(value) ? value : value.replaceAll(from, to);
  if (Array.isArray(value)) return value.map((item) => replaced(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.replaceAll(from, to), replaced(item, from, to)]));
}

/**
 * Ends what the contract started under the prefix and takes away what it made: endpoints and clusters, which cost
 * money, are deleted; jobs and pipelines that run are canceled; published pipelines are disabled; datasets and models, which
 * ARM keeps, are archived.
 * Jobs are known by their data, runs of pipelines by their experiment.
 * @returns What could not be removed, in sentences; what fails keeps nothing else from being removed.
 */
export async function removeOwn(workspace: Workspace, prefix: string): Promise<string[]> {
  const { deployment, compute, training, pipelines, datasets, models, supports } = workspace;
  const left: string[] = [];
  const own = prefix + common;
  const isOurs = ({ name }: { readonly name: string }) => name.startsWith(own);
  const each = async <T>(list: () => Promise<readonly T[]>, what: (item: T) => string, remove: (item: T) => Promise<unknown>) => {
    const items = await list().catch((error: Error) => {
      left.push(error.message);
      return [];
    });
    for (const item of items) await remove(item).catch((error: Error) => left.push(`${what(item)}: ${error.message}`));
  };
  type Named = { readonly name: string };
  const eachOurs = <T extends Named>(list: () => Promise<readonly T[]>, remove: (item: T) => Promise<unknown>) =>
    each(
      async () => (await list()).filter(isOurs),
      ({ name }) => name,
      remove,
    );
  const running = async () =>
    (await training.list({})).filter(({ endTime, spec }) => endTime === null && spec.trainingData.path.includes(own));
  const runningPipelines = async () =>
    supports.pipelines
      ? (await pipelines.runs({})).filter(({ endTime, experimentName }) => endTime === null && experimentName.startsWith(own))
      : [];
  await each(
    runningPipelines,
    ({ id }) => `Pipeline run ${id}`,
    ({ id }) => pipelines.cancelRun({ id }),
  );
  await each(
    running,
    ({ name }) => name,
    ({ name }) => training.cancel({ name }),
  );
  await eachOurs(
    () => deployment.listEndpoints({}),
    ({ name }) => deployment.deleteEndpoint({ name }),
  );
  await eachOurs(
    () => compute.list({}),
    ({ name }) => compute.delete({ name }),
  );
  await eachOurs(
    async () => (supports.pipelines ? (await pipelines.list()).filter(({ status }) => status === 'Active') : []),
    ({ id }) => pipelines.disable({ id }),
  );
  await eachOurs(
    () => models.list({}),
    ({ name }) => models.archive({ name }),
  );
  await eachOurs(
    () => datasets.list({}),
    ({ name }) => datasets.archive({ name }),
  );
  return left;
}
