import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, noWaitFlag, setFlag } from '../../cli/flags.ts';
import { readEndpoint } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';
import { endpointColumns } from './columns.ts';
import { parseTraffic } from './traffic.ts';

export const onlineEndpointUpdate: Command = {
  name: 'update',
  describe: 'Set traffic, mirror traffic or description of an online endpoint.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    { flags: '-r, --traffic <split>', describe: 'Percent by deployment, such as "blue=90 green=10".' },
    { flags: '--mirror-traffic <share>', describe: 'Percent that one deployment gets a copy of, such as "green=10".' },
    { flags: '--description <text>', describe: 'A description.' },
    noWaitFlag,
  ],
  example: 'malachite online-endpoint update -n bank --traffic "blue=90 green=10"',
  columns: endpointColumns,
  async run(context) {
    const { flags } = context;
    const { name, traffic, mirrorTraffic, description, tags } = await readSpecification(context, readEndpoint, {
      name: flags.text('name'),
      description: flags.text('description'),
    });
    const split = flags.text('traffic');
    const mirror = flags.text('mirror-traffic');
    const { deployment } = await context.workspace();
    return deployment.updateEndpoint({
      name,
      description,
      tags,
      traffic: split === undefined ? traffic : parseTraffic(split),
      mirrorTraffic: mirror === undefined ? mirrorTraffic : parseTraffic(mirror),
    });
  },
};
