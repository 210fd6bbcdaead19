/** Published pipelines and their REST endpoints are of Azure ML v1; Resource Manager has no word for them. */
import { MalachiteError, type Operation, operations, type Pipelines } from '@malachite/core';

const sentence =
  'Published pipelines are Azure ML v1 (azureml-core): Resource Manager has none. Work on this machine for them: MALACHITE_BACKEND=local.';

/** Every call is `NotSupported`. */
export function azurePipelines(): Pipelines {
  const calls = Object.entries<Operation>(operations.pipelines).map(([name, { kind }]) => [
    name,
    kind === 'events' ? watch : refuse,
  ]);
  return Object.fromEntries(calls) as Pipelines;
}

async function refuse(): Promise<never> {
  throw new MalachiteError('NotSupported', sentence);
}

async function* watch(): AsyncGenerator<never> {
  yield await refuse();
}
