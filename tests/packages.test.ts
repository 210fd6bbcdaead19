/** The packages as those have them who install them: packed, installed in an empty project elsewhere, and used from there. */
import { type ExecFileException, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(join(root, 'packages'));
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const work = mkdtempSync(join(tmpdir(), 'malachite-packages-'));
const project = join(work, 'project');
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The Node of these tests, and no setting of Malachite's or of vitest's. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(MALACHITE|VITEST)/.test(name))),
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
};

/** What a command in the project prints, however it ends. */
function run(command: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: project, env, maxBuffer: 1e8 }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, output } = await run(command, ...args);
  expect(code, `${command} ${args.join(' ')}\n${output}`).toBe(0);
  return output;
}

function write(file: string, text: string): string {
  writeFileSync(join(project, file), text);
  return file;
}

/**
 * Gives a folder the packages that the repository has installed, as hard links, for npm to find them there and keep what it needs: else
 * it would write most of a gigabyte. Where links cannot be made, it does.
 */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== '.bin') linkPackages(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile() && entry.name !== '.package-lock.json') linkSync(join(from, entry.name), join(to, entry.name));
  }
}

/** Why npm could not install: neither the cache that `npm ci` has filled nor a registry has what is needed. */
let unreachable: string | undefined;

beforeAll(async () => {
  mkdirSync(project);
  write('package.json', '{ "name": "project", "private": true, "type": "module" }');
  await succeed(process.execPath, join(root, 'scripts', 'pack.ts'), work);
  try {
    linkPackages(join(root, 'node_modules'), join(project, 'node_modules'));
  } catch {
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
  }
  const tarballs = readdirSync(work).filter((file) => file.endsWith('.tgz'));
  const tools = ['vitest', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=60000'];
  const { code, output } = await run('npm', 'install', ...quiet, ...tarballs.map((file) => join(work, file)), ...tools);
  if (/ENOTCACHED|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT/.test(output)) unreachable = output;
  else expect(code, output).toBe(0);
}, 240_000);

const needsInstall = ({ skip }: TestContext): void => {
  if (unreachable !== undefined) skip('npm has no registry to install from, and its cache has not all that is needed');
};

describe('a tarball', () => {
  it('is there for every package, and holds JavaScript with types and neither source nor tests', async () => {
    for (const name of names) {
      const { name: id, version } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
      const tarball = join(work, `${id.replace('@', '').replace('/', '-')}-${version}.tgz`);
      const files = (await succeed('tar', 'tf', tarball)).trim().split('\n');
      expect(files, name).toEqual(expect.arrayContaining(['package/package.json', 'package/LICENSE', 'package/dist/index.js']));
      expect(files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
      expect(files.filter((file) => /\.test\.|\/(src|testing|assembly|__pycache__)\//.test(file))).toEqual([]);
      const modules = files.filter((file) => /\/dist\/.*\.js$/.test(file));
      expect(modules.filter((file) => !files.includes(file.replace(/\.js$/, '.d.ts')))).toEqual([]);
      const manifest = JSON.parse(await succeed('tar', 'xOf', tarball, 'package/package.json'));
      expect(manifest.exports['.']).toEqual({ types: './dist/index.d.ts', default: './dist/index.js' });
      expect(manifest).toMatchObject({ engines: { node: expect.stringMatching(/\d/) }, license: 'MIT' });
      expect(manifest).not.toHaveProperty('devDependencies');
      expect(manifest).not.toHaveProperty('scripts');
    }
  });
});

describe('an empty project that installs the tarballs', () => {
  it('opens a workspace from plain JavaScript', async (context) => {
    needsInstall(context);
    const program = write(
      'open.js',
      `import { openWorkspace } from 'malachite';
       const workspace = await openWorkspace({ MALACHITE_HOME: 'home' });
       await workspace.compute.create({ name: 'cpu' });
       console.log(workspace.backend, (await workspace.compute.list({})).map(({ name }) => name).join());
       await workspace.close();`,
    );
    expect(await succeed(process.execPath, program)).toContain('local cpu');
  });

  it('has types, of every package, without leave to skip any', async (context) => {
    needsInstall(context);
    const packages = names.map((name) => (name === 'malachite' ? name : `@malachite/${name}`));
    write(
      'typed.ts',
      `${packages.map((name, i) => `import * as package${i} from '${name}';`).join('\n')}
       import * as nodeTest from 'node:test';
       import * as vitest from 'vitest';
       import type { Job, Workspace } from '@malachite/core';
       import { type Malachite, openWorkspace, startMalachite } from 'malachite';
       import { contract } from 'malachite/contract';

       const workspace: Workspace = await openWorkspace();
       const job: Job = await workspace.training.submit({
         type: 'automl', task: 'classification', trainingData: { path: 'azureml:bank@latest' }, targetColumnName: 'y',
       });
       // @ts-expect-error There is no such task.
       await workspace.training.submit({ ...job, task: 'guessing' });
       const malachite: Malachite = await startMalachite();
       for (const test of [nodeTest, vitest]) contract(test, { name: malachite.url, open: async () => malachite.workspace });
       export const all = [${packages.map((_, i) => `package${i}`).join(', ')}];`,
    );
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          strict: true,
          noEmit: true,
          types: ['node'],
          skipLibCheck: false,
        },
        files: ['typed.ts'],
      }),
    );
    await succeed(process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
  });

  it('serves a model with npx', async (context) => {
    needsInstall(context);
    cpSync(join(root, 'fixtures', 'models', 'loans.onnx'), join(project, 'loans.onnx'));
    // A group of its own, as a terminal would make it: Ctrl-C reaches npx and what it started.
    const serve = spawn('npx', ['malachite', 'serve', 'loans.onnx', '--port', '0', '--key', 'secret'], {
      cwd: project,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(serve, 'close');
    try {
      let said = '';
      for await (const chunk of serve.stdout) {
        said += chunk;
        if (said.includes('READY')) break;
      }
      const [uri = ''] = /http:\S+\/score/.exec(said) ?? [];
      const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
      const document = await (await fetch(new URL('/swagger.json', uri), { headers })).json();
      const body = JSON.stringify(
        (document as { definitions: { ServiceInput: { example: unknown } } }).definitions.ServiceInput.example,
      );
      const answer = await fetch(uri, { method: 'POST', headers, body });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('result')]);
    } finally {
      if (serve.exitCode === null && serve.pid !== undefined) process.kill(-serve.pid, 'SIGINT');
      await ended;
    }
  });

  /** The whole contract is as many minutes as cores are few; its first room shows that the runner and the workspace are held. */
  const contractTest = (runner: string) => `import * as test from '${runner}';
    import { startMalachite } from 'malachite';
    import { contract } from 'malachite/contract';

    contract(test, { name: 'mine', open: async () => (await startMalachite()).workspace });`;

  it('holds a workspace to the contract in node:test', async (context) => {
    needsInstall(context);
    const file = write('contract.test.js', contractTest('node:test'));
    const output = await succeed(process.execPath, '--test', '--test-reporter=tap', '--test-name-pattern=the datastore', file);
    expect(Number(/^# pass (\d+)/m.exec(output)?.[1])).toBeGreaterThan(4);
    expect(output).toMatch(/^# fail 0$/m);
  });

  it('holds a workspace to the contract in vitest', async (context) => {
    needsInstall(context);
    const file = write('contract.spec.js', contractTest('vitest'));
    const output = await succeed('npx', 'vitest', 'run', file, '--testNamePattern', 'the datastore', '--reporter', 'json');
    const { numPassedTests, numFailedTests } = JSON.parse(output.slice(output.indexOf('{"'), output.lastIndexOf('}') + 1));
    expect([numPassedTests > 4, numFailedTests]).toEqual([true, 0]);
  });

  it('answers an unmodified Azure client in the same process', async (context) => {
    needsInstall(context);
    const program = write(
      'azure.js',
      `import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
       import { DefaultAzureCredential } from '@azure/identity';
       import { startMalachite } from 'malachite';

       await using malachite = await startMalachite();
       Object.assign(process.env, malachite.env);
       await malachite.workspace.compute.create({ name: 'cpu' });
       const { AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZUREML_WORKSPACE_NAME } = process.env;
       const client = new AzureMachineLearningWorkspaces(new DefaultAzureCredential(), AZURE_SUBSCRIPTION_ID, { endpoint: malachite.azureUrl });
       for await (const { name } of client.computeOperations.list(AZURE_RESOURCE_GROUP, AZUREML_WORKSPACE_NAME)) console.log('cluster', name);`,
    );
    expect(await succeed(process.execPath, program)).toContain('cluster cpu');
  });
});
