/** `online-deployment create -f deployment.yml`: a model behind an online endpoint. */
import { type DeploymentCreate, MalachiteError, type Probe, type RequestSettings } from '@malachite/core';
import { readEnvironment } from './deployment-environment.ts';
import type { YamlDocument } from './document.ts';
import type { ModelAsset } from './model.ts';
import { readModel } from './model.ts';
import { isReference, referenceOrLocal } from './references.ts';

/** A deployment; its model is a reference, or a local model to be registered first, and its code is a local folder. */
export type DeploymentFile = Omit<DeploymentCreate, 'model' | 'codeConfiguration'> & {
  readonly model: string | ModelAsset;
  readonly code?: LocalCode;
};

export type LocalCode = {
  /** Absolute. */
  readonly folder: string;
  /** From that folder. */
  readonly scoringScript: string;
};

export function readDeployment(document: YamlDocument): DeploymentFile {
  const { root } = document;
  const type = root.word('type', ['managed', 'kubernetes']);
  if (type === 'kubernetes') {
    throw new MalachiteError('NotSupported', 'Kubernetes online deployments are not there yet; leave "type" out.');
  }
  const name = root.requiredText('name');
  const endpointName = root.requiredText('endpoint_name');
  const deployment: DeploymentFile = {
    name,
    endpointName,
    model: readModelField(document, `${endpointName}-${name}`),
    instanceType: root.text('instance_type'),
    appInsightsEnabled: root.boolean('app_insights_enabled'),
    code: readCode(document),
    environmentVariables: root.tags('environment_variables'),
    instanceCount: root.integer('instance_count'),
    requestSettings: readRequestSettings(document),
    livenessProbe: readProbe(document, 'liveness_probe'),
    readinessProbe: readProbe(document, 'readiness_probe'),
    description: root.text('description'),
    tags: root.tags('tags'),
    properties: root.tags('properties'),
  };
  readEnvironment(document, deployment.code);
  readScaleSettings(document);
  for (const [field, remark] of Object.entries(withoutMeaning))
    if (root.has(field)) root.warn(field, `${remark}; it is left out`);
  root.end();
  return deployment;
}

/** Fields of Azure's that a process on this machine has no use for. */
const withoutMeaning = {
  egress_public_network_access: 'has no meaning on this machine: a process is in no virtual network',
  private_network_connection: 'has no meaning on this machine: a process is in no virtual network',
  model_mount_path: 'mounts nothing on this machine: a script finds its model in AZUREML_MODEL_DIR',
  data_collector: 'collects nothing on this machine; with "app_insights_enabled" bodies and answers are in "logs query"',
} as const;

function readScaleSettings({ root }: YamlDocument): void {
  const section = root.section('scale_settings');
  if (section === undefined) return;
  if (section.word('type', ['default', 'target_utilization']) === 'target_utilization') {
    root.warn('scale_settings', 'scales nothing on this machine: "instance_count" processes answer');
  }
  section.end(['polling_interval', 'target_utilization_percentage', 'min_instances', 'max_instances']);
}

function readProbe({ root }: YamlDocument, name: 'liveness_probe' | 'readiness_probe'): Probe | undefined {
  const section = root.section(name);
  if (section === undefined) return undefined;
  const probe = {
    initialDelay: section.integer('initial_delay'),
    period: section.integer('period'),
    timeout: section.integer('timeout'),
    successThreshold: section.integer('success_threshold'),
    failureThreshold: section.integer('failure_threshold'),
  };
  section.end();
  return probe;
}

function readRequestSettings({ root }: YamlDocument): RequestSettings | undefined {
  const section = root.section('request_settings');
  if (section === undefined) return undefined;
  const settings = {
    requestTimeoutMs: section.integer('request_timeout_ms'),
    maxConcurrentRequestsPerInstance: section.integer('max_concurrent_requests_per_instance'),
    maxQueueWaitMs: section.integer('max_queue_wait_ms'),
  };
  section.end();
  return settings;
}

/** `code` is a folder beside the file; the file's own folder when it is left out. */
function readCode({ root, folder }: YamlDocument): LocalCode | undefined {
  const section = root.section('code_configuration');
  if (section === undefined) return undefined;
  const code = {
    folder: referenceOrLocal(section.text('code') ?? '.', folder),
    scoringScript: section.requiredText('scoring_script'),
  };
  section.end();
  return code;
}

/** `azureml:bank:1`, a local path, or a model written inline; an inline model without a name takes `anonymousName`. */
function readModelField({ root, folder, warnings }: YamlDocument, anonymousName: string): string | ModelAsset {
  if (root.isText('model')) {
    const path = root.requiredText('model');
    return isReference(path) ? path : { name: anonymousName, path: referenceOrLocal(path, folder) };
  }
  const section = root.section('model');
  if (section === undefined) throw root.wrong('model', 'is required: azureml:NAME:VERSION, or a path to an ONNX file');
  return readModel({ root: section, folder, warnings }, anonymousName);
}
