/** Runs the commands of README.md as they stand there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block.trim().split('\n'));
const [twoCommands = [], inAzureShape = [], serving = [], oneRun = []] = blocks;
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

const home = mkdtempSync(join(tmpdir(), 'malachite-readme-'));
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  environment = { ...process.env, MALACHITE_HOME: home, MALACHITE_PORT: String(await freePort()) };
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(join(root, 'out'), { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

function start(line: string) {
  // A group of its own, as a terminal would make it: Ctrl-C reaches npx and what it started.
  const child = spawn('bash', ['-c', line], { cwd: root, env: environment, detached: true });
  let output = '';
  let said = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      said();
    });
  }
  const closed = once(child, 'close').then(([code]) => code as number);
  /** Waits until the text was printed, or the command has ended without it. */
  const printed = async (text: string): Promise<void> => {
    const told = new Promise<void>((resolve) => {
      said = () => output.includes(text) && resolve();
      said();
    });
    await Promise.race([told, closed]);
    expect(output, line).toContain(text);
  };
  const interrupt = (): Promise<number> => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    return closed;
  };
  return { output: () => output, closed, printed, interrupt };
}

async function run(line: string): Promise<string> {
  const { closed, output } = start(line);
  expect(await closed, `${line}\n${output()}`).toBe(0);
  return output();
}

it('opens with the two commands, which package.json has', () => {
  expect(twoCommands[0]).toMatch(/^npm ci && npm start/);
  expect(twoCommands[1]).toMatch(/^npm ci && npm test/);
  expect(scripts).toMatchObject({
    start: expect.stringContaining('malachite.js up'),
    test: expect.stringContaining('vitest run'),
  });
});

it('shows a picture that is in the tree', () => {
  const [, picture = ''] = /!\[[^\]]*\]\(([^)]+)\)/.exec(readme) ?? [];
  expect(existsSync(join(root, picture)), picture).toBe(true);
});

describe('the commands', () => {
  it('in the shape of az ml play the course', { timeout: 180_000 }, async () => {
    try {
      const outputs: string[] = [];
      for (const line of inAzureShape.slice(0, -1)) outputs.push(await run(line));
      expect(outputs[2]).toContain('Completed');
      expect(outputs[3]).toContain('200');
    } finally {
      await run(inAzureShape.at(-1) as string);
    }
  });

  it('inspect and serve a model', async () => {
    expect(await run(serving[0] as string)).toContain('purpose');
    const serve = start(serving[1] as string);
    await serve.printed('READY');
    expect(serve.output()).toContain('secret');
    await serve.interrupt();
  });

  it('run AutoML without a server', async () => {
    await run(oneRun[0] as string);
    for (const file of [
      'model.onnx',
      'leaderboard.json',
      'metrics.json',
      'explanation.json',
      'guardrails.json',
      'report.html',
      'MLmodel',
    ]) {
      expect(existsSync(join(root, 'out', file)), file).toBe(true);
    }
  });
});
