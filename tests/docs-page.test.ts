/** `/docs` of a scoring server in a real browser: "Try it out" is pressed for every kind of model, behind a key, and what is shown is answered. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { answeringScript, loadModel, type ServedDeployment, startScoreScript, startScoringServer } from '@malachite/scoring';
import { expect, it, onTestFinished } from 'vitest';
import { chromium, openPage } from '../packages/server/src/test-browser.ts';

const key = 'key-of-the-page';

/** In the page: the first element that a selector finds, as soon as there is one. */
const appears = `const appears = (selector, within = document) => new Promise((resolve) => {
  const look = () => within.querySelector(selector);
  if (look()) return resolve(look());
  const observer = new MutationObserver(() => {
    if (!look()) return;
    observer.disconnect();
    resolve(look());
  });
  observer.observe(document, { childList: true, subtree: true });
});`;

/** In the page: gives the key as a person does, executes the example as it stands, and answers what is shown. */
const tryOut = `(async () => {
  ${appears}
  (await appears('button.authorize')).click();
  const field = await appears('.auth-container input');
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'Bearer ${key}');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  (await appears('.auth-btn-wrapper .authorize')).click();
  (await appears('.auth-btn-wrapper .btn-done')).click();
  const block = await appears('[id$="RunMLService"]');
  block.querySelector('.opblock-summary-control').click();
  const sent = (await appears('textarea', block)).value;
  (await appears('.execute', block)).click();
  const status = await appears('.live-responses-table .response .response-col_status', block);
  return { sent, status: status.innerText };
})()`;

const fixture = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../fixtures/models/${name}.onnx`, import.meta.url)));

/** One input of as many columns as the caller has. */
function openMatrix(): Uint8Array {
  const graph = new GraphBuilder();
  graph.output(graph.node('ReduceSum', [graph.input('x', 'float', [null, null])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'test', producerName: 'test', producerVersion: '1' }));
}

async function script(): Promise<ServedDeployment['model']> {
  const folder = mkdtempSync(join(tmpdir(), 'malachite-docs-'));
  const path = join(folder, 'score.mjs');
  writeFileSync(path, 'export const init = () => {};\nexport const run = (data) => ({ got: data });\n');
  const started = await startScoreScript({ path, processes: 1, onLog() {} });
  onTestFinished(async () => {
    await started.close();
    rmSync(folder, { recursive: true });
  });
  return answeringScript(started);
}

async function model(bytes: Uint8Array): Promise<ServedDeployment['model']> {
  const loaded = await loadModel(bytes);
  onTestFinished(() => loaded.close());
  return loaded;
}

const kinds: readonly [string, () => Promise<ServedDeployment['model']>][] = [
  ['a classifier of named columns', () => model(fixture('loans'))],
  ['a matrix', () => model(fixture('flowers'))],
  ['a regressor', () => model(fixture('rents'))],
  ['a matrix of any width', () => model(openMatrix())],
  ['a script', script],
];
const skipped = chromium ? '' : ' [skipped: no chromium is installed; CHROME_BIN may name one]';

it.skipIf(chromium === undefined).each(kinds)(`"Try it out" of %s${skipped}`, { timeout: 60_000 }, async (_, open) => {
  const deployments = [{ name: 'default', model: await open(), traffic: 100 }];
  const server = await startScoringServer({ port: 0, keys: { primary: key, secondary: '' }, deployments });
  onTestFinished(() => server.close());
  const page = await openPage(chromium as string, `${server.url}/docs`);
  onTestFinished(() => page.close());
  const { sent, status } = await page.evaluate<{ sent: string; status: string }>(tryOut);
  expect(status, sent).toMatch(/^200/);
  expect(page.errors).toEqual([]);
});
