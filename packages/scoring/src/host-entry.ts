import { fileURLToPath } from 'node:url';

/** The file to fork for an endpoint: `fork(hostEntry)`. It speaks the messages of `host-messages.ts`. */
export const hostEntry = fileURLToPath(new URL('./host.ts', import.meta.url));
