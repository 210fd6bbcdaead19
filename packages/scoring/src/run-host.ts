/** What `hostEntry` names: keeps what Node makes of our sources, types stripped and compiled, for the next host, which is ready sooner. */
import { enableCompileCache, flushCompileCache } from 'node:module';

enableCompileCache();
await import('./host.ts');
flushCompileCache();
