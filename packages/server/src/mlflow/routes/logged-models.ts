/** `logged-models/…`: models that runs made. */
import type { ArtifactRoots } from '../artifact-root.ts';
import type { Tracking } from '../tracking.ts';
import { list, type On, pageAs, text } from './on.ts';

export function registerLoggedModels(on: On, { loggedModels, artifacts }: Tracking, roots: ArtifactRoots): void {
  type Row = ReturnType<typeof loggedModels.mustFind>;
  const show = (row: Row) => ({
    model: loggedModels.show(row, roots.uriOf({ experimentId: row.experiment_id, id: row.id, kind: 'model' })),
  });
  on('POST', 'logged-models', (input) => show(loggedModels.create(input)));
  on('POST', 'logged-models/search', (input) => {
    const { page, next } = loggedModels.search(input);
    return pageAs(
      'models',
      page.map((row) => show(row).model),
      next,
    );
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
