import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const onlineEndpointRegenerateKeys: Command = {
  name: 'regenerate-keys',
  describe: 'Replace one key of an online endpoint; the other goes on working.',
  options: [nameFlag, { flags: '--key-type <key>', describe: 'primary (default) or secondary.' }],
  example: 'malachite online-endpoint regenerate-keys -n bank --key-type secondary',
  camelCase: true,
  columns: ['primaryKey', 'secondaryKey'],
  async run({ flags, workspace }) {
    const keyType = flags.word('key-type', ['primary', 'secondary']) ?? 'primary';
    return (await workspace()).deployment.regenerateKey({ name: flags.required('name'), keyType });
  },
};
