/** `malachite automl`: one run in the foreground, and what it leaves. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
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
  expect(report).toContain('<h2>Conclusions</h2>');
  expect(report).toContain('the line is the best so far');
  expect(report).toContain('no trial is both better and faster than one on the line');
  expect(report).toContain('Receiver operating characteristic');
  expect(report).toContain('<th>Name/Label of the smallest class</th>');
  expect(stderr).toContain('|Name/Label of the smallest class');
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

test('pure noise has no winner: the table and the report say so', async () => {
  const file = join(cli.home, 'noise.csv');
  const sine = (row: number, step: number) => (Math.sin(row * step) * 1000).toFixed(3);
  const lines = Array.from(
    { length: 200 },
    (_, row) => `${sine(row, 12.9898)},${sine(row, 78.233)},${Math.sin(row * 37.719) > 0 ? 'yes' : 'no'}`,
  );
  await writeFile(file, `a,b,y\n${lines.join('\n')}\n`);
  const folder = join(cli.home, 'noise');
  const asked = ['automl', file, '--target', 'y', '--max-trials', '3', '--output', folder, '--format', 'table'];
  const { code, stdout, stderr } = await cli.run(asked);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('No model is better than predicting the class prior');
  expect(stdout).toMatch(/Prior +0\.5 +0 +best/);
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('No model is better than predicting the class prior');
  expect(JSON.parse(await readFile(join(folder, 'conclusions.json'), 'utf8')).baseline).toMatchObject({ isBeaten: false });
});

test.each([
  ['no rows', 'x,y\n', 'has no rows'],
  ['one class', `x,y\n${Array.from({ length: 30 }, (_, row) => `${row / 7},no`).join('\n')}\n`, 'one class only, "no"'],
  ['no column of that name', 'x,z\n1,a\n2,b\n', 'There is no column "y".'],
])('%s: one sentence and exit code 2', async (_, content, sentence) => {
  const file = join(cli.home, 'bad.csv');
  await writeFile(file, content);
  const { code, stderr } = await cli.run(['automl', file, '--target', 'y', '--max-trials', '1']);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('byte order mark, CRLF, quotes and semicolons are read as in a plain file', async () => {
  const words = ['plain', '"a; ""b"""', "it's"];
  const number = (row: number) => (row * 7919) % 97;
  const lines = Array.from({ length: 90 }, (_, row) => `${number(row) / 8};${words[row % 3]};${number(row) > 48 ? 'yes' : 'no'}`);
  const file = join(cli.home, 'odd.csv');
  await writeFile(file, `\ufeff"x y";wörd.a;y\r\n${lines.join('\r\n')}\r\n`);
  type Explained = Result & { explanation: { features: { name: string }[] } };
  const result = await cli.json<Explained>('automl', file, '--target', 'y', '--max-trials', '3');
  expect(result.trials[0]?.score).toBeGreaterThan(0.9);
  expect(result.explanation.features.map(({ name }) => name)).toEqual(expect.arrayContaining(['x y', 'wörd.a']));
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

test('flags say how models are judged, tested and chosen, as a YAML job does', async () => {
  const lines = (await readFile(csv, 'utf8')).trim().split('\n');
  const part = async (name: string, rows: string[]) => {
    const file = join(cli.home, name);
    await writeFile(file, `${[lines[0], ...rows].join('\n')}\n`);
    return file;
  };
  const train = await part('train.csv', lines.slice(1, 1001));
  const validation = await part('validation.csv', lines.slice(1001, 1301));
  const unseen = await part('unseen.csv', lines.slice(1301, 1501));
  const folder = join(cli.home, 'flags');
  const asked = [
    ...[
      '--target',
      'y',
      '--max-trials',
      '3',
      '--max-concurrent-trials',
      '1',
      '--positive-label',
      'no',
      '--no-model-explainability',
    ],
    ...['--validation-data', validation, '--test-data', unseen, '--no-vote-ensemble', '--no-stack-ensemble'],
    ...['--allowed-training-algorithms', 'logistic_regression, TensorFlowDNN', '--drop-columns', 'duration'],
    ...['--transformer-params', '{imputer: [{fields: [age], parameters: {strategy: median}}]}', '--output', folder],
  ];
  const { code, stdout, stderr } = await cli.run(['automl', train, ...asked]);
  expect(code, stderr).toBe(0);
  type Asked = Result & { validation: string; explanation: unknown; test: { rows: number; metrics: Record<string, number> } };
  const result = JSON.parse(stdout) as Asked;
  expect(result.trials.map(({ algorithm }) => algorithm).sort()).toEqual(['LogisticRegression', 'LogisticRegression', 'Prior']);
  expect(stderr).toContain('TensorFlowDNN is skipped: this engine has no TensorFlowDNN.');
  expect(result.validation).toBe('300 rows of validation data were given.');
  expect(result.explanation).toBeNull();
  expect(result.metrics.recall_score_binary).toBeGreaterThan(0.9);
  expect(result.test.rows).toBe(200);
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  expect(await json('test.json')).toEqual(result.test);
  type Row = { RawFeatureName: string; Transformations: string[] };
  const summary = (await json('featurization_summary.json')) as Row[];
  expect(summary.map((row) => row.RawFeatureName)).not.toContain('duration');
  expect(summary.find((row) => row.RawFeatureName === 'age')?.Transformations).toContain('MedianImputer');
});

test.each([
  [['--test-data-size', '2'], '--test-data-size takes a share of the rows between 0 and 1'],
  [['--n-cross-validations', '1'], '--n-cross-validations takes a whole number from 2 to 100; not "1".'],
  [['--allowed-training-algorithms', 'LightGBN'], '"LightGBN" is not a classification algorithm of Azure ML.'],
  [['--allowed-training-algorithms', ','], '--allowed-training-algorithms takes names with commas between them'],
  [['--positive-label', 'maybe'], 'positiveLabel is "maybe", which is no label of "y". Labels: no, yes.'],
  [['--weight-column-name', 'wieght'], 'no weight column "wieght"'],
  [['--n-cross-validations', '3', '--validation-data-size', '0.2'], 'choose one way to validate'],
  [['--transformer-params', '{imputre: []}'], 'Did you mean "imputer"?'],
  [['--output', '/dev/null/result'], '--output "/dev/null/result" cannot be written to'],
])('%s: one sentence and exit code 2, before any trial', async (flags, sentence) => {
  const { code, stderr } = await cli.run(['automl', csv, '--target', 'y', '--max-trials', '1', ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain(' ITERATION ');
});

test('a target that is not there names the nearest column', async () => {
  const { code, stderr } = await cli.run(['automl', csv, '--target', 'durations']);
  expect(code).toBe(2);
  expect(stderr).toContain('error: InvalidInput: There is no column "durations". Did you mean "duration"?');
});
