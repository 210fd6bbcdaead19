/**
 * What `hostEntry` names: keeps what Node makes of our sources, types stripped and compiled, for the next process that runs them, the
 * host's own threads and instances included, which are ready sooner.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';

const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
await import('./host.ts');
flushCompileCache();
