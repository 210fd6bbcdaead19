/** What is missing of an operation of ARM that works in part; by the word that its name begins with. */
const notes: Readonly<Record<string, string>> = {
  jobs: 'AutoML for tables (classification, regression) and pipelines of AutoML nodes. Command, sweep, Spark, forecasting, image and text jobs are refused.',
  compute: 'Clusters (AmlCompute) only.',
  workspaces: 'One workspace, under any name; it is not deleted.',
  dataVersions: 'Deployments collect no data.',
  online:
    'Models and scoring scripts on managed endpoints; Kubernetes, images with servers of their own and models of registries are refused.',
  schedules: 'Malachite runs a pipeline when a dataset gets a version; clocks are refused.',
  datastores: "The workspace's own two hold data; others are kept as words, without their secrets.",
};

export function noteOf(name: string): string {
  return Object.entries(notes).find(([word]) => name.startsWith(word))?.[1] ?? '';
}
