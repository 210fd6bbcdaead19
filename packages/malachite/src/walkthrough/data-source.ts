/** Which data the walk-through is played on. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { assetName } from '../assets/create-data.ts';
import { repositoryFile } from '../repository-file.ts';
import { downloadPublicData } from './public-data.ts';

export type DataSource = {
  /** Of the dataset, the model, the endpoint and the pipeline. */
  readonly name: string;
  readonly file: string;
  readonly note: string;
  /** Default: the last column. */
  readonly target?: string;
  /** Rows that arrive later: the next version of the dataset is the file with these behind it. */
  readonly nextRows?: string;
};

/** The synthetic Bank Marketing table that comes with Malachite: same columns and categories as the public data, no real row. */
export function sampleData(): DataSource {
  return {
    name: 'bank-marketing',
    file: repositoryFile('fixtures/bank-marketing/bank-marketing-synthetic.csv'),
    note: 'synthetic Bank Marketing',
    target: 'y',
    nextRows: repositoryFile('fixtures/bank-marketing/next-month.csv'),
  };
}

/**
 * What `quickstart --data` names: nothing (the sample), `bank-marketing` (the real public file, downloaded once into
 * `folder` and checked by its sha256), or a local file.
 */
export async function dataSource(data: string | undefined, target: string | undefined, folder: string): Promise<DataSource> {
  if (data === undefined) return sampleData();
  if (data === 'bank-marketing' && !existsSync(data)) {
    const { file, targetColumnName } = await downloadPublicData(data, repositoryFile('fixtures/public-data.json'), folder);
    return {
      name: 'bank-marketing',
      file,
      note: 'the public Bank Marketing data (UCI, CC BY 4.0)',
      target: target ?? targetColumnName,
    };
  }
  const file = resolve(data);
  if (!existsSync(file))
    throw new MalachiteError('InvalidInput', `"${data}" does not exist. --data takes a file, or bank-marketing.`);
  return { name: assetName(file), file, note: data, target };
}
