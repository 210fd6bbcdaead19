/** Endpoints, their keys and deployments in the database. */
import {
  type Deployment,
  type DeploymentUpdate,
  type Endpoint,
  type EndpointKeys,
  MalachiteError,
  type MirrorTraffic,
  type RequestSettings,
  type Tags,
  type Traffic,
} from '@malachite/core';
import type { Changes } from '../changes.ts';
import type { Context } from '../store/context.ts';
import { fromJson, fromJsonOr, toJson } from '../store/json.ts';

/** An endpoint as it is recorded: where it listens and who may call it. */
export type EndpointRecord = Pick<
  Endpoint,
  'name' | 'authMode' | 'description' | 'tags' | 'properties' | 'traffic' | 'mirrorTraffic' | 'createdAt'
> & {
  readonly keys: EndpointKeys;
  readonly port: number;
  /** Of the host that runs now, or ran last. */
  readonly process: string | null;
};

export type DeploymentRecord = Deployment & {
  /** The model that is served; while an update is under way `model` is the next one. */
  readonly servedModel: string | null;
  /** The same of the script, its environment and its variables. */
  readonly servedScripting: Scripting;
};

export type Scripting = Pick<Deployment, 'codeConfiguration' | 'environment' | 'environmentVariables'>;
type Probes = Pick<Deployment, 'livenessProbe' | 'readinessProbe'>;

type EndpointRow = {
  name: string;
  auth_mode: Endpoint['authMode'];
  description: string | null;
  tags: string | null;
  properties: string | null;
  traffic: string;
  mirror_traffic: string;
  primary_key: string;
  secondary_key: string;
  port: number;
  process: string | null;
  created_at: string;
};

type DeploymentRow = {
  endpoint: string;
  name: string;
  model: string;
  next_model: string | null;
  is_served: number;
  instance_type: string;
  app_insights_enabled: number;
  description: string | null;
  tags: string | null;
  properties: string | null;
  script: string | null;
  next_script: string | null;
  probes: string | null;
  instance_count: number;
  request_settings: string | null;
  state: Deployment['provisioningState'];
  error: string | null;
  created_at: string;
};

export type EndpointRecords = ReturnType<typeof openEndpointRecords>;

export const deploymentTopic = (endpoint: string, name: string): string => `deployment:${endpoint}/${name}`;

export function openEndpointRecords({ db, clock }: Context, changes: Changes) {
  const endpointRow = (name: string): EndpointRow => {
    const found = db.get<EndpointRow>('SELECT * FROM endpoints WHERE name = ?', [name]);
    if (found) return found;
    const names = db.all<EndpointRow>('SELECT * FROM endpoints ORDER BY ordinal').map((row) => row.name);
    throw new MalachiteError('NotFound', `Endpoint "${name}" does not exist. Endpoints: ${names.join(', ') || 'none'}.`);
  };
  const deploymentRows = (endpoint: string): DeploymentRow[] =>
    db.all<DeploymentRow>('SELECT * FROM deployments WHERE endpoint = ? ORDER BY ordinal', [endpointRow(endpoint).name]);
  const deploymentRow = (endpoint: string, name: string): DeploymentRow => {
    const rows = deploymentRows(endpoint);
    const found = rows.find((row) => row.name === name);
    if (found) return found;
    const names = rows.map((row) => row.name).join(', ');
    throw new MalachiteError('NotFound', `Endpoint "${endpoint}" has no deployment "${name}". Deployments: ${names || 'none'}.`);
  };

  return {
    has: (name: string): boolean => db.get('SELECT 1 FROM endpoints WHERE name = ? COLLATE NOCASE', [name]) !== undefined,
    insert(endpoint: Omit<EndpointRecord, 'traffic' | 'mirrorTraffic' | 'process' | 'createdAt'>): void {
      db.run(
        `INSERT INTO endpoints (name, auth_mode, description, tags, properties, traffic, primary_key, secondary_key, port, created_at)
         VALUES (:name, :authMode, :description, :tags, :properties, '{}', :primaryKey, :secondaryKey, :port, :createdAt)`,
        {
          name: endpoint.name,
          authMode: endpoint.authMode,
          description: endpoint.description,
          tags: toJson(endpoint.tags),
          properties: toJson(endpoint.properties),
          ...endpoint.keys,
          port: endpoint.port,
          createdAt: clock().toISOString(),
        },
      );
    },
    get: (name: string): EndpointRecord => toEndpoint(endpointRow(name)),
    list: (): EndpointRecord[] => db.all<EndpointRow>('SELECT * FROM endpoints ORDER BY ordinal').map(toEndpoint),
    update(name: string, change: { traffic?: Traffic; mirrorTraffic?: MirrorTraffic; description?: string; tags?: Tags }): void {
      db.run(
        `UPDATE endpoints SET traffic = coalesce(:traffic, traffic),
           mirror_traffic = coalesce(:mirrorTraffic, mirror_traffic), description = coalesce(:description, description),
           tags = coalesce(:tags, tags) WHERE name = :name`,
        {
          name,
          traffic: toJson(change.traffic),
          mirrorTraffic: toJson(change.mirrorTraffic),
          description: change.description,
          tags: toJson(change.tags),
        },
      );
    },
    setKey(name: string, keyType: 'primary' | 'secondary', key: string): void {
      db.run(`UPDATE endpoints SET ${keyType}_key = ? WHERE name = ?`, [key, name]);
    },
    setHost(name: string, host: { port: number; process: string | null }): void {
      db.run('UPDATE endpoints SET port = ?, process = ? WHERE name = ?', [host.port, host.process, name]);
    },
    delete(name: string): void {
      const deployments = deploymentRows(name);
      db.run('DELETE FROM endpoints WHERE name = ?', [name]);
      for (const deployment of deployments) changes.changed(deploymentTopic(name, deployment.name));
    },
    insertDeployment(deployment: Omit<Deployment, 'provisioningState' | 'error' | 'createdAt'>): void {
      const { changes: added } = db.run(
        `INSERT INTO deployments (endpoint, name, model, instance_type, app_insights_enabled, description, tags, properties, script,
           instance_count, request_settings, probes, state, created_at)
         VALUES (:endpointName, :name, :model, :instanceType, :appInsightsEnabled, :description, :tags, :properties, :script,
           :instanceCount, :requestSettings, :probes, 'Creating', :createdAt)
         ON CONFLICT DO NOTHING`,
        {
          endpointName: deployment.endpointName,
          name: deployment.name,
          model: deployment.model,
          instanceType: deployment.instanceType,
          appInsightsEnabled: deployment.appInsightsEnabled,
          description: deployment.description,
          tags: toJson(deployment.tags),
          properties: toJson(deployment.properties),
          script: toJson(scriptingOf(deployment)),
          instanceCount: deployment.instanceCount,
          requestSettings: toJson(deployment.requestSettings),
          probes: toJson(probesOf(deployment)),
          createdAt: clock().toISOString(),
        },
      );
      if (added === 1) return;
      throw new MalachiteError(
        'Conflict',
        `Endpoint "${deployment.endpointName}" has a deployment "${deployment.name}" already. Update it, or choose another name.`,
      );
    },
    deployment: (endpoint: string, name: string): DeploymentRecord => toDeployment(deploymentRow(endpoint, name)),
    deployments: (endpoint: string): DeploymentRecord[] => deploymentRows(endpoint).map(toDeployment),
    /** An update begins: with another model or script it is Updating until `settle`. */
    updateDeployment(
      endpoint: string,
      name: string,
      change: Pick<DeploymentUpdate, 'appInsightsEnabled' | 'instanceCount' | 'requestSettings' | 'description' | 'tags'> &
        Probes & { readonly nextModel?: string; readonly nextScripting?: Scripting },
    ): void {
      const before = toDeployment(deploymentRow(endpoint, name));
      const hasNext = change.nextModel !== undefined || change.nextScripting !== undefined;
      db.run(
        `UPDATE deployments SET next_model = coalesce(:nextModel, next_model), next_script = coalesce(:nextScript, next_script),
           state = CASE WHEN :hasNext THEN 'Updating' ELSE state END,
           app_insights_enabled = coalesce(:appInsightsEnabled, app_insights_enabled),
           instance_count = coalesce(:instanceCount, instance_count),
           request_settings = coalesce(:requestSettings, request_settings), probes = :probes,
           description = coalesce(:description, description), tags = coalesce(:tags, tags)
         WHERE endpoint = :endpoint AND name = :name`,
        {
          endpoint,
          name,
          nextModel: change.nextModel,
          nextScript: toJson(change.nextScripting),
          hasNext,
          probes: toJson({ ...probesOf(before), ...defined(probesOf(change)) }),
          appInsightsEnabled: change.appInsightsEnabled,
          instanceCount: change.instanceCount,
          requestSettings: toJson(change.requestSettings),
          description: change.description,
          tags: toJson(change.tags),
        },
      );
      changes.changed(deploymentTopic(endpoint, name));
    },
    /** The end of a creation or update. A failed update leaves the model that was served. */
    settle(endpoint: string, name: string, error: string | null): void {
      db.run(
        `UPDATE deployments SET state = CASE WHEN :error IS NULL THEN 'Succeeded' ELSE 'Failed' END, error = :error,
           is_served = is_served OR :error IS NULL, model = CASE WHEN :error IS NULL THEN coalesce(next_model, model) ELSE model END,
           next_model = NULL,
           script = CASE WHEN :error IS NULL THEN coalesce(next_script, script) ELSE script END, next_script = NULL
         WHERE endpoint = :endpoint AND name = :name`,
        { endpoint, name, error },
      );
      changes.changed(deploymentTopic(endpoint, name));
    },
    deleteDeployment(endpoint: string, name: string): void {
      db.run('DELETE FROM deployments WHERE endpoint = ? AND name = ?', [endpoint, name]);
      changes.changed(deploymentTopic(endpoint, name));
    },
  };
}

function scriptingOf({ codeConfiguration, environment, environmentVariables }: Scripting): Scripting {
  return { codeConfiguration, environment, environmentVariables };
}

function probesOf({ livenessProbe, readinessProbe }: Probes): Probes {
  return { livenessProbe, readinessProbe };
}

/** Without what is undefined, which would hide what was there. */
function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function toEndpoint(row: EndpointRow): EndpointRecord {
  return {
    name: row.name,
    authMode: row.auth_mode,
    description: row.description ?? undefined,
    tags: fromJsonOr<Tags>(row.tags),
    properties: fromJsonOr<Tags>(row.properties),
    traffic: fromJson<Traffic>(row.traffic),
    mirrorTraffic: fromJson<MirrorTraffic>(row.mirror_traffic),
    keys: { primaryKey: row.primary_key, secondaryKey: row.secondary_key },
    port: row.port,
    process: row.process,
    createdAt: row.created_at,
  };
}

function toDeployment(row: DeploymentRow): DeploymentRecord {
  return {
    endpointName: row.endpoint,
    name: row.name,
    model: row.next_model ?? row.model,
    servedModel: row.is_served === 1 ? row.model : null,
    instanceType: row.instance_type,
    appInsightsEnabled: row.app_insights_enabled === 1,
    description: row.description ?? undefined,
    tags: fromJsonOr<Tags>(row.tags),
    properties: fromJsonOr<Tags>(row.properties),
    instanceCount: row.instance_count,
    requestSettings: fromJsonOr<RequestSettings>(row.request_settings),
    ...fromJsonOr<Probes>(row.probes),
    ...fromJsonOr<Scripting>(row.next_script ?? row.script),
    servedScripting: fromJsonOr<Scripting>(row.script) ?? {},
    provisioningState: row.state,
    error: row.error,
    createdAt: row.created_at,
  };
}
