import { resolve } from 'node:path';
import { type CodeConfiguration, type Deployment, settledDeployment, type Workspace } from '@malachite/core';
import { createModel } from '../../assets/create-model.ts';
import { upload } from '../../assets/upload.ts';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, noWaitFlag, setFlag } from '../../cli/flags.ts';
import { type DeploymentFile, type LocalCode, readDeployment } from '../../yaml/index.ts';
import { isReference } from '../../yaml/references.ts';
import { readSpecification } from '../specification.ts';
import { deploymentColumns, endpointNameFlag } from './flags.ts';

export const onlineDeploymentCreate: Command = {
  name: 'create',
  describe: 'Put a model behind an online endpoint, and wait until it answers.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    endpointNameFlag,
    { flags: '-m, --model <model>', describe: 'azureml:NAME:VERSION, or a path to an ONNX file.' },
    { flags: '--python <path>', describe: 'What runs its score.py: an interpreter or a virtual environment. Default python3.' },
    { flags: '--instance-type <size>', describe: "Azure's VM size; kept and shown." },
    { flags: '--instance-count <n>', describe: 'Processes that answer. Default 1.' },
    { flags: '--app-insights-enabled', describe: 'Record every request for "logs query".' },
    { flags: '--all-traffic', describe: 'Send all traffic of the endpoint to it once it answers.' },
    noWaitFlag,
  ],
  example: 'malachite online-deployment create -f deployment.yml --all-traffic',
  columns: deploymentColumns,
  async run(context) {
    const { flags } = context;
    const model = flags.text('model');
    const file = await readSpecification(context, readDeployment, {
      name: flags.text('name'),
      endpoint_name: flags.text('endpoint-name'),
      model: model && (isReference(model) ? model : resolve(model)),
      instance_type: flags.text('instance-type'),
      instance_count: flags.integer('instance-count', { min: 1, max: 64 }),
      app_insights_enabled: flags.is('app-insights-enabled') || undefined,
    });
    const workspace = await context.workspace();
    const { code, ...settings } = file;
    const created = await workspace.deployment.createDeployment({
      ...settings,
      model: await modelReference(workspace, file),
      codeConfiguration: code && (await uploadCode(workspace, code)),
      environment: pythonOf(flags.text('python')),
    });
    const allTraffic = flags.is('all-traffic');
    if (flags.is('no-wait') && !allTraffic) return created;
    const { endpointName, name } = created;
    const settled = await settledDeployment(workspace.deployment, { endpointName, name });
    if (settled.provisioningState !== 'Succeeded') context.failed(whyNot(settled));
    else if (allTraffic) await sendAllTraffic(workspace, settled);
    return settled;
  },
};

/** The model's reference; a local one is registered first. */
async function modelReference(workspace: Workspace, { model }: DeploymentFile): Promise<string> {
  if (typeof model === 'string') return model;
  const { name, version } = await createModel(workspace, model);
  return `azureml:${name}:${version}`;
}

async function uploadCode({ datastore }: Workspace, { folder, scoringScript }: LocalCode): Promise<CodeConfiguration> {
  const { files } = await upload(datastore, folder);
  return { scoringScript, files };
}

/** A path is meant from here, a bare name is looked for where the server runs. */
function pythonOf(python: string | undefined): { python: string } | undefined {
  if (python === undefined) return undefined;
  return { python: /[/\\]|^\./.test(python) ? resolve(python) : python };
}

async function sendAllTraffic({ deployment: port }: Workspace, { endpointName, name }: Deployment): Promise<void> {
  await port.updateEndpoint({ name: endpointName, traffic: { [name]: 100 } });
}

function whyNot({ name, endpointName, provisioningState, error }: Deployment): string {
  return `Deployment "${name}" of endpoint "${endpointName}" is ${provisioningState}: ${error ?? 'no reason was given'}`;
}
