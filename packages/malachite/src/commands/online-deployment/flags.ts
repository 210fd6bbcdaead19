/** What every command of a deployment is told: which one. */
import type { Flag, Flags } from '../../cli/flags.ts';

export const endpointNameFlag: Flag = { flags: '-e, --endpoint-name <name>', describe: 'The endpoint.' };

/** What a table of deployments shows. */
export const deploymentColumns = [
  'name',
  'endpoint_name',
  'model',
  'instance_type',
  'app_insights_enabled',
  'provisioning_state',
];

export function whichDeployment(flags: Flags): { endpointName: string; name: string } {
  return { endpointName: flags.required('endpoint-name'), name: flags.required('name') };
}
