/** Every operation that Azure's npm client lists and Malachite has no route for says, in a sentence of its own, why. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestAzure, type TestAzure } from '../../packages/server/src/test-azure.ts';
import { armOperations } from './coverage/operations.ts';
import { shapeOf } from './coverage/record.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

it('answers 501 with the reason and where the list is, never a 404 that a client takes for "there is none yet"', async () => {
  const routes = new Set(azure.origin.routes.map(({ method, url }) => `${method} ${shapeOf(url)}`));
  const missing = armOperations().filter(({ method, path }) => !routes.has(`${method} ${shapeOf(path)}`));
  expect(missing.length).toBeGreaterThan(0);
  for (const { name, method, path } of missing) {
    const { status, body } = await azure.ask(method, path.replaceAll(/\{\w+\}/g, 'x'));
    const { code, message } = (body as { error: { code: string; message: string } }).error;
    expect([status, code], name).toEqual([501, 'NotEmulated']);
    expect(message, name).toMatch(/^(?!Malachite does not emulate (?:GET|PUT|POST|PATCH|DELETE)).+ See docs\/coverage\.md/);
  }
});
