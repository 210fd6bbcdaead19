/** `online-endpoint create -f endpoint.yml`: a managed online endpoint. */
import { type EndpointCreate, MalachiteError, type MirrorTraffic, type Traffic } from '@malachite/core';
import type { YamlDocument } from './document.ts';

/** Azure sets traffic in the same file; it can only be acted upon when the deployments are there (on update). */
export type EndpointFile = EndpointCreate & { readonly traffic?: Traffic; readonly mirrorTraffic?: MirrorTraffic };

export function readEndpoint({ root }: YamlDocument): EndpointFile {
  if (root.has('compute')) {
    throw new MalachiteError(
      'NotSupported',
      'Kubernetes online endpoints (with "compute") are not there yet; leave "compute" out.',
    );
  }
  const authMode = root.word('auth_mode', ['key', 'aml_token', 'aad_token', 'none']) ?? 'key';
  const endpoint: EndpointFile = {
    name: root.requiredText('name'),
    authMode,
    traffic: root.integers('traffic'),
    mirrorTraffic: root.integers('mirror_traffic'),
    description: root.text('description'),
    tags: root.tags('tags'),
    properties: root.tags('properties'),
  };
  for (const name of ['location', 'identity', 'public_network_access']) {
    if (root.has(name)) root.warn(name, 'has no meaning on this machine, where endpoints answer at 127.0.0.1; it is left out');
  }
  root.end(['kind', 'scoring_uri', 'openapi_uri']);
  return endpoint;
}
