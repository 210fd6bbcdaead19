/** Runs one benchmark by its name: `npm run bench scoring`. Without a name, says which there are. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.startsWith('scoring-'))
  .map((file) => file.slice(0, -3));
const [name = '', ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  process.stderr.write(`Benchmarks: ${names.join(', ')}. Each prints ratios against a peer in the same run.\n`);
  process.exit(2);
}
process.exit(
  spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.ts`, folder)), ...rest], { stdio: 'inherit' }).status ?? 1,
);
