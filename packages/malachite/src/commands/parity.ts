/** Whether two workspaces answer alike. */
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { parityText, replayText } from '../parity/parity-text.ts';
import type { Replay } from '../parity/recordings.ts';
import type { Parity } from '../parity/run-parity.ts';
import { sideNames } from '../parity/sides.ts';

export const parity: Command = {
  name: 'parity',
  describe:
    'Run the contract of a workspace on this machine and on another one, side by side, and print what differs. It fails when a case fails.',
  options: [
    {
      flags: '--against <what>',
      describe:
        'facade: the Azure adapter in front of our own Azure, the default. http: the client of our server. azure: the workspace that AZURE_* name; it costs money. recordings: recorded answers of Azure’s inference server.',
    },
    { flags: '--recordings <folder>', describe: 'Of automl-v1.json and automl-v2.json.' },
    { flags: '--model <file>', describe: 'The ONNX file that answered the recordings.' },
  ],
  example: 'malachite parity --against facade',
  handlesInterrupt: true,
  text: (result: Parity | Replay[]) => ('cases' in result ? parityText(result) : replayText(result)),
  async run({ flags, env, signal, note, failed }): Promise<Parity | Replay[]> {
    const against = flags.word('against', [...sideNames.slice(1), 'recordings'] as const) ?? 'facade';
    if (against === 'recordings') {
      const { replayRecordings } = await import('../parity/recordings.ts');
      return replayRecordings(flags.required('recordings'), flags.required('model'));
    }
    const [{ runParity }, { openSide }] = await Promise.all([import('../parity/run-parity.ts'), import('../parity/sides.ts')]);
    const [left, right] = await Promise.all([openSide('local', env, note), openSide(against, env, note)]);
    const result = await runParity(left, right, signal, note).catch((error: unknown) => {
      throw signal.aborted ? new MalachiteError('Canceled', 'Stopped; what was made has been removed.') : error;
    });
    const failures = result.cases.filter(({ left: one, right: two }) => one.startsWith('failed') || two.startsWith('failed'));
    if (failures.length > 0) failed(`${failures.length} of ${result.cases.length} cases fail.`);
    return result;
  },
};
