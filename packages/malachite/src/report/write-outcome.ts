/** The files that `malachite automl --output DIR` leaves. */
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mlflowModel } from '@malachite/adapter-local';
import { MalachiteError } from '@malachite/core';
import { featurizationRows } from './columns.ts';
import { reportHtml } from './report-html.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Makes the folder before the search: a place that cannot be written to is to be told before the time is spent.
 * @throws MalachiteError `InvalidInput` with the reason.
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new MalachiteError('InvalidInput', `--output "${folder}" cannot be written to: ${(error as Error).message}.`);
  }
}

/**
 * `model.onnx` as an MLflow model, `leaderboard.json`, `metrics.json`, `test.json` where there were test rows, `explanation.json`,
 * `conclusions.json`, `guardrails.json`, `featurization_summary.json`, `report.html`.
 */
export async function writeOutcome(folder: string, run: RunRecord): Promise<void> {
  const { result, best } = run.outcome;
  if (best.onnx === undefined) throw new MalachiteError('Failed', `The best trial ${best.trial.name} has no model.`);
  const model = mlflowModel(best.onnx, 'model', best.trial.name);
  const files: Record<string, string | Uint8Array> = {
    ...Object.fromEntries(Object.entries(model).map(([path, content]) => [path.replace(/^model\//, ''), content])),
    'leaderboard.json': json(result.trials),
    'metrics.json': json(best.trial.metrics),
    ...(result.test === null ? {} : { 'test.json': json(result.test) }),
    'explanation.json': json(result.explanation),
    'conclusions.json': json(result.conclusions),
    'guardrails.json': json(result.guardrails),
    'featurization_summary.json': json(featurizationRows(run.outcome)),
    'report.html': reportHtml(run),
  };
  const places = Object.entries(files).map(([name, content]) => ({ path: join(folder, name), content }));
  for (const inner of new Set(places.map(({ path }) => dirname(path)))) await mkdir(inner, { recursive: true });
  await Promise.all(places.map(({ path, content }) => writeFile(path, content)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
