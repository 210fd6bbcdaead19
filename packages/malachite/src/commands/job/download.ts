import { MalachiteError } from '@malachite/core';
import { download } from '../../assets/download.ts';
import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const jobDownload: Command = {
  name: 'download',
  describe: 'Download the files of a job or trial.',
  options: [
    nameFlag,
    { flags: '-p, --download-path <folder>', describe: 'Where to. Default: the working folder.' },
    { flags: '--output-name <output>', describe: 'Only one output, such as best_model.' },
    { flags: '--all', describe: 'All outputs and logs. The default.' },
  ],
  example: 'malachite job download -n NAME --output-name best_model -p model',
  columns: ['path', 'size_bytes'],
  async run({ flags, workspace, note }) {
    const { training } = await workspace();
    const name = flags.required('name');
    const output = flags.is('all') ? undefined : flags.text('output-name');
    const all = await training.artifacts({ name });
    const chosen = output === undefined ? all : all.filter(({ path }) => path.startsWith(`outputs/${output}/`));
    if (chosen.length === 0) {
      const outputs = [...new Set(all.map(({ path }) => path.split('/')[1]).filter(Boolean))];
      throw new MalachiteError(
        'NotFound',
        `Job "${name}" has no output "${output ?? ''}". There are: ${outputs.join(', ') || 'no files'}.`,
      );
    }
    const folder = flags.text('download-path') ?? '.';
    const saved = [];
    for (const { path, sizeBytes } of chosen) {
      const inside = path.replace(/^outputs\//, '');
      saved.push({
        path: await download(folder, output === undefined ? path : inside, training.artifact({ name, path })),
        sizeBytes,
      });
      note(`downloaded ${path}`);
    }
    return saved;
  },
};
