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
 * money, are deleted; jobs that run are canceled; datasets and models, which ARM keeps, are archived.
 * @returns What could not be removed, in sentences.
 */
export async function removeOwn(
  { deployment, compute, training, datasets, models }: Workspace,
  prefix: string,
): Promise<string[]> {
  const left: string[] = [];
  const isOurs = ({ name }: { readonly name: string }) => name.startsWith(prefix + common);
  const each = async <T extends { readonly name: string }>(items: readonly T[], remove: (item: T) => Promise<unknown>) => {
    for (const item of items) await remove(item).catch((error: Error) => left.push(`${item.name}: ${error.message}`));
  };
  const jobs = await training.list({});
  const ofOurs = jobs.filter(({ spec }) => spec.trainingData.path.includes(prefix + common));
  await each(
    ofOurs.filter(({ endTime }) => endTime === null),
    ({ name }) => training.cancel({ name }),
  );
  await each((await deployment.listEndpoints({})).filter(isOurs), ({ name }) => deployment.deleteEndpoint({ name }));
  await each((await compute.list({})).filter(isOurs), ({ name }) => compute.delete({ name }));
  await each((await models.list({})).filter(isOurs), ({ name }) => models.archive({ name }));
  await each((await datasets.list({})).filter(isOurs), ({ name }) => datasets.archive({ name }));
  return left;
}
