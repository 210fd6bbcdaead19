/** A script that hangs is found out by its probe, though its request has no limit of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ScoreScript, startScoreScript } from './score-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-probes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scripts = {
  'score.py':
    'import os, time\ndef init(): pass\ndef run(data):\n    while data == "hang": time.sleep(3600)\n    return os.getpid()\n',
  'score.ts':
    'export function init(): void {}\nexport function run(data: string): number {\n  while (data === "hang");\n  return process.pid;\n}\n',
};
const quick = { initialDelay: 0, period: 0.1, timeout: 0.5, failureThreshold: 2 };
const patient = { ...quick, timeout: 30 };

async function ask(script: ScoreScript, body: string): Promise<{ status: number; text: string }> {
  const answer = await script.run({ method: 'POST', path: '/score', query: '', headers: [] }, Buffer.from(body));
  return { status: answer.status, text: answer.body.toString() };
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.each(Object.entries(scripts))('%s', (name, source) => {
  const path = join(folder, name);
  writeFileSync(path, source);
  const test = it.skipIf(name.endsWith('.py') && !hasPython);

  test('one that hangs is ended, its request is answered 503 with the reason, and the next one gets an answer', async () => {
    const log: string[] = [];
    const script = await startScoreScript({
      path,
      livenessProbe: quick,
      startTimeoutMs: 60_000,
      onLog: (line) => log.push(line),
    });
    onTestFinished(() => script.close());
    const { text: pid } = await ask(script, 'well');
    const [hung, next] = await Promise.all([ask(script, 'hang'), ask(script, 'well')]);
    expect(hung).toMatchObject({ status: 503, text: expect.stringContaining('ended before it had answered') });
    expect(next.status).toBe(200);
    expect(next.text).not.toBe(pid);
    expect(log.join('\n')).toContain(`The process ${pid} did not answer its liveness probe 2 times; it is ended.`);
  });

  test('a script that answers in time is left alone, however long it lives', async () => {
    const script = await startScoreScript({
      path,
      livenessProbe: patient,
      readinessProbe: patient,
      startTimeoutMs: 60_000,
      onLog: () => {},
    });
    onTestFinished(() => script.close());
    const { text: pid } = await ask(script, 'well');
    for (const until = performance.now() + 1_500; performance.now() < until; )
      expect(await ask(script, 'well')).toEqual({ status: 200, text: pid });
  });
});

it('an init that takes longer than the liveness probe allows is given up', async () => {
  const path = join(folder, 'slow.mjs');
  writeFileSync(
    path,
    'export const init = () => new Promise((done) => setTimeout(done, 60_000));\nexport const run = () => 1;\n',
  );
  const start = startScoreScript({ path, livenessProbe: quick, onLog: () => {} });
  await expect(start).rejects.toMatchObject({ code: 'Timeout', message: expect.stringContaining('600 ms') });
});
