/** The compute port: clusters as rows, nodes as the scheduler counts them. */
import {
  type Compute,
  type ComputeTarget,
  ComputeCreate as computeSchema,
  MalachiteError,
  serverlessCompute,
} from '@malachite/core';
import type { Context } from '../store/context.ts';
import type { Database } from '../store/database.ts';

/** Jobs of one cluster, as the scheduler counts them now. */
export type ComputeUsage = (computeName: string) => { readonly running: number; readonly queued: number };

type Row = {
  name: string;
  type: 'amlcompute';
  size: string;
  tier: ComputeTarget['tier'];
  min_instances: number;
  max_instances: number;
  idle_time_before_scale_down: number;
  description: string | null;
  tags: string | null;
  properties: string | null;
  created_at: string;
};

/** What of a cluster is stored. */
type Cluster = Omit<ComputeTarget, 'provisioningState' | 'allocationState' | 'runningNodeCount' | 'idleNodeCount'>;

/**
 * Names are compared without case, as Azure does. `serverless` is built in, not listed and not to be made. The size and
 * tier of the machines are labels here; unlike Azure's, they can be changed by creating the cluster again.
 */
export function localCompute({ db, clock }: Context, usage: ComputeUsage): Compute {
  const mustFind = (name: string): Cluster => {
    const found = find(db, name);
    if (found) return found;
    const there = db.all<{ name: string }>('SELECT name FROM computes ORDER BY name').map((row) => row.name);
    const known =
      there.length > 0
        ? `Clusters: ${there.join(', ')}.`
        : 'There are no clusters; a job that names none runs on serverless compute.';
    throw new MalachiteError('NotFound', `Compute "${name}" does not exist. ${known}`);
  };

  return {
    async create(input) {
      mustBeAllowed(input.name);
      return db.transaction(() => {
        const before = find(db, input.name);
        const cluster: Cluster = {
          type: 'amlcompute',
          size: before?.size ?? 'Standard_DS3_v2',
          tier: before?.tier ?? 'dedicated',
          minInstances: 0,
          maxInstances: 4,
          idleTimeBeforeScaleDown: 120,
          createdAt: before?.createdAt ?? clock().toISOString(),
          ...given(input),
          name: before?.name ?? input.name,
        };
        mustBeRange(cluster);
        save(db, cluster);
        return target(cluster, usage);
      });
    },

    async get({ name }) {
      return target(mustFind(name), usage);
    },

    async list() {
      const rows = db.all<Row>('SELECT * FROM computes ORDER BY name');
      return rows.map((row) => target(fromRow(row), usage));
    },

    async update(input) {
      return db.transaction(() => {
        const before = mustFind(input.name);
        const cluster: Cluster = { ...before, ...given(input), name: before.name };
        mustBeRange(cluster);
        save(db, cluster);
        return target(cluster, usage);
      });
    },

    async delete({ name }) {
      const cluster = mustFind(name);
      const { running, queued } = usage(cluster.name);
      if (running + queued > 0) {
        throw new MalachiteError(
          'Conflict',
          `Compute "${cluster.name}" has ${running} running and ${queued} waiting jobs. Cancel them, or wait for their end.`,
        );
      }
      db.run('DELETE FROM computes WHERE name = ?', [cluster.name]);
    },
  };
}

/** Busy nodes are running jobs; of the rest, `minInstances` stay up idle. */
function target(cluster: Cluster, usage: ComputeUsage): ComputeTarget {
  const { running, queued } = usage(cluster.name);
  return {
    ...cluster,
    provisioningState: 'Succeeded',
    allocationState: queued > 0 && running < cluster.maxInstances ? 'Resizing' : 'Steady',
    runningNodeCount: running,
    idleNodeCount: Math.max(0, cluster.minInstances - running),
  };
}

function mustBeAllowed(name: string): void {
  if (name.toLowerCase() === serverlessCompute) {
    throw new MalachiteError('Conflict', `"${name}" is the built-in serverless compute. Choose another name.`);
  }
  const { pattern, description } = computeSchema.properties.name as { pattern?: string; description?: string };
  if (!new RegExp(pattern ?? '').test(name))
    throw new MalachiteError('InvalidInput', `"${name}" is no compute name. ${description}`);
}

function mustBeRange({ name, minInstances, maxInstances }: Cluster): void {
  if (minInstances <= maxInstances) return;
  throw new MalachiteError(
    'InvalidInput',
    `Compute "${name}": minInstances (${minInstances}) is more than maxInstances (${maxInstances}).`,
  );
}

/** The fields that were given. */
function given<T extends object>(input: T): Partial<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function find(db: Database, name: string): Cluster | undefined {
  const row = db.get<Row>('SELECT * FROM computes WHERE name = ?', [name]);
  return row && fromRow(row);
}

function save(db: Database, cluster: Cluster): void {
  db.run(
    `INSERT OR REPLACE INTO computes (name, type, size, tier, min_instances, max_instances, idle_time_before_scale_down,
       description, tags, properties, created_at)
     VALUES (:name, :type, :size, :tier, :minInstances, :maxInstances, :idleTimeBeforeScaleDown, :description, :tags, :properties, :createdAt)`,
    {
      ...cluster,
      description: cluster.description,
      tags: cluster.tags && JSON.stringify(cluster.tags),
      properties: cluster.properties && JSON.stringify(cluster.properties),
    },
  );
}

function fromRow(row: Row): Cluster {
  return {
    name: row.name,
    type: row.type,
    size: row.size,
    tier: row.tier,
    minInstances: row.min_instances,
    maxInstances: row.max_instances,
    idleTimeBeforeScaleDown: row.idle_time_before_scale_down,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.tags === null ? {} : { tags: JSON.parse(row.tags) as Record<string, string> }),
    ...(row.properties === null ? {} : { properties: JSON.parse(row.properties) as Record<string, string> }),
    createdAt: row.created_at,
  };
}
