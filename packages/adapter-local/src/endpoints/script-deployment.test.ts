/** Deployments that bring a scoring script, and MLflow models that only Python runs. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssetFile, type Deployment, type DeploymentCreate, settledDeployment, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { openLocalWorkspace } from '../workspace.ts';

const venv = fileURLToPath(new URL('../../../../.venv', import.meta.url));

async function open(home: string): Promise<Workspace> {
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(() => workspace.close());
  return workspace;
}

async function files(workspace: Workspace, contents: Readonly<Record<string, string>>): Promise<AssetFile[]> {
  const put = async (path: string, text: string): Promise<AssetFile> => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    }
    return { path, ...(await workspace.datastore.put(bytes())) };
  };
  return Promise.all(Object.entries(contents).map(([path, text]) => put(path, text)));
}

async function deploy(workspace: Workspace, settings: Omit<DeploymentCreate, 'endpointName' | 'name'>): Promise<Deployment> {
  await workspace.deployment.createEndpoint({ name: 'scripted' }).catch(() => {});
  await workspace.deployment.createDeployment({ endpointName: 'scripted', name: 'blue', ...settings });
  return await settledDeployment(workspace.deployment, { endpointName: 'scripted', name: 'blue' });
}

const script = `
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { times } from './lib/times.ts';
let factor = 0;
export function init(): void {
  factor = Number(readFileSync(join(process.env.AZUREML_MODEL_DIR as string, 'factor.txt'), 'utf8'));
  console.log('the factor is', factor, process.env.UNIT);
}
export function run(data: string): unknown {
  const { x } = JSON.parse(data) as { x: number };
  if (x < 0) throw new Error('secret detail');
  return { result: times(x, factor) };
}`;
const code = { 'src/score.ts': script, 'src/lib/times.ts': 'export const times = (a: number, b: number): number => a * b;' };

test('a script answers with its own files, its model and its variables; its log is the deployment’s; it comes back with the home', async () => {
  const home = temporaryHome();
  const workspace = await open(home);
  const { deployment } = workspace;
  await workspace.models.create({ name: 'factor', files: await files(workspace, { 'factor.txt': '3' }) });
  const settled = await deploy(workspace, {
    model: 'azureml:factor:1',
    codeConfiguration: { scoringScript: './src/score.ts', files: await files(workspace, code) },
    environmentVariables: { UNIT: 'metres' },
  });
  expect(settled).toMatchObject({ provisioningState: 'Succeeded', error: null, environmentVariables: { UNIT: 'metres' } });
  await deployment.updateEndpoint({ name: 'scripted', traffic: { blue: 100 } });
  const ask = async (from: Workspace, x: number) =>
    await from.deployment.invoke({ name: 'scripted', body: JSON.stringify({ x }) });
  expect(await ask(workspace, 2)).toMatchObject({ status: 200, body: '{"result":6}' });
  const failed = await ask(workspace, -1);
  expect(failed).toMatchObject({ status: 424, headers: { 'ms-azureml-model-error-statuscode': '500' } });
  expect(failed.body).not.toContain('secret');
  const log = async () => (await deployment.logs({ endpointName: 'scripted', name: 'blue' })).lines.join('\n');
  // What a script writes reaches the log by a pipe of its own, beside its answer.
  await expect.poll(log).toContain('Error: secret detail');
  expect(await log()).toContain('the factor is 3 metres');

  await workspace.models.create({ name: 'factor', files: await files(workspace, { 'factor.txt': '5' }) });
  await deployment.updateDeployment({ endpointName: 'scripted', name: 'blue', model: 'azureml:factor:2' });
  await settledDeployment(deployment, { endpointName: 'scripted', name: 'blue' });
  expect(await ask(workspace, 2)).toMatchObject({ body: '{"result":10}' });

  await workspace.close();
  const folders = join(home, 'folders');
  expect(readdirSync(folders)).toHaveLength(3);
  mkdirSync(join(home, 'run', 'folder-of-a-killed-process'));
  const again = await open(home);
  expect(await ask(again, 4)).toMatchObject({ status: 200, body: '{"result":20}' });
  // The first model's folder is read by nobody.
  expect(readdirSync(folders)).toHaveLength(2);
  expect(readdirSync(join(home, 'run')).filter((name) => name.startsWith('folder-'))).toEqual([]);
});

test('a script that does not start fails its deployment, with the reason; one that is not among the files is refused', async () => {
  const workspace = await open(temporaryHome());
  await workspace.models.create({ name: 'factor', files: await files(workspace, { 'factor.txt': '3' }) });
  const broken = await files(workspace, {
    'score.mjs': 'export const init = () => { throw new Error("no such weights"); };\nexport const run = 1;',
  });
  const settled = await deploy(workspace, {
    model: 'azureml:factor:1',
    codeConfiguration: { scoringScript: 'score.mjs', files: broken },
  });
  expect(settled).toMatchObject({ provisioningState: 'Failed', error: expect.stringContaining('no run() function') });
  const missing = workspace.deployment.createDeployment({
    endpointName: 'scripted',
    name: 'green',
    model: 'azureml:factor:1',
    codeConfiguration: { scoringScript: '../score.mjs', files: broken },
  });
  await expect(missing).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('is no path inside an asset'),
  });
});

test.skipIf(!existsSync(venv))(
  'an MLflow model of another flavour runs in the Python it is given (skipped without .venv)',
  async () => {
    const workspace = await open(temporaryHome());
    const contents = {
      'model/MLmodel': 'flavors:\n  python_function:\n    loader_module: adder\n    code: code\n    data: constant.txt\n',
      'model/constant.txt': '10',
      'model/code/adder.py':
        'class Adder:\n    def __init__(self, n): self.n = n\n    def predict(self, table): return table["x"] + self.n\n\ndef _load_pyfunc(path): return Adder(int(open(path).read()))\n',
    };
    await workspace.models.create({ name: 'adder', files: await files(workspace, contents) });
    const settled = await deploy(workspace, { model: 'azureml:adder:1', environment: { python: venv } });
    expect(settled).toMatchObject({ provisioningState: 'Succeeded', error: null });
    const body = '{"input_data": {"columns": ["x"], "data": [[1], [2]]}}';
    const answered = await workspace.deployment.invoke({ name: 'scripted', deploymentName: 'blue', body });
    expect(answered).toMatchObject({ status: 200, body: '[11, 12]' });
  },
);
