/** The walk-through as a person meets it: `up` on an empty home, Ctrl-C in the middle, and `quickstart` to its end. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cli, fixture, heard, testCli } from './test-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await testCli();
});
afterAll(() => cli.remove());

/** The processes whose environment names the home: the server and all it started. Linux has them in /proc. */
function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MALACHITE_HOME=${home}`);
    } catch {
      return false;
    }
  });
}

test.skipIf(process.platform !== 'linux')(
  'Ctrl-C in the middle of training ends every process; a new server goes on with the job',
  async () => {
    const server = cli.start(['up', '--port', '0']);
    await heard(server, 'stderr', 'Beginning model selection.');
    expect(processesOf(cli.home).length).toBeGreaterThan(1);
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
    expect(processesOf(cli.home)).toEqual([]);

    await cli.json('up', '--detach', '--port', '0');
    const jobs = await cli.json<{ name: string; status: string }[]>('job', 'list');
    expect(jobs).toHaveLength(1);
    await cli.json('job', 'cancel', '-n', jobs[0]!.name);
    const { code, stdout, stderr } = await cli.run(['job', 'stream', '-n', jobs[0]!.name, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'Canceled' });
    expect(stderr).toContain(`error: Failed: Job "${jobs[0]!.name}" is Canceled`);
    expect(code).toBe(1);
  },
  120_000,
);

type Played = {
  best_trial: string;
  leaderboard: { score: number }[];
  importance: unknown[];
  model: string;
  scoring_uri: string;
  primary_key: string;
  answer: string;
  log_lines: string[];
  requests: { rows: unknown[] };
  score_call: string;
  pipeline_endpoint: string;
  pipeline_call: string;
  scheduled_run: string;
  api_docs_uri: string;
};

test('quickstart plays all of it, and everything it names is there', async () => {
  const played = await cli.json<Played>('quickstart', '--timeout-minutes', '0.1');
  expect(played.leaderboard.length).toBeGreaterThan(1);
  expect(played.importance.length).toBeGreaterThan(5);
  expect(JSON.parse(JSON.parse(played.answer)).result).toHaveLength(2);
  expect(played.log_lines.length).toBeGreaterThan(0);
  expect(played.requests.rows).toHaveLength(1);

  const body = /-d '(\{.*\})'$/.exec(played.score_call)?.[1] as string;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${played.primary_key}` };
  const scored = await fetch(played.scoring_uri, { method: 'POST', headers, body });
  expect(await scored.text()).toBe(played.answer);
  expect((await fetch(played.api_docs_uri)).status).toBe(200);

  const finished = await cli.json<{ status: string; run_source: string }>(
    'pipeline',
    'show-run',
    '--run-id',
    played.scheduled_run,
  );
  expect(finished).toMatchObject({ status: 'Finished', run_source: 'Schedule' });
  const key = /Bearer ([^']+)/.exec(played.pipeline_call)?.[1];
  const trigger = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: '{"ExperimentName": "rest"}',
  };
  const started = (await (await fetch(played.pipeline_endpoint, trigger)).json()) as { Id: string };
  expect(await cli.json('pipeline', 'cancel-run', '--run-id', started.Id)).toMatchObject({ id: started.Id, run_source: 'HTTP' });
  const versions = await cli.json<{ version: string }[]>('model', 'list', '-n', 'bank-marketing');
  expect(versions.map(({ version }) => version)).toEqual(['2', '1']);
}, 120_000);

test('an AutoML job from YAML over a local file: uploaded, followed, its best model downloaded', async () => {
  const file = join(cli.home, 'job.yml');
  const yaml = `type: automl
task: classification
compute: azureml:cpu-cluster
training_data: {type: uri_file, path: ${fixture('bank-marketing/next-month.csv')}}
target_column_name: y
primary_metric: auc_weighted
limits: {timeout_minutes: 1, max_trials: 9}
training: {enable_vote_ensemble: false}
log_verbosity: info
`;
  await writeFile(file, yaml);
  const { code, stdout, stderr } = await cli.run([
    'job',
    'create',
    '-f',
    file,
    '--set',
    'limits.max_trials=2',
    '--stream',
    '-o',
    'json',
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('warning: job.yml: "log_verbosity" is not honoured');
  expect(stderr).toContain('Current status: Completed');
  const job = JSON.parse(stdout) as { name: string; spec: { training_data: { path: string } } };
  expect(job.spec.training_data.path).toBe('azureml:next-month:1');

  const result = await cli.json<{ trials: unknown[] }>('job', 'result', '-n', job.name);
  expect(result.trials).toHaveLength(2);
  await cli.json('job', 'download', '-n', job.name, '--output-name', 'best_model', '-p', join(cli.home, 'down'));
  const scored = await cli.run(['score', join(cli.home, 'down/best_model'), fixture('bank-marketing/next-month.csv')]);
  expect(scored.stdout.trim().split('\n')).toHaveLength(501);
}, 120_000);
