/** Why an address of Azure's has no answer here, in the words of its user: the sentence of the 501, and of the coverage page. */

type Reason = { readonly path: RegExp; readonly method?: string; readonly sentence: string };

const reasons: readonly Reason[] = [
  {
    path: /\/batchEndpoints\b/i,
    sentence: 'There are no batch endpoints: score a file with an online endpoint or "malachite score".',
  },
  { path: /\/schedules\b/i, sentence: 'Malachite runs a pipeline when a dataset gets a version; clocks are not emulated.' },
  { path: /\/feature(?:sets|storeEntities)\b/i, sentence: 'Feature stores are not emulated.' },
  { path: /\/Microsoft\.Resources\//i, sentence: 'Templates are not deployed: the one workspace is there, under any name.' },
  { path: /\/connections\b/i, sentence: 'Connections to other services are not emulated.' },
  { path: /\/serverlessEndpoints\b/i, sentence: 'Serverless endpoints of the model catalogue are not emulated.' },
  { path: /\/marketplaceSubscriptions\b/i, sentence: 'The marketplace is not emulated.' },
  { path: /\/capabilityHosts\b/i, sentence: 'Hubs, projects and their agents are not emulated.' },
  {
    path: /\/(?:outboundRules|provisionManagedNetwork|private(?:Endpoint|Link)\w*|outboundNetworkDependenciesEndpoints)\b/i,
    sentence: 'Networks are not emulated: Malachite answers on this machine and reaches out to nothing.',
  },
  {
    path: /\/(?:registries|registrymanagement)\b/i,
    sentence: 'Registries are not emulated: register the asset in the workspace.',
  },
  { path: /^\/genericasset\/|\/indexes\b/i, sentence: 'Vector indexes are not emulated.' },
  { path: /\/virtualClusters\b/i, sentence: 'Virtual clusters are not emulated.' },
  { path: /\/(?:usages|quotas|updateQuotas)\b/i, sentence: 'There are no quotas: a machine has what it has.' },
  { path: /\/features\b/i, sentence: 'There is one edition: features are not listed.' },
  {
    path: /\/workspaces\/[^/]+\/(?:diagnose|resyncKeys|listStorageAccountKeys|\w*notebook\w*)$/i,
    sentence: 'The workspace is a folder of this machine: it has no notebooks and no storage keys, and is not diagnosed.',
  },
  {
    path: /\/computes\/[^/]+\/\w+$/i,
    sentence: 'Only compute instances are started, stopped and signed in to, and Malachite has clusters only: AmlCompute.',
  },
  { path: /\/models\/.+\/package$/i, sentence: 'Models are not packed into images: deploy the model itself.' },
  { path: /\/jobs\/[^/]+$/i, method: 'DELETE', sentence: 'Jobs are kept: archive them.' },
  {
    path: /\/(?:data|models|environments|codes|components)\/[^/]+(?:\/versions\/[^/]+)?$/i,
    method: 'DELETE',
    sentence: 'Versions are immutable and stay: archive them.',
  },
];

/** The sentence for a call that has no route; undefined for one that Azure may not have either. */
export function whyNotEmulated(method: string, path: string): string | undefined {
  return reasons.find((reason) => reason.path.test(path) && (reason.method ?? method) === method)?.sentence;
}
