import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { waited, waiting } from './polling.ts';

const forever = (signal: AbortSignal) => delay(2 ** 30, undefined, { signal });

test('a long operation is waited for as long as it may take, and until the workspace is closed', async () => {
  const closing = new AbortController();
  expect(await waited('Doing', closing.signal, async () => 1)).toBe(1);
  await expect(waited('Doing', closing.signal, forever, 1)).rejects.toMatchObject({
    code: 'Timeout',
    message: expect.stringMatching(/^Doing takes longer than/),
  });
  const waiter = waited('Doing', closing.signal, forever);
  closing.abort();
  await expect(waiter).rejects.toMatchObject({ code: 'Canceled', message: 'Doing was canceled.' });
});

test('who asks again waits no more once the workspace is closed', async () => {
  const closing = new AbortController();
  const wait = waiting(closing.signal);
  closing.abort();
  await expect(wait.next()).rejects.toMatchObject({ code: 'Canceled' });
});
