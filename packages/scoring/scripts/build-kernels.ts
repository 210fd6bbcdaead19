/**
 * Compiles `assembly/` and keeps the result as base64 in `src/compiled/kernels-binary.ts`, so that the package runs without a
 * build step. Run it after every change there: `npm run build:kernels -w packages/scoring`.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** The compiled WebAssembly module. The same source always gives the same bytes. */
export async function compileKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options = ['--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  const { error, stderr } = await asc.main(['assembly/index.ts', '--baseDir', folder, ...options], {
    writeFile(_name, contents) {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error || binary === undefined) throw new Error(`AssemblyScript did not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = Buffer.from(await compileKernels()).toString('base64');
  const source = `/** Made by \`npm run build:kernels\` from \`assembly/\`; a test compiles that again and compares. */\nexport const kernelsBase64 =\n  '${base64}';\n`;
  writeFileSync(`${folder}/src/compiled/kernels-binary.ts`, source);
}
