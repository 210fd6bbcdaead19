/** Compute clusters of Azure's: AmlCompute. */
import type { AmlCompute, ComputeResource } from '@azure/arm-machinelearning';
import type { Compute, ComputeCreate, ComputeTarget } from '@malachite/core';
import type { Connection } from './connection.ts';
import { asked, missing } from './errors.ts';
import { defined, durationOf, fieldsOf, secondsOf } from './forms.ts';
import { waited } from './polling.ts';

export function azureCompute(connection: Connection): Compute {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  const operations = client.computeOperations;
  const find = (name: string) =>
    asked(`Compute "${name}"`, () => operations.get(group, workspace, name)).then((resource) =>
      toCore(resource as ComputeResource),
    );
  const put = async (input: ComputeCreate): Promise<ComputeTarget> => {
    const { location } = await connection.workspace();
    await waited(`Creating compute "${input.name}"`, signal, (abortSignal) =>
      operations.beginCreateOrUpdateAndWait(group, workspace, input.name, toAzure(input, location), { abortSignal }),
    );
    return find(input.name);
  };
  return {
    async create(input) {
      const before = await find(input.name).catch(missing);
      return put({ ...before, ...defined(input) });
    },
    get: ({ name }) => find(name),
    async list() {
      const found: ComputeTarget[] = [];
      return asked('Listing compute', async () => {
        for await (const each of operations.list(group, workspace)) {
          if (each.properties?.computeType === 'AmlCompute') found.push(toCore(each));
        }
        return found;
      });
    },
    async update(input) {
      const before = await find(input.name);
      return put({ ...before, ...defined(input) });
    },
    async delete({ name }) {
      await find(name);
      await waited(`Deleting compute "${name}"`, signal, (abortSignal) =>
        operations.beginDeleteAndWait(group, workspace, name, 'Delete', { abortSignal }),
      );
    },
  };
}

function toAzure(input: ComputeCreate, location: string | undefined): ComputeResource {
  return {
    location,
    ...(input.tags && { tags: input.tags }),
    properties: {
      computeType: 'AmlCompute',
      description: input.description,
      properties: {
        vmSize: input.size ?? 'Standard_DS3_v2',
        vmPriority: input.tier === 'low_priority' ? 'LowPriority' : 'Dedicated',
        scaleSettings: {
          minNodeCount: input.minInstances ?? 0,
          maxNodeCount: input.maxInstances ?? 4,
          nodeIdleTimeBeforeScaleDown: durationOf(input.idleTimeBeforeScaleDown ?? 120),
        },
      },
    },
  };
}

function toCore({ name = '', tags, properties, systemData }: ComputeResource): ComputeTarget {
  const { properties: cluster, provisioningState, description, createdOn } = properties as AmlCompute;
  const counts = cluster?.nodeStateCounts;
  const created = systemData?.createdAt ?? createdOn ?? new Date(0);
  return {
    name,
    type: 'amlcompute',
    size: sizeOf(cluster?.vmSize),
    tier: cluster?.vmPriority === 'LowPriority' ? 'low_priority' : 'dedicated',
    minInstances: cluster?.scaleSettings?.minNodeCount ?? 0,
    maxInstances: cluster?.scaleSettings?.maxNodeCount ?? 1,
    idleTimeBeforeScaleDown: secondsOf(cluster?.scaleSettings?.nodeIdleTimeBeforeScaleDown) ?? 120,
    ...fieldsOf({ description, tags }),
    provisioningState:
      provisioningState === 'Creating' || provisioningState === 'Deleting' || provisioningState === 'Failed'
        ? provisioningState
        : 'Succeeded',
    allocationState: cluster?.allocationState === 'Resizing' ? 'Resizing' : 'Steady',
    runningNodeCount: counts?.runningNodeCount ?? 0,
    idleNodeCount: counts?.idleNodeCount ?? 0,
    createdAt: created.toISOString(),
  };
}

/** Azure answers sizes in capitals; `STANDARD_DS3_V2` is written `Standard_DS3_v2` everywhere else. */
function sizeOf(size = ''): string {
  return size === size.toUpperCase() ? size.replace(/^STANDARD/, 'Standard').replace(/_V(\d+)$/, '_v$1') : size;
}
