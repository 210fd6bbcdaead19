/** The coverage page says what the interop suite recorded and what the Azure origin answers, and nothing older. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestAzure, type TestAzure } from '../packages/server/src/test-azure.ts';
import { armOperations } from './interop/coverage/operations.ts';
import { coveragePage } from './interop/coverage/page.ts';
import { type CoverageRecord, shapeOf } from './interop/coverage/record.ts';

const root = resolve(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const record = JSON.parse(read('tests', 'interop', 'coverage', 'recorded.json')) as CoverageRecord;

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

it('docs/coverage.md is what "npm run docs:coverage" writes', () => {
  expect(read('docs', 'coverage.md')).toBe(coveragePage(record, armOperations(), azure.origin.routes));
});

it('every operation of ARM without a route is answered 501 with a sentence, never 404', async () => {
  const routes = new Set(azure.origin.routes.map(({ method, url }) => `${method} ${shapeOf(url)}`));
  const operations = armOperations();
  expect(operations.length).toBeGreaterThan(100);
  const authorization = `Bearer ${await azure.token()}`;
  for (const { name, method, path } of operations) {
    if (routes.has(`${method} ${shapeOf(path)}`)) continue;
    const { status, body } = await azure.ask(method, path.replaceAll(/\{\w+\}/g, 'x'), { headers: { authorization } });
    const { code, message } = (body as { error: { code: string; message: string } }).error;
    expect([name, status, code]).toEqual([name, 501, 'NotEmulated']);
    // A sentence of its own, not that there is no such address.
    expect(message, name).toMatch(/^(?!Malachite does not emulate [A-Z]+ ).+ See docs\/coverage\.md/);
  }
});

it('what the page calls working was answered by a route that is still there', () => {
  const routes = new Set(
    azure.origin.routes.map(({ method, url }) => `${method} ${shapeOf(url.replace(':collection', 'codes'))}`),
  );
  const gone = Object.entries(record.arm).filter(([call, verdict]) => verdict !== 'refused' && !routes.has(call));
  expect(gone.map(([call]) => call).filter((call) => call.includes('/workspaces/{}/') && !call.includes(' /history'))).toEqual(
    [],
  );
});
