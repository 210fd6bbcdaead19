/** What scripts may do to us, with real processes: Python's where there is a python3, and Node's. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type ScoreScript, type ScoreScriptOptions, startScoreScript } from './score-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'malachite-scripts-'));
const running: ScoreScript[] = [];
let log: string[] = [];
let heard: (() => void) | undefined;

afterEach(async () => {
  await Promise.all(running.splice(0).map((script) => script.close()));
  log = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(name: string, source: string, options: Partial<ScoreScriptOptions> = {}): Promise<ScoreScript> {
  const path = join(folder, name);
  writeFileSync(path, source);
  const onLog = (line: string): void => {
    log.push(line);
    heard?.();
  };
  const script = await startScoreScript({ path, onLog, ...options });
  running.push(script);
  return script;
}

/** When the log has such a line. */
async function logged(pattern: RegExp): Promise<string> {
  for (;;) {
    const found = log.find((line) => pattern.test(line));
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  }
}

async function ask(
  script: ScoreScript,
  body: string,
  headers: [string, string][] = [],
): Promise<{ status: number; body: string }> {
  const answer = await script.run({ method: 'POST', path: '/score', query: '', headers }, Buffer.from(body));
  return { status: answer.status, body: answer.body.toString() };
}

const failed = '{"message": "An unexpected error occurred in scoring script. Check the logs for more info."}';
const ended = '{"message":"The process of the scoring script ended before it had answered. Check the logs for more info."}';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const inPython = describe.skipIf(!hasPython);

inPython('score.py (skipped without python3)', () => {
  const script = `
import json, logging, os, sys, time
held = []
def init():
    print("model dir", os.environ["AZUREML_MODEL_DIR"])
    logging.getLogger("mine").warning("a record")
def run(data):
    what = json.loads(data)
    if what == "raise": raise ValueError("secret detail")
    if what == "exit": os._exit(7)
    if what == "sys.exit": sys.exit(5)
    if what == "hang": time.sleep(3600)
    if what == "deaf":
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(3600)
    if what == "print":
        for _ in range(200): print("x" * 100_000)
    if what == "stdout": os.write(1, b"straight to the descriptor\\n")
    if what == "leak": held.append(bytearray(80_000_000))
    if what == "set": return {1, 2}
    if what == "env": return sorted(name for name in os.environ if name.startswith("MALACHITE"))
    return os.getpid()
`;

  it('runs init once, then answers what run returns; prints and records are in the log', async () => {
    const started = await start('plain.py', script, { modelDir: folder });
    expect(await ask(started, '1')).toMatchObject({ status: 200, body: expect.stringMatching(/^\d+$/) });
    expect(await logged(/model dir/)).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} I \[\d+\] azmlinfsrv\.print - model dir .*malachite-scripts-/,
    );
    expect(await logged(/a record/)).toMatch(/ W \[\d+\] mine - a record$/);
    await ask(started, '"stdout"');
    await logged(/^straight to the descriptor$/);
  });

  it('tells the log, never the caller, what was raised; the process lives on', async () => {
    const started = await start('raise.py', script);
    const { body: pid } = await ask(started, '1');
    expect(await ask(started, '"raise"')).toEqual({ status: 500, body: failed });
    await logged(/ValueError: secret detail/);
    expect((await ask(started, '1')).body).toBe(pid);
  });

  it.each(['exit', 'sys.exit'])('a script that ends its process (%s) fails that request only', async (way) => {
    const started = await start('exit.py', script);
    const { body: pid } = await ask(started, '1');
    const answers = await Promise.all([ask(started, `"${way}"`), ask(started, '1')]);
    expect(answers[0]).toEqual({ status: 503, body: ended });
    expect(answers[1]).toMatchObject({ status: 200 });
    expect(answers[1].body).not.toBe(pid);
    await logged(/ended with exit code [57]; another is started/);
  });

  it('a run that hangs is answered after the timeout, and its process lives on', async () => {
    const started = await start('hang.py', script, { timeoutMs: 300 });
    const { body: pid } = await ask(started, '1');
    expect(await ask(started, '"hang"')).toEqual({ status: 500, body: '{"message": "Scoring timeout after 300 ms"}' });
    expect((await ask(started, '1')).body).toBe(pid);
  });

  it('a run that hears no alarm is ended with its process', async () => {
    const started = await start('deaf.py', script, { timeoutMs: 300 });
    expect(await ask(started, '"deaf"')).toEqual({ status: 500, body: '{"message":"Scoring timeout after 300 ms"}' });
    expect(await ask(started, '1')).toMatchObject({ status: 200 });
  });

  it('a run that prints 20 MB is answered, and the log keeps little of it', async () => {
    const started = await start('print.py', script);
    expect(await ask(started, '"print"')).toMatchObject({ status: 200 });
    await logged(/more lines in this second are left out/);
    expect(log.reduce((sum, line) => sum + line.length, 0)).toBeLessThan(2_000_000);
  });

  it.skipIf(process.platform !== 'linux')('a script that leaks is replaced before it harms (Linux only)', async () => {
    const started = await start('leak.py', script, { memoryLimit: 300_000_000 });
    const { body: pid } = await ask(started, '1');
    for (let i = 0; i < 4; i++) await ask(started, '"leak"');
    await logged(/holds \d+ MB of 286 MB; it is replaced/);
    await logged(/another is started/);
    expect((await ask(started, '1')).body).not.toBe(pid);
  });

  it('what has no JSON is a failure of ours to answer, told to the log', async () => {
    const started = await start('set.py', script);
    expect(await ask(started, '"set"')).toEqual({
      status: 500,
      body: '{"message": "An unexpected internal error occurred. Check the logs for more info."}',
    });
    await logged(/not JSON serializable/);
  });

  it('never sees our own variables', async () => {
    process.env.MALACHITE_KEY = 'secret';
    const started = await start('env.py', script);
    delete process.env.MALACHITE_KEY;
    expect((await ask(started, '"env"')).body).toBe('[]');
  });

  it('runs as many requests at once as it has processes', async () => {
    const source = 'import os, time\ndef init(): pass\ndef run(data):\n    time.sleep(0.2)\n    return os.getpid()\n';
    const started = await start('two.py', source, { processes: 2 });
    const answers = await Promise.all([ask(started, '1'), ask(started, '1')]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(2);
  });

  it.each([
    ['import nothing_like_that\ndef init(): pass\ndef run(data): pass\n', /No module named 'nothing_like_that'/],
    ['def run(data): pass\n', /has no init\(\) function/],
    ['def init(): pass\ndef run(*data): pass\n', /cannot accept positional-only/],
    ['def init(): raise SystemExit("no model")\ndef run(data): pass\n', /SystemExit: no model/],
    ['def init(: pass\n', /SyntaxError/],
    ['import os\ndef init(): os._exit(9)\ndef run(data): pass\n', /ended with exit code 9 before it was ready/],
  ])('a script that cannot serve is refused in words: %j', async (source, words) => {
    await expect(start('unfit.py', source)).rejects.toThrow(words);
  });

  it('a Python that is not there is said in a sentence', async () => {
    await expect(start('fine.py', script, { python: 'no-such-python' })).rejects.toMatchObject({
      code: 'InvalidInput',
      message: '"no-such-python" is not there; name an interpreter, or a virtual environment.',
    });
  });

  it('an init that never ends is given up', async () => {
    const source = 'import time\ndef init(): time.sleep(3600)\ndef run(data): pass\n';
    await expect(start('slow.py', source, { startTimeoutMs: 300 })).rejects.toThrow('took longer than 300 ms');
  });
});

describe('score.ts', () => {
  const script = `
    export function init(): void { console.log('ready to go'); }
    export async function run(data: string, headers: Record<string, string>): Promise<unknown> {
      const what: unknown = JSON.parse(data);
      if (what === 'raise') throw new Error('secret detail');
      if (what === 'exit') process.exit(7);
      if (what === 'never') return new Promise(() => {});
      if (what === 'loop') for (;;);
      if (what === 'teapot') return new Response('short and stout', { status: 418, headers: { 'x-kind': 'teapot' } });
      if (what === 'header') return headers['x-mine'];
      return process.pid;
    }`;

  it('answers as score.py does', async () => {
    const started = await start('score.ts', script, { timeoutMs: 300 });
    const { body: pid } = await ask(started, '1');
    expect(pid).toMatch(/^\d+$/);
    await logged(/ I \[\d+\] malachite - ready to go$/);
    expect((await ask(started, '"raise"')).status).toBe(500);
    await logged(/secret detail/);
    expect(await ask(started, '"never"')).toEqual({ status: 500, body: '{"message":"Scoring timeout after 300 ms"}' });
    expect(await ask(started, '"teapot"')).toEqual({ status: 418, body: 'short and stout' });
    expect(await ask(started, '"header"', [['x-mine', 'yes']])).toEqual({ status: 200, body: '"yes"' });
    expect((await ask(started, '1')).body).toBe(pid);
  });

  it.each([
    ['exit', { status: 503, body: ended }],
    ['loop', { status: 500, body: '{"message":"Scoring timeout after 300 ms"}' }],
  ])('a script that does not come back (%s) is replaced', async (way, answer) => {
    const started = await start('gone.ts', script, { timeoutMs: 300 });
    expect(await ask(started, `"${way}"`)).toEqual(answer);
    expect((await ask(started, '1')).status).toBe(200);
  });

  it('takes CommonJS, and says what is missing', async () => {
    const started = await start('score.cjs', 'module.exports = { init() {}, run: (data) => ({ got: JSON.parse(data) }) };');
    expect((await ask(started, '[1]')).body).toBe('{"got":[1]}');
    await expect(start('norun.mjs', 'export const init = () => {};')).rejects.toThrow('exports no run() function');
    await expect(start('score.rb', '')).rejects.toThrow('A scoring script is a .py, .ts or .js file');
  });
});
