import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { datasetTypes } from '@malachite/core';
import { createData } from '../../assets/create-data.ts';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, setFlag } from '../../cli/flags.ts';
import { readDataAsset } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';

export const dataCreate: Command = {
  name: 'create',
  describe: 'Create a version of a data asset from a local file or folder.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    { flags: '-v, --version <version>', describe: 'The version. Default: the next whole number.' },
    { flags: '-p, --path <path>', describe: 'A local file or folder.' },
    {
      flags: '-t, --type <type>',
      describe: `${datasetTypes.join(', ')}. Default: uri_file for a file, uri_folder for a folder.`,
    },
    { flags: '--description <text>', describe: 'A description.' },
  ],
  example: 'malachite data create -n bank --path bank.csv --type uri_file',
  columns: ['name', 'version', 'type', 'format', 'row_count', 'size_bytes'],
  async run(context) {
    const { flags } = context;
    const path = flags.text('path');
    const type = flags.word('type', datasetTypes) ?? (flags.text('file') || !path ? undefined : await typeOfPath(path));
    const asset = await readSpecification(context, readDataAsset, {
      name: flags.text('name'),
      version: flags.text('version'),
      path: path && resolve(path),
      type,
      description: flags.text('description'),
    });
    return createData(await context.workspace(), asset);
  },
};

/** A folder with an MLTable file is an mltable, another folder a uri_folder, a file a uri_file. */
async function typeOfPath(path: string): Promise<(typeof datasetTypes)[number]> {
  if (!(await isFolder(path))) return 'uri_file';
  return existsSync(join(path, 'MLTable')) ? 'mltable' : 'uri_folder';
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
