import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { deploymentColumns, endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentUpdate: Command = {
  name: 'update',
  describe: 'Another model or setting for a deployment, in place: requests go on being answered.',
  options: [
    nameFlag,
    endpointNameFlag,
    { flags: '-m, --model <model>', describe: 'azureml:NAME:VERSION.' },
    { flags: '--instance-count <n>', describe: 'Processes that answer.' },
    { flags: '--app-insights-enabled <yes>', describe: 'true or false.' },
    { flags: '--description <text>', describe: 'A description.' },
  ],
  example: 'malachite online-deployment update -n blue -e bank --model azureml:bank:2',
  columns: deploymentColumns,
  async run({ flags, workspace }) {
    const enabled = flags.word('app-insights-enabled', ['true', 'false']);
    return (await workspace()).deployment.updateDeployment({
      ...whichDeployment(flags),
      model: flags.text('model'),
      instanceCount: flags.integer('instance-count', { min: 1, max: 64 }),
      appInsightsEnabled: enabled === undefined ? undefined : enabled === 'true',
      description: flags.text('description'),
    });
  },
};
