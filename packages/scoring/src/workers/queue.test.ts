import { expect, it } from 'vitest';
import type { Answer, Answerer } from '../call.ts';
import { adder } from '../test-models.ts';
import { queuedAnswerer } from './queue.ts';

const call = { route: '/score', body: Buffer.from('{}'), contentType: undefined, named: '' } as const;

it('what waits longer than it may is told so; what waits less is answered, the longest first', async () => {
  const { signature } = await adder(1);
  const finish: (() => void)[] = [];
  const order: number[] = [];
  const answerer: Answerer = {
    signature,
    answer: () => new Promise<Answer>((resolve) => finish.push(() => resolve({ body: '', rows: 1, runMs: 0 }))),
  };
  const queued = queuedAnswerer(answerer, { slots: 1, maxQueueWaitMs: 200 });
  const ask = (id: number): Promise<unknown> => queued.answer(call).then(() => order.push(id));
  const [first, second, third] = [ask(1), ask(2), ask(3)];
  await expect.poll(() => finish.length).toBe(1);
  finish[0]?.();
  await first;
  await expect.poll(() => finish.length).toBe(2);
  await expect(third).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('max_queue_wait_ms, 200 ms'),
  });
  finish[1]?.();
  await second;
  expect(order).toEqual([1, 2]);
  const last = ask(4);
  await expect.poll(() => finish.length).toBe(3);
  finish[2]?.();
  await last;
});
