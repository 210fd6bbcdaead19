import { fileURLToPath } from 'node:url';

/** The file to fork for an endpoint: `fork(hostEntry)`. It speaks the messages of `host-messages.ts`. */
export const hostEntry = fileURLToPath(new URL('./run-host.ts', import.meta.url));

/**
 * Flags of Node's for processes that score: what a request leaves behind is short-lived, so the space for new objects may be small. A
 * host with a large ensemble then stays about 100 MB below what V8 would take, for more and smaller collections.
 */
export const scoringFlags: readonly string[] = ['--max-semi-space-size=8'];
