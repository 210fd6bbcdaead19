/**
 * What the Azure facade costs over the ports behind it.
 *
 *     node bench/azure.ts [SECONDS]
 *
 * A GET of a job over TLS with a token, beside the port's own call in the same process, one after the other; scoring of an endpoint by one
 * client alone, and beside 200 clients that follow a job as `jobs.stream` of azure-ai-ml does when it is busiest: the details of the
 * run and its log, every 2 s (its own interval at first; it grows to a minute). The two take turns, the pairs are compared, and
 * processor time is told, which other work on the machine changes less than the clock. MLflow's search over 10,000 runs. Ends with the
 * bars of the issue: 1 when one is missed.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { settledDeployment } from '../packages/core/src/index.ts';
import { servable } from '../packages/onnx/src/index.ts';
import { exampleRow } from '../packages/scoring/src/index.ts';
import { startTestAzure } from '../packages/server/src/test-azure.ts';
import type { Asked, Asking } from './azure/asker.ts';
import { type Bar, barLines } from './scoring-bars.ts';

const seconds = Number(process.argv[2] ?? 4);
const rounds = 5;
const pollers = 200;
const runs = 10_000;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const timed = async (times: number, act: () => Promise<unknown>): Promise<number> => {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    await act();
    taken.push(performance.now() - begun);
  }
  return median(taken);
};
const asker = fileURLToPath(new URL('./azure/asker.ts', import.meta.url));
/** From one look of a client at its job to the next. */
const pollEvery = 2000;
const ask = async (asking: Asking): Promise<Asked> =>
  JSON.parse((await promisify(execFile)(process.execPath, [asker, JSON.stringify(asking)])).stdout);

const azure = await startTestAzure();
const { workspace, origin, prefix } = azure;
const authorization = `Bearer ${await azure.token()}`;
const headers = { authorization };
try {
  const csv = `x,y\n${Array.from({ length: 200 }, (_, i) => `${i % 37},${i % 37 > 18 ? 'yes' : 'no'}`).join('\n')}\n`;
  const { sha256 } = await workspace.datastore.put(Readable.from([Buffer.from(csv)]));
  await workspace.datasets.create({ name: 'rows', type: 'uri_file', files: [{ path: 'rows.csv', sha256 }] });
  const job = await workspace.training.submit({
    type: 'automl',
    task: 'classification',
    trainingData: { path: 'azureml:rows@latest' },
    targetColumnName: 'y',
    limits: { maxTrials: 2 },
  });
  for await (const _ of workspace.training.events({ name: job.name }));

  const jobPath = `${prefix}/jobs/${job.name}`;
  await timed(200, () => azure.ask('GET', jobPath, { headers }));
  const [port, facade] = [
    await timed(1000, () => workspace.training.get({ name: job.name })),
    await timed(1000, () => azure.ask('GET', jobPath, { headers })),
  ];
  process.stdout.write(
    `GET of a job: port ${port.toFixed(3)} ms, facade over TLS ${facade.toFixed(3)} ms (load ${loadavg()[0]?.toFixed(1)})\n`,
  );

  const onnx = readFileSync(fileURLToPath(new URL('../fixtures/models/loans.onnx', import.meta.url)));
  const model = await workspace.datastore.put(Readable.from([onnx]));
  await workspace.models.create({ name: 'loans', files: [{ path: 'model.onnx', sha256: model.sha256 }] });
  const { scoringUri } = await workspace.deployment.createEndpoint({ name: 'loans' });
  await workspace.deployment.createDeployment({ endpointName: 'loans', name: 'blue', model: 'azureml:loans:1' });
  await settledDeployment(workspace.deployment, { endpointName: 'loans', name: 'blue' });
  await workspace.deployment.updateEndpoint({ name: 'loans', traffic: { blue: 100 } });
  const { primaryKey } = await workspace.deployment.keys({ name: 'loans' });
  const body = JSON.stringify({ data: [exampleRow(servable(onnx).signature)] });
  const scoring = (): Promise<Asked> =>
    ask({ urls: [scoringUri], method: 'POST', authorization: `Bearer ${primaryKey}`, body, connections: 1, seconds });
  const details = `/history/v1.0${prefix}/runs/${job.name}/details?api-version=v1.0`;
  const { logFiles } = (await azure.ask('GET', details, { headers })).body as { logFiles: Record<string, string> };
  const urls = [`${origin.url}${details}`, logFiles['user_logs/std_log.txt'] as string];
  const ca = readFileSync(origin.caFile, 'utf8');
  const polling = (forSeconds: number): Promise<Asked> =>
    ask({ urls, method: 'GET', authorization, ca, connections: pollers, seconds: forSeconds, every: pollEvery });
  const [alone, beside]: [Asked[], Asked[]] = [[], []];
  /** Shares of one processor that the server takes, alone and beside: it also keeps what was scored. */
  const [cpuAlone, cpuBeside]: [number[], number[]] = [[], []];
  const withCpu = async (kept: number[]): Promise<Asked> => {
    const [before, begun] = [process.cpuUsage(), performance.now()];
    const asked = await scoring();
    const { user, system } = process.cpuUsage(before);
    kept.push((user + system) / 1000 / (performance.now() - begun));
    return asked;
  };
  // Connections are made in the first turn of each client.
  const head = pollEvery + 500;
  for (let round = 0; round < rounds; round++) {
    alone.push(await withCpu(cpuAlone));
    const polled = polling(seconds + head / 1000 + 1);
    await new Promise((go) => setTimeout(go, head));
    beside.push(await withCpu(cpuBeside));
    const { failed } = await polled;
    if (failed > 0) throw new Error(`${failed} polls failed.`);
  }
  const slowed = median(alone.map(({ answered }, i) => 100 * (1 - (beside[i]?.answered ?? 0) / answered)));
  const later = median(alone.map(({ medianMs }, i) => 100 * ((beside[i]?.medianMs ?? Number.NaN) / medianMs - 1)));
  const told = (asked: readonly Asked[]) =>
    `${(median(asked.map(({ answered }) => answered)) / seconds).toFixed(0)} rows/s, p50 ${median(asked.map(({ medianMs }) => medianMs)).toFixed(3)} ms`;
  process.stdout.write(
    `scoring: alone ${told(alone)}; beside ${pollers} pollers ${told(beside)}; slower by ${slowed.toFixed(1)} %, p50 later by ${later.toFixed(1)} % (load ${loadavg()[0]?.toFixed(1)})\n`,
  );
  const share = (kept: readonly number[]) => `${(100 * median(kept)).toFixed(1)} %`;
  process.stdout.write(`the server takes ${share(cpuAlone)} of one processor without pollers, ${share(cpuBeside)} with them\n`);

  const experiment = await azure.ask('POST', '/api/2.0/mlflow/experiments/create', { headers, body: { name: 'many' } });
  const { experiment_id } = experiment.body as { experiment_id: string };
  for (let i = 0; i < runs; i++) {
    const created = await azure.ask('POST', '/api/2.0/mlflow/runs/create', { headers, body: { experiment_id, start_time: i } });
    const { run_id } = (created.body as { run: { info: { run_id: string } } }).run.info;
    const logged = {
      run_id,
      metrics: [{ key: 'loss', value: i / runs, timestamp: i, step: 0 }],
      params: [{ key: 'p', value: String(i % 7) }],
    };
    await azure.ask('POST', '/api/2.0/mlflow/runs/log-batch', { headers, body: logged });
  }
  const search = {
    experiment_ids: [experiment_id],
    filter: "metrics.loss < 0.5 and params.p = '3'",
    order_by: ['metrics.loss DESC'],
    max_results: 100,
  };
  const searched = await timed(20, () => azure.ask('POST', '/api/2.0/mlflow/runs/search', { headers, body: search }));
  process.stdout.write(`MLflow search over ${runs} runs: ${searched.toFixed(1)} ms\n`);

  const bars: Bar[] = [
    { name: 'GET of a job over the port, ms', found: facade - port, atMost: 3 },
    { name: `scoring beside ${pollers} pollers, % slower`, found: Math.max(0, slowed), atMost: 5 },
    { name: `search over ${runs} runs, ms`, found: searched, atMost: 100 },
  ];
  const { lines, missed } = barLines(bars);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = missed > 0 ? 1 : 0;
} finally {
  await azure.close();
}
