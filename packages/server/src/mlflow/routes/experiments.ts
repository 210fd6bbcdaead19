/** `experiments/…`. */
import type { KeyValue } from '../key-values.ts';
import { type ExperimentSearch, searchExperiments } from '../search/experiment-search.ts';
import type { Tracking } from '../tracking.ts';
import { list, type On, pageAs, text } from './on.ts';

export function registerExperiments(on: On, { db, experiments, refresh }: Tracking): void {
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
    return pageAs('experiments', page.map(experiments.show), next);
  });
  on('POST', 'experiments/update', (input) => experiments.rename(text(input, 'experiment_id'), text(input, 'new_name')));
  on('POST', 'experiments/delete', (input) => experiments.delete(text(input, 'experiment_id')));
  on('POST', 'experiments/restore', (input) => experiments.restore(text(input, 'experiment_id')));
  on('POST', 'experiments/set-experiment-tag', (input) =>
    experiments.setTag(text(input, 'experiment_id'), text(input, 'key'), String(input.value ?? '')),
  );
}
