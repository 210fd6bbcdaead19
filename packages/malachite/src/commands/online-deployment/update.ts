import { settledDeployment } from '@malachite/core';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, noWaitFlag, setFlag } from '../../cli/flags.ts';
import { deploymentColumns, endpointNameFlag, whichDeployment } from './flags.ts';
import { pythonOf, readFromFlags, uploadedOf } from './specification.ts';
import { whyNot } from './why-not.ts';

export const onlineDeploymentUpdate: Command = {
  name: 'update',
  describe:
    'Another model, script or setting for a deployment, in place, without a request that fails; waits until it is in force.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    endpointNameFlag,
    { flags: '-m, --model <model>', describe: 'azureml:NAME:VERSION, or with -f a path to an ONNX file.' },
    { flags: '--python <path>', describe: 'What runs its score.py: an interpreter or a virtual environment.' },
    { flags: '--instance-count <n>', describe: 'Processes that answer.' },
    { flags: '--app-insights-enabled <yes>', describe: 'true or false.' },
    { flags: '--description <text>', describe: 'A description.' },
    noWaitFlag,
  ],
  example: 'malachite online-deployment update -n blue -e bank --model azureml:bank:2',
  columns: deploymentColumns,
  async run(context) {
    const { flags } = context;
    const enabled = flags.word('app-insights-enabled', ['true', 'false']);
    const changes = {
      model: flags.text('model'),
      instanceCount: flags.integer('instance-count', { min: 1, max: 64 }),
      appInsightsEnabled: enabled === undefined ? undefined : enabled === 'true',
      description: flags.text('description'),
      environment: pythonOf(flags.text('python')),
    };
    const workspace = await context.workspace();
    const { deployment } = workspace;
    const input = flags.text('file') ? await fromFile() : { ...whichDeployment(flags), ...changes };
    const updated = await deployment.updateDeployment(input);
    if (flags.is('no-wait')) return updated;
    const { endpointName, name } = updated;
    const settled = await settledDeployment(deployment, { endpointName, name });
    if (settled.provisioningState !== 'Succeeded') context.failed(whyNot(settled));
    return settled;

    async function fromFile() {
      const file = await readFromFlags(context, {
        app_insights_enabled: changes.appInsightsEnabled,
        description: changes.description,
      });
      // Before a model is registered for it.
      await deployment.getDeployment({ endpointName: file.endpointName, name: file.name });
      const { instanceType: _, properties: __, ...settings } = await uploadedOf(workspace, file);
      return { ...settings, environment: changes.environment };
    }
  },
};
