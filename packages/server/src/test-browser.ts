/** A real Chromium for tests of pages, driven over the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The browser's command: `CHROME_BIN`, or one of the usual names; undefined when none is installed. */
export const chromium = [process.env.CHROME_BIN, 'chromium', 'chromium-browser', 'google-chrome'].find(
  (command) => command !== undefined && spawnSync(command, ['--version']).status === 0,
);

export type Page = {
  /** The value of an expression in the page; a promise is awaited, what it throws is thrown here. */
  evaluate<T>(expression: string): Promise<T>;
  /** What the console has shown as an error so far, refusals by the content security policy among it. */
  readonly errors: readonly string[];
  close(): Promise<void>;
};

type Message = { readonly id?: number; readonly method?: string; readonly params?: unknown; readonly result?: unknown };
type Evaluated = { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: object };

export async function openPage(command: string, url: string): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'malachite-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const browser = spawn(command, [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const { host } = new URL(await devToolsAddress(browser));
  const target = await fetch(`http://${host}/json/new?about:blank`, { method: 'PUT' });
  const socket = new WebSocket(((await target.json()) as { webSocketDebuggerUrl: string }).webSocketDebuggerUrl);
  await once(socket, 'open');
  const errors: string[] = [];
  const loaded = Promise.withResolvers<void>();
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message.result);
    if (message.method === 'Page.loadEventFired') loaded.resolve();
    const { entry } = (message.params ?? {}) as { entry?: { level: string; text: string } };
    if (message.method === 'Log.entryAdded' && entry?.level === 'error') errors.push(entry.text);
    if (message.method === 'Runtime.exceptionThrown') errors.push(JSON.stringify(message.params));
  });
  const send = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await send('Log.enable');
  await send('Runtime.enable');
  await send('Page.enable');
  await send('Page.navigate', { url });
  await loaded.promise;
  return {
    errors,
    async evaluate<T>(expression: string) {
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = (await send('Runtime.evaluate', asked)) as Evaluated;
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result?.value as T;
    },
    async close() {
      socket.close();
      const ended = once(browser, 'exit');
      browser.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the browser says on stderr once it listens. */
function devToolsAddress(browser: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    browser.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const address = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    browser.once('exit', () => reject(new Error(`The browser ended before it listened: ${said}`)));
  });
}
