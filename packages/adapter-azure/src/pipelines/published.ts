/**
 * Published pipelines: versions of pipeline components, which every client of the workspace finds and may put into a job.
 * Azure ML v1 gave a published pipeline a REST endpoint with a key; what came after it, the batch endpoint, takes no keys
 * and registers no model, so ours have none.
 */
import { randomUUID } from 'node:crypto';
import type { ComponentVersion } from '@azure/arm-machinelearning';
import { checkGraph, MalachiteError, type PipelineSpec, type PublishedPipeline, type PublishPipeline } from '@malachite/core';
import type { Connection } from '../connection.ts';
import { asked } from '../errors.ts';
import { createdAtOf, ownProperties, ownProperty } from '../forms.ts';
import { type ArmVersion, versionsOf } from '../versions.ts';
import { azureGraph } from './graph.ts';

export type PublishedPipelines = {
  publish(input: PublishPipeline): Promise<PublishedPipeline>;
  /** By id; else the newest of that name, an active one first. @throws MalachiteError `NotFound`. */
  find(id: string): Promise<PublishedPipeline>;
  list(): Promise<PublishedPipeline[]>;
  disable(id: string): Promise<PublishedPipeline>;
};

type Component = ArmVersion & ComponentVersion;
type Named = { readonly name: string; readonly component: Component };

/** Containers that are looked into at once. */
const atOnce = 8;

export function publishedPipelines(connection: Connection): PublishedPipelines {
  const { client, resourceGroup: group, workspaceName: workspace } = connection;
  const versions = versionsOf<Component>({
    noun: 'published pipeline',
    containers: (listViewType) => client.componentContainers.list(group, workspace, { listViewType }),
    versions: (name) => client.componentVersions.list(group, workspace, name, { listViewType: 'All' }),
    version: (name, version) => client.componentVersions.get(group, workspace, name, version),
  });
  const isOurs = ({ properties }: Component) => ownProperty(properties.properties, 'pipeline') !== undefined;
  const ofName = async (name: string): Promise<Named[]> =>
    (await versions.known(name)).filter(isOurs).map((component) => ({ name, component }));
  const all = async (): Promise<Named[]> => {
    const names = await asked('Listing published pipelines', async () =>
      (await Array.fromAsync(client.componentContainers.list(group, workspace, { listViewType: 'All' }))).map(
        ({ name = '' }) => name,
      ),
    );
    const found: Named[] = [];
    for (let i = 0; i < names.length; i += atOnce) {
      found.push(...(await Promise.all(names.slice(i, i + atOnce).map(ofName))).flat());
    }
    return found.toSorted((a, b) => createdAtOf(b.component.systemData).localeCompare(createdAtOf(a.component.systemData)));
  };
  const look = async (id: string): Promise<Named> => {
    const named = isUuid(id) ? (await all()).filter(({ component }) => component.name === id) : await ofName(id);
    const found = named.find(({ component }) => component.properties.isArchived !== true) ?? named[0];
    if (!found) throw new MalachiteError('NotFound', `Published pipeline "${id}" does not exist.`);
    return found;
  };
  const put = ({ name, component }: Named) =>
    asked(`Publishing "${name}"`, () =>
      client.componentVersions.createOrUpdate(group, workspace, name, component.name ?? '', { properties: component.properties }),
    );
  return {
    async publish({ name, description, pipeline }) {
      checkGraph(pipeline);
      const component: Component = {
        name: randomUUID(),
        properties: {
          componentSpec: componentOf(connection, name, description, pipeline),
          properties: ownProperties({ pipeline: JSON.stringify(pipeline) }),
          isArchived: false,
          ...(description !== undefined && { description }),
        },
      };
      return toCore({ name, component: await put({ name, component }) });
    },
    find: async (id) => toCore(await look(id)),
    list: async () => (await all()).map(toCore),
    async disable(id) {
      const { name, component } = await look(id);
      const archived = { ...component, properties: { ...component.properties, isArchived: true } };
      return toCore({ name, component: await put({ name, component: archived }) });
    },
  };
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The component's YAML, as JSON: https://learn.microsoft.com/azure/machine-learning/reference-yaml-component-pipeline */
function componentOf(
  connection: Connection,
  name: string,
  description: string | undefined,
  pipeline: PipelineSpec,
): Record<string, unknown> {
  const { inputs, nodes, outputs } = azureGraph(connection, pipeline);
  const each = (names: object, type: string) => Object.fromEntries(Object.keys(names).map((key) => [key, { type }]));
  return {
    $schema: 'https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json',
    type: 'pipeline',
    name,
    ...(pipeline.displayName !== undefined && { display_name: pipeline.displayName }),
    ...(description !== undefined && { description }),
    inputs: each(inputs, 'mltable'),
    outputs: each(outputs, 'mlflow_model'),
    jobs: nodes,
  };
}

function toCore({ name, component: { name: id = '', properties, systemData } }: Named): PublishedPipeline {
  return {
    id,
    name,
    ...(properties.description && { description: properties.description }),
    status: properties.isArchived === true ? 'Disabled' : 'Active',
    endpoint: null,
    pipeline: JSON.parse(ownProperty(properties.properties, 'pipeline') ?? '{}') as PipelineSpec,
    createdAt: createdAtOf(systemData),
  };
}
