/** MLflow's tracking and registry REST API, below any prefix. */
import type { FastifyInstance } from 'fastify';
import type { ArtifactRoots } from '../artifact-root.ts';
import { answerMlflowErrors } from '../errors.ts';
import { inputOf } from '../input.ts';
import type { Tracking } from '../tracking.ts';
import { registerExperiments } from './experiments.ts';
import { registerLoggedModels } from './logged-models.ts';
import { registerModelRegistry } from './model-registry.ts';
import type { On } from './on.ts';
import { registerRuns } from './runs.ts';

/** @param prefix Before `/api/2.0/mlflow`; empty for plain clients. */
export function registerMlflow(app: FastifyInstance, prefix: string, tracking: Tracking, roots: ArtifactRoots): void {
  app.register(async (scope) => {
    answerMlflowErrors(scope);
    const on: On = (methods, path, handler) => {
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
