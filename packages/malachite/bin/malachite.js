#!/usr/bin/env node
// Malachite runs on Node ^22.19.0 || >=24.5.0 (scripts/packaging/manifest.ts says why). An older Node starts the one that npm
// installed beside us (package `node`) and steps back: signals go through, and its exit code becomes ours. The channel between
// the two tells the other when we are gone, even killed, so that it does not stay alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 19)) {
  module.enableCompileCache();
  await import('#main');
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `error: Unavailable: Malachite needs Node 22.19 or later, or 24.5 or later; this is ${process.version}. Install one of those, or put one beside it: npm install node@24`,
    );
    process.exit(2);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`error: Unavailable: ${node} does not start: ${error.message}`);
    process.exit(2);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function pinnedNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve('node/package.json');
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
