/** `runs/…`, their metrics and artifacts. */
import type { ArtifactRoots } from '../artifact-root.ts';
import type { Input } from '../input.ts';
import type { Metric, RunRow } from '../runs.ts';
import { type RunSearch, searchRuns } from '../search/run-search.ts';
import type { Tracking } from '../tracking.ts';
import { list, type On, pageAs, text } from './on.ts';

export function registerRuns(on: On, { db, runs, artifacts, refresh }: Tracking, roots: ArtifactRoots): void {
  const uriOf = (row: RunRow): string => roots.uriOf({ experimentId: row.experiment_id, id: row.id, kind: 'run' });
  const show = (row: RunRow) => runs.show(row, uriOf);
  const runId = (input: Input): string => text(input, input.run_id === undefined ? 'run_uuid' : 'run_id');

  on('POST', 'runs/create', (input) => ({ run: show(runs.create(input)) }));
  on('GET', 'runs/get', async (input) => {
    await refresh();
    return { run: show(runs.mustFind(runId(input))) };
  });
  on('POST', 'runs/update', (input) => ({ run_info: show(runs.update(runId(input), input)).info }));
  on('POST', 'runs/delete', (input) => runs.setLifecycle(runId(input), 'deleted'));
  on('POST', 'runs/restore', (input) => runs.setLifecycle(runId(input), 'active'));
  on('POST', 'runs/search', async (input) => {
    await refresh();
    const { page, next } = searchRuns(db, input as RunSearch);
    return pageAs('runs', runs.showAll(page, uriOf), next);
  });
  on('POST', 'runs/log-parameter', (input) =>
    runs.log(runId(input), { params: [{ key: text(input, 'key'), value: String(input.value ?? '') }] }),
  );
  on('POST', 'runs/log-metric', (input) => runs.log(runId(input), { metrics: [input as unknown as Metric] }));
  on('POST', 'runs/log-batch', (input) => runs.log(runId(input), input));
  on('POST', 'runs/set-tag', (input) => runs.tag(runId(input), text(input, 'key'), String(input.value ?? '')));
  on('POST', 'runs/delete-tag', (input) => runs.deleteTag(runId(input), text(input, 'key')));
  on('POST', 'runs/log-model', (input) => {
    const id = runId(input);
    const known = runs.show(runs.mustFind(id), uriOf).data.tags.find(({ key }) => key === 'mlflow.log-model.history');
    const history = [...(JSON.parse(known?.value ?? '[]') as unknown[]), JSON.parse(text(input, 'model_json'))];
    runs.tag(id, 'mlflow.log-model.history', JSON.stringify(history));
  });
  on('POST', 'runs/log-inputs', (input) => {
    for (const dataset of list(input, 'datasets')) runs.keep(runId(input), 'dataset', dataset);
    for (const model of list(input, 'models')) runs.keep(runId(input), 'model_input', model);
  });
  on('POST', 'runs/outputs', (input) => {
    for (const model of list(input, 'models')) runs.keep(runId(input), 'model_output', model);
  });
  on('GET', 'metrics/get-history', (input) => ({ metrics: runs.history(runId(input), text(input, 'metric_key')) }));
  on('GET', 'metrics/get-history-bulk', (input) => ({
    metrics: [input.run_id]
      .flat()
      .flatMap((id) => runs.history(String(id), text(input, 'metric_key')).map((metric) => ({ ...metric, run_id: id }))),
  }));
  on('GET', 'artifacts/list', async (input) => {
    await refresh();
    const row = runs.mustFind(runId(input));
    return { root_uri: uriOf(row), files: await artifacts.list(row.id, String(input.path ?? '')) };
  });
}
