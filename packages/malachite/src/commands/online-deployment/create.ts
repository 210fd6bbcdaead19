import { type Deployment, MalachiteError, settledDeployment, type Workspace } from '@malachite/core';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, noWaitFlag, setFlag } from '../../cli/flags.ts';
import type { DeploymentFile } from '../../yaml/index.ts';
import { deploymentColumns, endpointNameFlag } from './flags.ts';
import { pythonOf, readFromFlags, uploadedOf } from './specification.ts';
import { whyNot } from './why-not.ts';

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
    const file = await readFromFlags(context, {
      instance_type: flags.text('instance-type'),
      app_insights_enabled: flags.is('app-insights-enabled') || undefined,
    });
    const workspace = await context.workspace();
    await requireFree(workspace, file);
    const created = await workspace.deployment.createDeployment({
      ...(await uploadedOf(workspace, file)),
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

/** Before a model is registered for it. @throws NotFound without the endpoint, Conflict when it has such a deployment */
async function requireFree({ deployment: port }: Workspace, { endpointName, name }: DeploymentFile): Promise<void> {
  await port.getEndpoint({ name: endpointName });
  const there = await port.listDeployments({ name: endpointName });
  if (!there.some((deployment) => deployment.name === name)) return;
  throw new MalachiteError(
    'Conflict',
    `Endpoint "${endpointName}" has a deployment "${name}" already. Update it with "online-deployment update", or choose another name.`,
  );
}

async function sendAllTraffic({ deployment: port }: Workspace, { endpointName, name }: Deployment): Promise<void> {
  await port.updateEndpoint({ name: endpointName, traffic: { [name]: 100 } });
}
