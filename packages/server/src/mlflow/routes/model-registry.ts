/** `registered-models/…` and `model-versions/…`. */
import type { Input } from '../input.ts';
import type { KeyValue } from '../key-values.ts';
import type { Tracking } from '../tracking.ts';
import { type Handler, list, type On, pageAs, text } from './on.ts';

export function registerModelRegistry(on: On, { registry }: Tracking): void {
  /** What others registered is seen first. */
  const onFresh = (methods: string, path: string, handler: Handler): void =>
    on(methods, path, async (input) => {
      await registry.refresh();
      return handler(input);
    });
  registerModels(onFresh, registry);
  registerVersions(onFresh, registry);
}

type Registry = Tracking['registry'];

const name = (input: Input): string => text(input, 'name');
const version = (input: Input): string => text(input, 'version');
const key = (input: Input): string => text(input, 'key');
const given = (input: Input, field: string): string => String(input[field] ?? '');

function registerModels(on: On, { models }: Registry): void {
  on('POST', 'registered-models/create', (input) => ({
    registered_model: models.create({
      name: name(input),
      description: input.description as string | undefined,
      tags: list<KeyValue>(input, 'tags'),
    }),
  }));
  on('GET', 'registered-models/get', (input) => ({ registered_model: models.get(name(input)) }));
  on('GET POST', 'registered-models/search', (input) => {
    const { page, next } = models.search(input);
    return pageAs('registered_models', page, next);
  });
  on('PATCH', 'registered-models/update', (input) => ({
    registered_model: models.describe(name(input), given(input, 'description')),
  }));
  on('DELETE', 'registered-models/delete', (input) => models.delete(name(input)));
  on('GET POST', 'registered-models/get-latest-versions', (input) => ({
    model_versions: models.latest(name(input), [input.stages ?? []].flat() as string[]),
  }));
  on('POST', 'registered-models/set-tag', (input) => void models.tag(name(input), key(input), given(input, 'value')));
  on('DELETE', 'registered-models/delete-tag', (input) => void models.untag(name(input), key(input)));
  on('POST', 'registered-models/alias', (input) => void models.setAlias(name(input), text(input, 'alias'), version(input)));
  on('DELETE', 'registered-models/alias', (input) => void models.deleteAlias(name(input), text(input, 'alias')));
  on('GET', 'registered-models/alias', (input) => ({ model_version: models.byAlias(name(input), text(input, 'alias')) }));
}

function registerVersions(on: On, { versions }: Registry): void {
  on('POST', 'model-versions/create', async (input) => ({ model_version: await versions.create(input) }));
  on('GET', 'model-versions/get', (input) => ({ model_version: versions.get(name(input), version(input)) }));
  on('GET POST', 'model-versions/search', (input) => {
    const { page, next } = versions.search(input);
    return pageAs('model_versions', page, next);
  });
  on('PATCH', 'model-versions/update', (input) => ({
    model_version: versions.describe(name(input), version(input), given(input, 'description')),
  }));
  on('POST', 'model-versions/transition-stage', (input) => ({
    model_version: versions.transition(
      name(input),
      version(input),
      text(input, 'stage'),
      input.archive_existing_versions === true,
    ),
  }));
  on('DELETE', 'model-versions/delete', (input) => versions.delete(name(input), version(input)));
  on('GET', 'model-versions/get-download-uri', (input) => ({
    artifact_uri: versions.downloadUri(name(input), version(input)),
  }));
  on(
    'POST',
    'model-versions/set-tag',
    (input) => void versions.tag(name(input), version(input), key(input), given(input, 'value')),
  );
  on('DELETE', 'model-versions/delete-tag', (input) => void versions.untag(name(input), version(input), key(input)));
}
