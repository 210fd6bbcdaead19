/** What is missing where something works in part, and why something is refused; by the word that the name begins with. */
export const notes: Readonly<Record<string, string>> = {
  jobs: 'AutoML for tables (classification, regression) and pipelines of AutoML nodes. Command, sweep, Spark, forecasting, image and text jobs are refused.',
  schedules: 'Malachite runs a pipeline when a dataset gets a version; clocks are refused.',
  batch: 'There are no batch endpoints: score a file with an online endpoint or "malachite score".',
  compute: 'Clusters (AmlCompute) only. Instances, attached compute, starting, stopping and quotas are refused.',
  registries: 'Registries are not emulated.',
  workspaces: 'One workspace, under any name. It is not deleted, diagnosed or provisioned.',
  datastores: "The workspace's own two hold data; others are kept as words, without their secrets.",
  online_deployments:
    'Models and score scripts; nothing is built of an environment: scripts run in the Python of MALACHITE_PYTHON. Local deployments need Docker.',
  private: 'Nothing here is on a network.',
  modelVersions: 'Versions are immutable and stay: archive them.',
  dataVersions: 'Versions are immutable and stay: archive them.',
  dataContainers: 'Versions are immutable and stay: archive them.',
  modelContainers: 'Versions are immutable and stay: archive them.',
  environment: 'Versions are immutable and stay: archive them.',
  component: 'Versions are immutable and stay: archive them.',
  code: 'Versions are immutable and stay: archive them.',
  virtual: 'Virtual clusters are not emulated.',
  quotas: 'A machine has what it has.',
  usages: 'A machine has what it has.',
  connections: 'Connections to other services are not emulated.',
  workspaceConnections: 'Connections to other services are not emulated.',
  feature: 'Feature stores are not emulated.',
  marketplace: 'The marketplace is not emulated.',
  serverless: 'Serverless endpoints of the model catalogue are not emulated.',
};

export function noteOf(name: string): string {
  const keys = Object.keys(notes).filter((key) => name.toLowerCase().startsWith(key.toLowerCase()));
  return notes[keys.sort((a, b) => b.length - a.length)[0] ?? ''] ?? '';
}
