/** `malachite automl`: one run in the foreground, and what it leaves. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Cli, fixture, testCli } from './test-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await testCli();
});
afterAll(() => cli.remove());

const csv = fixture('bank-marketing/bank-marketing-synthetic.csv');
type Result = {
  best_trial: string;
  metrics: Record<string, number>;
  trials: { name: string; score: number; algorithm: string }[];
};

test('a model that scores, a leaderboard, and a report that needs nothing beside it', async () => {
  const folder = join(cli.home, 'result');
  const { code, stdout, stderr } = await cli.run(['automl', csv, '--target', 'y', '--max-trials', '3', '--output', folder]);
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout) as Result;
  expect(result.trials.length).toBeGreaterThan(1);
  expect(result.metrics.AUC_weighted).toBeGreaterThan(0.9);
  expect(stderr).toContain(' ITERATION   PIPELINE ');
  expect(stderr).toContain('TYPE:         Class balancing detection');

  expect(await readdir(folder)).toEqual(
    expect.arrayContaining([
      'MLmodel',
      'explanation.json',
      'guardrails.json',
      'leaderboard.json',
      'metrics.json',
      'model.onnx',
      'report.html',
    ]),
  );
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  expect((await json('leaderboard.json'))[0]).toMatchObject({ name: result.best_trial, score: result.trials[0]?.score });
  expect(await json('metrics.json')).toEqual(result.metrics);
  expect((await json('explanation.json')).features.map(({ name }: { name: string }) => name)).toContain('duration');
  expect(parse(await readFile(join(folder, 'MLmodel'), 'utf8'))).toMatchObject({ flavors: { onnx: { data: 'model.onnx' } } });

  const report = await readFile(join(folder, 'report.html'), 'utf8');
  expect(report).toContain('<h2>Leaderboard</h2>');
  expect(report).toContain('<h2>Confusion matrix</h2>');
  expect(report).not.toMatch(/<(script|link|img|iframe)|url\(|@import|\bsrc=|\bhref=/);

  const scored = await cli.run(['score', folder, csv]);
  const labels = (await readFile(csv, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').at(-1));
  const answers = scored.stdout.trim().split('\n').slice(1);
  const right = answers.filter((answer, row) => answer === labels[row]).length;
  expect(answers).toHaveLength(labels.length);
  expect(right / labels.length).toBeGreaterThan(0.895);
});

test('a budget in work gives the same leaderboard twice', async () => {
  const run = async () => {
    const { trials } = await cli.json<Result>(
      'automl',
      csv,
      '--target',
      'y',
      '--work-units',
      '3',
      '--max-trials',
      '3',
      '--seed',
      '7',
    );
    return trials.map(({ algorithm, score }) => [algorithm, score]);
  };
  expect(await run()).toEqual(await run());
});

test('a target that is not there names the nearest column', async () => {
  const { code, stderr } = await cli.run(['automl', csv, '--target', 'durations']);
  expect(code).toBe(2);
  expect(stderr).toContain('error: InvalidInput: There is no column "durations". Did you mean "duration"?');
});
