import { join } from 'node:path';
import { download } from '../../assets/download.ts';
import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';

export const modelDownload: Command = {
  name: 'download',
  describe: 'Download the files of a model.',
  options: [
    nameFlag,
    ...versionFlags,
    {
      flags: '-p, --download-path <folder>',
      describe: "Where to; the files land in a folder with the model's name. Default: the working folder.",
    },
  ],
  example: 'malachite model download -n bank -v 1 -p models',
  columns: ['path', 'size_bytes'],
  async run({ flags, workspace, note }) {
    const { models } = await workspace();
    const { name, version, files } = await models.get({ name: flags.required('name'), version: assetVersion(flags) });
    const folder = join(flags.text('download-path') ?? '.', name);
    const saved = [];
    for (const { path, sizeBytes } of files) {
      saved.push({ path: await download(folder, path, models.download({ name, version, path })), sizeBytes });
      note(`downloaded ${path}`);
    }
    return saved;
  },
};
