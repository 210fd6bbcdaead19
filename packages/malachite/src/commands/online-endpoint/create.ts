import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, noWaitFlag, setFlag } from '../../cli/flags.ts';
import { readEndpoint } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';
import { endpointColumns } from './columns.ts';

export const onlineEndpointCreate: Command = {
  name: 'create',
  describe: 'Create an online endpoint: a scoring URI with two keys or with tokens, and no deployment yet.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    { flags: '--auth-mode <mode>', describe: 'key (default), aml_token, or none.' },
    { flags: '--description <text>', describe: 'A description.' },
    noWaitFlag,
  ],
  example: 'malachite online-endpoint create -n bank',
  columns: endpointColumns,
  async run(context) {
    const { flags, warn } = context;
    const { traffic, mirrorTraffic, ...endpoint } = await readSpecification(context, readEndpoint, {
      name: flags.text('name'),
      auth_mode: flags.text('auth-mode'),
      description: flags.text('description'),
    });
    if (Object.keys({ ...traffic, ...mirrorTraffic }).length > 0) {
      warn('"traffic" has no deployments to go to yet; set it with "online-endpoint update" once they are there.');
    }
    return (await context.workspace()).deployment.createEndpoint(endpoint);
  },
};
