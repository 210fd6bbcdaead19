/** A server that is killed leaves no script behind, not even one that hangs. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'malachite-orphans-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scripts = {
  'hang.py': 'import os, time\ndef init(): print("pid", os.getpid())\ndef run(data):\n    while True: pass\n',
  'hang.ts': `export function init(): void { console.log('pid', process.pid); }\nexport function run(): void { for (;;); }\n`,
};
const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython)('a score.py that hangs ends with its server (skipped without python3)', () => endsWithItsServer('hang.py'));
it('a score.ts that hangs ends with its server', () => endsWithItsServer('hang.ts'));

async function endsWithItsServer(name: keyof typeof scripts): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, scripts[name]);
  const owner = join(folder, `${name}.owner.mjs`);
  writeFileSync(
    owner,
    `import { startScoreScript } from ${JSON.stringify(fileURLToPath(new URL('./score-script.ts', import.meta.url)))};
     const script = await startScoreScript({ path: ${JSON.stringify(path)}, onLog: (line) => console.log(line) });
     script.run({ method: 'POST', path: '/score', query: '', headers: [] }, Buffer.from('1'));
     console.log('asked');`,
  );
  const server = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of server.stdout) {
    said += chunk;
    if (said.includes('asked')) break;
  }
  const pid = Number(/pid (\d+)/.exec(said)?.[1]);
  expect(isAlive(pid)).toBe(true);
  server.kill('SIGKILL');
  await once(server, 'exit');
  while (isAlive(pid)) await delay(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
