/** What a user of `az ml` would type and Malachite does not do yet: each answers with what is missing, and exit code 2. */

/** Nouns, and what they wait for. */
export const nounsNotYet: Readonly<Record<string, string>> = {
  'batch-deployment': 'Batch scoring over a local file is "malachite score MODEL FILE"; batch endpoints are not there yet.',
  'batch-endpoint': 'Batch scoring over a local file is "malachite score MODEL FILE"; batch endpoints are not there yet.',
  component: 'Components are not there yet; a pipeline holds its steps itself.',
  connection: 'Connections to other services are not there yet.',
  datastore: 'The workspace has one datastore of its own; others are not there yet.',
  environment: 'Environments are not there yet; models run in ONNX Runtime and need none.',
  'feature-set': 'Feature stores are not there yet.',
  'feature-store': 'Feature stores are not there yet.',
  'feature-store-entity': 'Feature stores are not there yet.',
  index: 'Search indexes are not there yet.',
  'marketplace-subscription': 'The marketplace is a service of Azure only.',
  registry: 'Registries shared between workspaces are not there yet.',
  'serverless-endpoint': 'Serverless endpoints of hosted models are a service of Azure only.',
  workspace:
    'A workspace is a folder here (MALACHITE_HOME); "malachite up" makes it. The commands of "az ml workspace" are not there yet.',
  'workspace-hub': 'Hubs are a service of Azure only.',
};

/** Verbs of nouns that are there. */
export const verbsNotYet: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  data: {
    import: 'Give a local file: "malachite data create -n NAME --path FILE".',
    mount: 'The files are on this machine; "data query" and "data preview" read them.',
    share: 'Sharing to a registry is not there yet.',
    update: 'Versions are immutable; changing description or tags is not there yet.',
  },
  compute: {
    attach: 'Attached compute is not there yet.',
    'connect-ssh': 'Nodes are processes of this machine; there is nothing to connect to.',
    'list-nodes': '"compute show" has the number of running and idle nodes.',
    'list-sizes': 'The local machine is the only size there is.',
    'list-usage': 'The local machine has no quota.',
    start: 'Compute instances are not there yet; clusters start nodes by themselves.',
    stop: 'Compute instances are not there yet; clusters stop nodes by themselves.',
    restart: 'Compute instances are not there yet.',
  },
  job: {
    archive: 'Archiving jobs is not there yet.',
    restore: 'Archiving jobs is not there yet.',
    'connect-ssh': 'Jobs are processes of this machine; there is nothing to connect to.',
    'show-services': 'Interactive services in jobs are not there yet.',
    update: 'Changing tags of a job is not there yet.',
    validate: '"job create" checks everything before it starts anything.',
  },
  model: {
    package: 'Model packages are not there yet.',
    share: 'Sharing to a registry is not there yet.',
    update: 'Versions are immutable; changing description or tags is not there yet.',
  },
  schedule: { update: 'Delete the schedule and create it anew; "enable" and "disable" switch it.' },
};
