import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalWorkspace, openLocalWorkspace } from '@malachite/adapter-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { openTracking, type Tracking } from './tracking.ts';

let home: string;
let workspace: LocalWorkspace;
let tracking: Tracking;
let server: Server;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'malachite-mlflow-'));
  workspace = await openLocalWorkspace({ home });
  tracking = openTracking(workspace, join(home, 'mlflow.sqlite'));
  server = await startServer({ workspace, tracking, port: 0 });
});
afterAll(async () => {
  await server.close();
  tracking.close();
  await workspace.close();
  rmSync(home, { recursive: true });
});

type Said = { readonly status: number; readonly body: Record<string, unknown> };
async function call(method: string, path: string, body?: unknown): Promise<Said> {
  const response = await fetch(`${server.url}/api/2.0/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const post = (path: string, body: unknown) => call('POST', `mlflow/${path}`, body);
const newRun = async (experimentId: string): Promise<string> =>
  ((await post('runs/create', { experiment_id: experimentId })).body as { run: { info: { run_id: string } } }).run.info.run_id;

describe('tracking', () => {
  it('has an experiment Default, says so when one is missing, and refuses a second of one name', async () => {
    expect((await call('GET', 'mlflow/experiments/get-by-name?experiment_name=Default')).body).toMatchObject({
      experiment: { experiment_id: '0', lifecycle_stage: 'active' },
    });
    const missing = await call('GET', 'mlflow/experiments/get-by-name?experiment_name=none');
    expect([missing.status, missing.body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    await post('experiments/create', { name: 'twice' });
    const again = await post('experiments/create', { name: 'twice' });
    expect([again.status, again.body.error_code]).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
  });

  it('keeps parameters once, the history of metrics with what JSON has no number for, and a batch whole or not at all', async () => {
    const run = await newRun('0');
    await post('runs/log-batch', {
      run_id: run,
      params: [{ key: 'depth', value: '3' }],
      metrics: [
        { key: 'loss', value: 1, timestamp: 1, step: 0 },
        { key: 'loss', value: 0.5, timestamp: 2, step: 1 },
        { key: 'loss', value: 9, timestamp: 3, step: 0 },
        { key: 'gap', value: 'NaN', timestamp: 1, step: 0 },
        { key: 'peak', value: 'Infinity', timestamp: 1, step: 0 },
      ],
      tags: [{ key: 'team', value: 'blue' }],
    });
    const { body } = await call('GET', `mlflow/runs/get?run_id=${run}`);
    expect(body).toMatchObject({
      run: {
        data: {
          metrics: [
            { key: 'gap', value: 'NaN' },
            { key: 'loss', value: 0.5, step: 1 },
            { key: 'peak', value: 'Infinity' },
          ],
          params: [{ key: 'depth', value: '3' }],
        },
      },
    });
    const history = await call('GET', `mlflow/metrics/get-history?run_id=${run}&metric_key=loss`);
    expect((history.body.metrics as { value: number }[]).map(({ value }) => value)).toEqual([1, 0.5, 9]);
    const changed = await post('runs/log-batch', {
      run_id: run,
      params: [{ key: 'depth', value: '4' }],
      metrics: [{ key: 'other', value: 1, timestamp: 1, step: 0 }],
    });
    expect([changed.status, changed.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(JSON.stringify((await call('GET', `mlflow/runs/get?run_id=${run}`)).body)).not.toContain('other');
  });

  it('finds runs by metrics, parameters, tags and attributes, in order, page by page', async () => {
    const { experiment_id: experiment } = (await post('experiments/create', { name: 'search' })).body as Record<string, string>;
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const run = await newRun(experiment as string);
      ids.push(run);
      await post('runs/log-batch', {
        run_id: run,
        metrics: [{ key: 'acc', value: i / 10, timestamp: i, step: 0 }],
        params: [{ key: 'even', value: String(i % 2 === 0) }],
      });
    }
    await post('runs/update', { run_id: ids[4], status: 'FINISHED', end_time: 5 });
    const search = async (options: object) => {
      const { body } = await post('runs/search', { experiment_ids: [experiment], ...options });
      return {
        found: ((body.runs ?? []) as { info: { run_id: string } }[]).map(({ info }) => ids.indexOf(info.run_id)),
        next: body.next_page_token as string | undefined,
      };
    };
    expect(
      (await search({ filter: "metrics.acc >= 0.2 AND params.even = 'true'", order_by: ['metrics.acc ASC'] })).found,
    ).toEqual([2, 4]);
    expect((await search({ filter: "attributes.status = 'FINISHED'" })).found).toEqual([4]);
    expect((await search({ filter: "params.even LIKE 'T%'" })).found).toEqual([]);
    expect((await search({ filter: "params.even ILIKE 'T%'", order_by: ['metrics.acc DESC'] })).found).toEqual([4, 2, 0]);
    const first = await search({ order_by: ['metrics.acc DESC'], max_results: 3 });
    const second = await search({ order_by: ['metrics.acc DESC'], max_results: 3, page_token: first.next });
    expect([...first.found, ...second.found]).toEqual([4, 3, 2, 1, 0]);
    expect(second.next).toBeUndefined();
    await post('runs/delete', { run_id: ids[0] });
    expect((await search({})).found).not.toContain(0);
    expect((await search({ run_view_type: 'DELETED_ONLY' })).found).toEqual([0]);
  });

  it('keeps artifacts as content of the workspace, below their run only', async () => {
    const run = await newRun('0');
    const base = `${server.url}/api/2.0/mlflow-artifacts/artifacts`;
    const put = await fetch(`${base}/0/${run}/artifacts/notes/a.txt`, { method: 'PUT', body: 'hello' });
    expect(put.status).toBe(200);
    expect(await (await fetch(`${base}/0/${run}/artifacts/notes/a.txt`)).text()).toBe('hello');
    expect(await (await fetch(`${base}?path=0/${run}/artifacts/notes`)).json()).toEqual({
      files: [{ path: 'a.txt', is_dir: false, file_size: 5 }],
    });
    expect((await call('GET', `mlflow/artifacts/list?run_id=${run}`)).body).toMatchObject({
      files: [{ path: 'notes', is_dir: true }],
    });
    expect((await fetch(`${base}/0/${run}/artifacts/notes%2f..%2f..%2fx`, { method: 'PUT', body: 'x' })).status).toBe(400);
    expect((await fetch(`${base}/0/${run}/artifacts/none`)).status).toBe(404);
  });
});

describe('the registry', () => {
  it('makes of a logged model a version of the workspace, with tags, an alias and a stage', async () => {
    const run = await newRun('0');
    const base = `${server.url}/api/2.0/mlflow-artifacts/artifacts/0/${run}/artifacts`;
    await fetch(`${base}/model/MLmodel`, { method: 'PUT', body: 'flavors:\n  python_function:\n    loader_module: x\n' });
    await post('registered-models/create', { name: 'made' });
    const empty = await post('model-versions/create', { name: 'made', source: `runs:/${run}/nothing` });
    expect([empty.status, empty.body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    const created = await post('model-versions/create', { name: 'made', source: `runs:/${run}/model`, run_id: run });
    expect(created.body).toMatchObject({ model_version: { name: 'made', version: '1', status: 'READY', run_id: run } });
    expect(await workspace.models.get({ name: 'made' })).toMatchObject({ version: '1', type: 'mlflow_model' });
    await post('registered-models/alias', { name: 'made', alias: 'champion', version: '1' });
    expect((await call('GET', 'mlflow/registered-models/alias?name=made&alias=champion')).body).toMatchObject({
      model_version: { version: '1', aliases: ['champion'] },
    });
    await post('model-versions/transition-stage', { name: 'made', version: '1', stage: 'production' });
    expect((await call('GET', 'mlflow/registered-models/get?name=made')).body).toMatchObject({
      registered_model: { latest_versions: [{ version: '1', current_stage: 'Production' }] },
    });
    expect((await call('GET', `mlflow/model-versions/search?filter=${encodeURIComponent("name='made'")}`)).body).toMatchObject({
      model_versions: [{ version: '1' }],
    });
  });

  it('sees what was registered elsewhere', async () => {
    const { sha256 } = await workspace.datastore.put(new Blob(['flavors: {}\n']).stream());
    await workspace.models.create({ name: 'elsewhere', type: 'mlflow_model', files: [{ path: 'MLmodel', sha256 }] });
    expect((await call('GET', 'mlflow/registered-models/get?name=elsewhere')).body).toMatchObject({
      registered_model: { latest_versions: [{ version: '1' }] },
    });
  });
});
