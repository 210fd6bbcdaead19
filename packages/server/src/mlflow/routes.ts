/** MLflow's tracking and registry REST API, below any prefix. */
import type { FastifyInstance } from 'fastify';
import type { ArtifactRoots } from './artifact-root.ts';
import { answerMlflowErrors, invalid } from './errors.ts';
import { type Input, inputOf } from './input.ts';
import type { KeyValue } from './key-values.ts';
import type { Metric, RunRow } from './runs.ts';
import { type ExperimentSearch, searchExperiments } from './search/experiment-search.ts';
import { type RunSearch, searchRuns } from './search/run-search.ts';
import type { Tracking } from './tracking.ts';

type Handler = (input: Input) => unknown;

/** @param prefix Before `/api/2.0/mlflow`; empty for plain clients. */
export function registerMlflow(app: FastifyInstance, prefix: string, tracking: Tracking, roots: ArtifactRoots): void {
  app.register(async (scope) => {
    answerMlflowErrors(scope);
    const on = (methods: string, path: string, handler: Handler): void => {
      for (const version of ['2.0', '3.0']) {
        scope.route({
          method: methods.split(' '),
          url: `${prefix}/api/${version}/mlflow/${path}`,
          handler: async (request) => (await handler(inputOf(request))) ?? {},
        });
      }
    };
    registerExperiments(on, tracking);
    registerRuns(on, tracking, roots);
    registerLoggedModels(on, tracking, roots);
    registerModelRegistry(on, tracking);
  });
}

type On = (methods: string, path: string, handler: Handler) => void;

function registerExperiments(on: On, { db, experiments, refresh }: Tracking): void {
  on('POST', 'experiments/create', (input) => ({
    experiment_id: experiments.create(text(input, 'name'), list<KeyValue>(input, 'tags')),
  }));
  on('GET', 'experiments/get', async (input) => {
    await refresh();
    return { experiment: experiments.get(text(input, 'experiment_id')) };
  });
  on('GET', 'experiments/get-by-name', async (input) => {
    await refresh();
    return { experiment: experiments.byName(text(input, 'experiment_name')) };
  });
  on('GET POST', 'experiments/search', async (input) => {
    await refresh();
    const { page, next } = searchExperiments(db, input as ExperimentSearch);
    return { experiments: page.map(experiments.show), ...(next && { next_page_token: next }) };
  });
  on('POST', 'experiments/update', (input) => experiments.rename(text(input, 'experiment_id'), text(input, 'new_name')));
  on('POST', 'experiments/delete', (input) => experiments.delete(text(input, 'experiment_id')));
  on('POST', 'experiments/restore', (input) => experiments.restore(text(input, 'experiment_id')));
  on('POST', 'experiments/set-experiment-tag', (input) =>
    experiments.setTag(text(input, 'experiment_id'), text(input, 'key'), String(input.value ?? '')),
  );
}

function registerRuns(on: On, { db, runs, artifacts, refresh }: Tracking, roots: ArtifactRoots): void {
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
    return { runs: runs.showAll(page, uriOf), ...(next && { next_page_token: next }) };
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

function registerLoggedModels(on: On, { loggedModels, artifacts }: Tracking, roots: ArtifactRoots): void {
  type Row = ReturnType<typeof loggedModels.mustFind>;
  const show = (row: Row) => ({
    model: loggedModels.show(row, roots.uriOf({ experimentId: row.experiment_id, id: row.id, kind: 'model' })),
  });
  on('POST', 'logged-models', (input) => show(loggedModels.create(input)));
  on('POST', 'logged-models/search', (input) => {
    const { page, next } = loggedModels.search(input);
    return { models: page.map((row) => show(row).model), ...(next && { next_page_token: next }) };
  });
  on('GET', 'logged-models/:model_id', (input) => show(loggedModels.mustFind(text(input, 'model_id'))));
  on('PATCH', 'logged-models/:model_id', (input) => show(loggedModels.finalize(text(input, 'model_id'), input.status as string)));
  on('DELETE', 'logged-models/:model_id', (input) => loggedModels.delete(text(input, 'model_id')));
  on('PATCH', 'logged-models/:model_id/tags', (input) =>
    show(loggedModels.setTags(text(input, 'model_id'), list(input, 'tags'))),
  );
  on('DELETE', 'logged-models/:model_id/tags/:tag_key', (input) =>
    loggedModels.deleteTag(text(input, 'model_id'), text(input, 'tag_key')),
  );
  on('POST', 'logged-models/:model_id/params', (input) =>
    show(loggedModels.logParams(text(input, 'model_id'), list(input, 'params'))),
  );
  on('GET', 'logged-models/:model_id/artifacts/directories', async (input) => {
    const id = text(input, 'model_id');
    const { experiment_id: experimentId } = loggedModels.mustFind(id);
    const files = await artifacts.list(id, String(input.artifact_directory_path ?? ''));
    return { root_uri: roots.uriOf({ experimentId, id, kind: 'model' }), files };
  });
}

function registerModelRegistry(on: On, { registry }: Tracking): void {
  /** What others registered is seen first. */
  const after =
    (handler: Handler): Handler =>
    async (input) => {
      await registry.refresh();
      return handler(input);
    };
  const name = (input: Input): string => text(input, 'name');
  const version = (input: Input): string => text(input, 'version');
  const tags = (input: Input) => list<KeyValue>(input, 'tags');

  const models = 'registered-models';
  on(
    'POST',
    `${models}/create`,
    after((input) => ({
      registered_model: registry.createModel(name(input), input.description as string | undefined, tags(input)),
    })),
  );
  on(
    'GET',
    `${models}/get`,
    after((input) => ({ registered_model: registry.getModel(name(input)) })),
  );
  on(
    'GET POST',
    `${models}/search`,
    after((input) => {
      const { page, next } = registry.searchModels(input);
      return { registered_models: page, ...(next && { next_page_token: next }) };
    }),
  );
  on(
    'PATCH',
    `${models}/update`,
    after((input) => ({
      registered_model: registry.describeModel(name(input), String(input.description ?? '')),
    })),
  );
  on(
    'DELETE',
    `${models}/delete`,
    after((input) => registry.deleteModel(name(input))),
  );
  on(
    'GET POST',
    `${models}/get-latest-versions`,
    after((input) => ({
      model_versions: registry.latest(name(input), [input.stages ?? []].flat() as string[]),
    })),
  );
  on(
    'POST',
    `${models}/set-tag`,
    after((input) => void registry.tagModel(name(input), text(input, 'key'), String(input.value ?? ''))),
  );
  on(
    'DELETE',
    `${models}/delete-tag`,
    after((input) => void registry.untagModel(name(input), text(input, 'key'))),
  );
  on(
    'POST',
    `${models}/alias`,
    after((input) => void registry.setAlias(name(input), text(input, 'alias'), version(input))),
  );
  on(
    'DELETE',
    `${models}/alias`,
    after((input) => void registry.deleteAlias(name(input), text(input, 'alias'))),
  );
  on(
    'GET',
    `${models}/alias`,
    after((input) => ({ model_version: registry.byAlias(name(input), text(input, 'alias')) })),
  );

  const versions = 'model-versions';
  on(
    'POST',
    `${versions}/create`,
    after(async (input) => ({ model_version: await registry.createVersion(input) })),
  );
  on(
    'GET',
    `${versions}/get`,
    after((input) => ({ model_version: registry.getVersion(name(input), version(input)) })),
  );
  on(
    'GET POST',
    `${versions}/search`,
    after((input) => {
      const { page, next } = registry.searchVersions(input);
      return { model_versions: page, ...(next && { next_page_token: next }) };
    }),
  );
  on(
    'PATCH',
    `${versions}/update`,
    after((input) => ({
      model_version: registry.describeVersion(name(input), version(input), String(input.description ?? '')),
    })),
  );
  on(
    'POST',
    `${versions}/transition-stage`,
    after((input) => ({
      model_version: registry.transition(
        name(input),
        version(input),
        text(input, 'stage'),
        input.archive_existing_versions === true,
      ),
    })),
  );
  on(
    'DELETE',
    `${versions}/delete`,
    after((input) => registry.deleteVersion(name(input), version(input))),
  );
  on(
    'GET',
    `${versions}/get-download-uri`,
    after((input) => ({
      artifact_uri: registry.downloadUri(name(input), version(input)),
    })),
  );
  on(
    'POST',
    `${versions}/set-tag`,
    after((input) => void registry.tagVersion(name(input), version(input), text(input, 'key'), String(input.value ?? ''))),
  );
  on(
    'DELETE',
    `${versions}/delete-tag`,
    after((input) => void registry.untagVersion(name(input), version(input), text(input, 'key'))),
  );
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw invalid(`Missing value for required parameter '${name}'.`);
}

function list<T>(input: Input, name: string): T[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalid(`"${name}" must be a list.`);
  return value as T[];
}
