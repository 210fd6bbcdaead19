import { exampleOf } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { startServer } from '../server.ts';
import { chromium, openPage } from '../test-browser.ts';
import { transportWorkspace } from '../test-workspace.ts';

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

/** In the page: opens an operation, presses "Try it out" and "Execute", and answers what was sent and the status shown. */
const tryOut = (operation: string) => `(async () => {
  ${appears}
  const block = await appears('[id$="${operation}"]');
  block.querySelector('.opblock-summary-control').click();
  (await appears('.try-out__btn', block)).click();
  const sent = (await appears('textarea', block)).value;
  (await appears('.execute', block)).click();
  const status = await appears('.live-responses-table .response .response-col_status', block);
  return { sent, status: status.innerText };
})()`;

const name = `the page in a real browser${chromium ? '' : ' (skipped: no chromium is installed; CHROME_BIN may name one)'}`;

describe.skipIf(chromium === undefined)(name, () => {
  it('"Try it out" sends a whole example, which is accepted, and the console shows no error', { timeout: 60_000 }, async () => {
    const server = await startServer({ workspace: transportWorkspace().workspace, port: 0 });
    const page = await openPage(chromium as string, `${server.url}/docs/`);
    try {
      for (const [port, method] of [
        ['training', 'submit'],
        ['compute', 'create'],
      ] as const) {
        const { sent, status } = await page.evaluate<{ sent: string; status: string }>(tryOut(`${port}_${method}`));
        expect(JSON.parse(sent)).toEqual(exampleOf(port, method));
        expect(status).toMatch(/^200/);
      }
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
