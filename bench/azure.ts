/**
 * What the Azure facade costs over the ports behind it.
 *
 *     node bench/azure.ts [SECONDS]
 *
 * A GET of a job over TLS with a token, beside the port's own call in the same process, one after the other; scoring of an endpoint alone and
 * beside 200 clients that poll a job as `jobs.stream` does, once a second, taking turns; MLflow's search over 10,000 runs. Ends with
 * the bars of the issue: 1 when one is missed.
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
import type { Asking } from './azure/asker.ts';
import { type Bar, barLines } from './scoring-bars.ts';

const seconds = Number(process.argv[2] ?? 3);
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
const ask = async (asking: Asking): Promise<{ answered: number; failed: number }> =>
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
  const scoring = (): Promise<{ answered: number }> =>
    ask({ url: scoringUri, method: 'POST', authorization: `Bearer ${primaryKey}`, body, connections: 1, seconds });
  const polling = (): Promise<{ answered: number; failed: number }> => {
    const ca = readFileSync(origin.caFile, 'utf8');
    return ask({
      url: `${origin.url}${jobPath}`,
      method: 'GET',
      authorization,
      ca,
      connections: pollers,
      seconds: seconds + 1,
      every: 1000,
    });
  };
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    alone.push((await scoring()).answered / seconds);
    const [polled, scored] = await Promise.all([polling(), new Promise((go) => setTimeout(go, 500)).then(scoring)]);
    if (polled.failed > 0) throw new Error(`${polled.failed} polls failed.`);
    beside.push(scored.answered / seconds);
  }
  const before = process.cpuUsage();
  const { answered } = await polling();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${pollers} pollers: ${((user + system) / answered / 1000).toFixed(2)} ms of processor time a poll\n`);
  const slowed = median(alone.map((rate, i) => 100 * (1 - (beside[i] ?? 0) / rate)));
  process.stdout.write(
    `scoring: alone ${median(alone).toFixed(0)} rows/s, beside ${pollers} pollers ${median(beside).toFixed(0)} rows/s, slower by ${slowed.toFixed(1)} %\n`,
  );

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
