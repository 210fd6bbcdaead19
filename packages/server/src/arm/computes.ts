/** Compute clusters: ARM's AmlCompute over the compute port. */
import { type ComputeCreate, type ComputeTarget, MalachiteError } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { missing } from '../missing.ts';
import { durationOf, secondsOf } from './durations.ts';
import { type Facade, location } from './facade.ts';
import { page } from './list.ts';
import { type Scope, workspaceRoute } from './paths.ts';
import { field, type JsonObject, objectAt, over, resource, textAt } from './resource.ts';

type Params = Scope & { readonly name: string };
const route = `${workspaceRoute}/computes/:name`;

export function registerComputes(app: FastifyInstance, { workspace, documents, origin }: Facade): void {
  const show = (scope: Scope, compute: ComputeTarget): JsonObject =>
    toArm(scope, compute, documents.get(['computes', compute.name])?.body);

  app.put<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }, reply) => {
    const existed = await workspace.compute.get({ name: params.name }).catch(missing);
    const compute = await workspace.compute.create(toCore(params.name, body));
    documents.put(['computes', params.name], body);
    return reply.code(existed ? 200 : 201).send(show(params, compute));
  });
  // Azure's own client changes the scale with a PATCH.
  app.patch<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }) => {
    const properties = objectAt(objectAt(body, 'properties'), 'properties');
    const compute = await workspace.compute.update({ name: params.name, ...scaleOf(properties ?? objectAt(body, 'properties')) });
    return show(params, compute);
  });
  app.get<{ Params: Params }>(route, async ({ params }) => show(params, await workspace.compute.get({ name: params.name })));
  app.get<{ Params: Scope }>(`${workspaceRoute}/computes`, async (request) => {
    const computes = await workspace.compute.list({});
    return page(
      request,
      origin(),
      computes.map((compute) => show(request.params, compute)),
    );
  });
  app.delete<{ Params: Params }>(route, async ({ params }, reply) => {
    const found = await workspace.compute.get({ name: params.name }).catch(missing);
    if (!found) return reply.code(204).send();
    await workspace.compute.delete({ name: params.name });
    documents.delete(['computes', params.name]);
    return reply.code(200).send();
  });
  app.post<{ Params: Params }>(`${route}/listNodes`, async ({ params }) => {
    const compute = await workspace.compute.get({ name: params.name });
    const node = (nodeState: string, index: number) => ({ nodeId: `${compute.name}-${nodeState}-${index}`, nodeState });
    return {
      nodes: [
        ...Array.from({ length: compute.runningNodeCount }, (_, index) => node('running', index)),
        ...Array.from({ length: compute.idleNodeCount }, (_, index) => node('idle', index)),
      ],
    };
  });
  app.get<{ Params: { location: string } }>(
    '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/locations/:location/vmSizes',
    async () => ({ value: [] }),
  );
}

function toCore(name: string, body: JsonObject): ComputeCreate {
  const properties = objectAt(body, 'properties');
  const type = textAt(properties, 'computeType') ?? 'AmlCompute';
  if (type.toLowerCase() !== 'amlcompute') {
    throw new MalachiteError('NotSupported', `Compute "${name}" is a ${type}. Malachite has clusters only: AmlCompute.`);
  }
  const cluster = objectAt(properties, 'properties');
  const priority = textAt(cluster, 'vmPriority');
  return {
    name,
    type: 'amlcompute',
    size: textAt(cluster, 'vmSize'),
    tier: priority === undefined ? undefined : priority.toLowerCase() === 'lowpriority' ? 'low_priority' : 'dedicated',
    ...scaleOf(cluster),
    description: textAt(properties, 'description'),
    tags: objectAt(body, 'tags') as ComputeCreate['tags'],
  };
}

function scaleOf(cluster: JsonObject | undefined) {
  const scale = objectAt(cluster, 'scaleSettings');
  const idle = textAt(scale, 'nodeIdleTimeBeforeScaleDown');
  return {
    minInstances: field(scale, 'minNodeCount') as number | undefined,
    maxInstances: field(scale, 'maxNodeCount') as number | undefined,
    idleTimeBeforeScaleDown: idle === undefined ? undefined : Math.round(secondsOf(idle)),
  };
}

function toArm(scope: Scope, compute: ComputeTarget, kept: JsonObject | undefined): JsonObject {
  const properties = {
    computeType: 'AmlCompute',
    computeLocation: location,
    description: compute.description,
    provisioningState: compute.provisioningState,
    provisioningErrors: null,
    createdOn: compute.createdAt,
    modifiedOn: compute.createdAt,
    resourceId: null,
    isAttachedCompute: false,
    properties: {
      vmSize: compute.size.toUpperCase(),
      vmPriority: compute.tier === 'low_priority' ? 'LowPriority' : 'Dedicated',
      scaleSettings: {
        minNodeCount: compute.minInstances,
        maxNodeCount: compute.maxInstances,
        nodeIdleTimeBeforeScaleDown: durationOf(compute.idleTimeBeforeScaleDown),
      },
      allocationState: compute.allocationState,
      allocationStateTransitionTime: compute.createdAt,
      currentNodeCount: compute.runningNodeCount + compute.idleNodeCount,
      targetNodeCount: Math.max(compute.runningNodeCount + compute.idleNodeCount, compute.minInstances),
      nodeStateCounts: {
        preparingNodeCount: 0,
        runningNodeCount: compute.runningNodeCount,
        idleNodeCount: compute.idleNodeCount,
        unusableNodeCount: 0,
        leavingNodeCount: 0,
        preemptedNodeCount: 0,
      },
      errors: null,
    },
  };
  return resource({
    scope,
    path: ['computes', compute.name],
    properties: over(objectAt(kept, 'properties'), properties),
    tags: compute.tags ?? {},
    location,
    createdAt: compute.createdAt,
  });
}
