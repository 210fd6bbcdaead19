/** The files that `malachite automl --output DIR` leaves. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mlflowModel } from '@malachite/adapter-local';
import type { AutoMLOutcome } from '@malachite/automl';
import { type AutoMLSpec, MalachiteError } from '@malachite/core';
import { featurizationRows } from './columns.ts';
import { reportHtml } from './report-html.ts';

export type RunRecord = {
  readonly outcome: AutoMLOutcome;
  readonly spec: AutoMLSpec;
  readonly jobName: string;
  readonly rows: number;
  /** What it was trained on. */
  readonly file: string;
};

/** `model.onnx`, `MLmodel`, `requirements.txt`, `leaderboard.json`, `metrics.json`, `explanation.json`, `conclusions.json`, `guardrails.json`, `featurization_summary.json`, `report.html`. */
export async function writeOutcome(folder: string, run: RunRecord): Promise<void> {
  const { result, best } = run.outcome;
  if (best.onnx === undefined) throw new MalachiteError('Failed', `The best trial ${best.trial.name} has no model.`);
  const model = mlflowModel(best.onnx, 'model', best.trial.name);
  const files: Record<string, string | Uint8Array> = {
    ...Object.fromEntries(Object.entries(model).map(([path, content]) => [path.replace(/^model\//, ''), content])),
    'leaderboard.json': json(result.trials),
    'metrics.json': json(best.trial.metrics),
    'explanation.json': json(result.explanation),
    'conclusions.json': json(result.conclusions),
    'guardrails.json': json(result.guardrails),
    'featurization_summary.json': json(featurizationRows(run.outcome)),
    'report.html': reportHtml(run),
  };
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
