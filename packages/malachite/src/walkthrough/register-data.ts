/** Steps 1 and 2: a dataset version, and what is in it. */
import type { ColumnProfile, Dataset, DatasetProfile, Workspace } from '@malachite/core';
import { createData } from '../assets/create-data.ts';
import { guessTask } from '../task.ts';
import type { DataSource } from './data-source.ts';
import type { Told } from './story.ts';

export async function registerData(workspace: Workspace, { name, file, note }: DataSource): Promise<Told<Dataset>> {
  const dataset = await createData(workspace, { name, type: 'uri_file', path: file, description: note });
  return {
    value: dataset,
    outcome: `${dataset.name}:${dataset.version} (${note}), ${dataset.rowCount} rows, ${dataset.columns.length} columns`,
  };
}

export type Problem = {
  readonly target: string;
  readonly task: 'classification' | 'regression';
  readonly profile: DatasetProfile;
};

/** The profile, and what there is to predict: the column named, or the last; many different numbers make a regression. */
export async function profileData(workspace: Workspace, dataset: Dataset, wanted: string | undefined): Promise<Told<Problem>> {
  const profile = await workspace.datasets.profile({ name: dataset.name, version: dataset.version });
  const target = wanted ?? profile.columns.at(-1)?.name ?? '';
  const column = profile.columns.find(({ name }) => name === target);
  const numbers = profile.columns.filter(({ type }) => type === 'integer' || type === 'number').length;
  const missing = profile.columns.reduce((sum, { missing }) => sum + missing, 0);
  const task = column ? guessTask({ isNumeric: isNumeric(column), distinct: column.distinct }) : 'classification';
  const outcome = `${numbers} columns of numbers, ${profile.columns.length - numbers} of words, ${missing} values missing; ${target}: ${targetText(column)}`;
  return { value: { target, task, profile }, outcome };
}

function isNumeric({ type }: ColumnProfile): boolean {
  return type === 'integer' || type === 'number';
}

function targetText(column: ColumnProfile | undefined): string {
  if (column === undefined) return 'not a column';
  if (column.topValues === null) return `${column.min} to ${column.max}`;
  return column.topValues
    .slice(0, 4)
    .map(({ value, count }) => `${value} ${((100 * count) / column.count).toFixed(1)} %`)
    .join(', ');
}
