/** Homes for tests: real folders, databases and blobs, gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type Context, closeContext, openContext } from './store/context.ts';

/** A folder of this test's own. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'malachite-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** An open home; closed after the test. */
export function temporaryContext(home: string = temporaryHome()): Context {
  const context = openContext({ home, workspaceName: 'test', clock: () => new Date(), log: pino({ level: 'silent' }) });
  onTestFinished(() => closeContext(context));
  return context;
}
