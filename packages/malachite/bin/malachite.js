#!/usr/bin/env node
// Malachite is TypeScript that Node runs as it is, from 22.18 on. An older Node starts the one that npm installed beside
// us (package `node`) and steps back: signals go through, and its exit code becomes ours. The channel between the two tells
// the other when we are gone, even killed, so that it does not stay alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  module.enableCompileCache();
  await import('../src/main.ts');
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `error: Unavailable: Malachite needs Node 22.18 or later; this is ${process.version}, and "npm ci" has not been run.`,
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
