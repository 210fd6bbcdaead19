/**
 * Compiles `assembly/kernels.ts` and keeps the result as base64 in `src/learners/gbdt/kernels-binary.ts`, so that the package
 * runs without a build step. Run it after every change there: `npm run build:kernels -w packages/automl`.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** The compiled WebAssembly module. The same source always gives the same bytes. */
export async function compileKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const features = ['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'];
  const { error, stderr } = await asc.main(
    [
      'assembly/kernels.ts',
      '--baseDir',
      folder,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      ...memory,
      ...features,
    ],
    {
      writeFile(_name, contents) {
        if (typeof contents !== 'string') binary = contents;
      },
    },
  );
  if (error || binary === undefined) throw new Error(`AssemblyScript did not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = Buffer.from(await compileKernels()).toString('base64');
  const source = `/** Made by \`npm run build:kernels\` from \`assembly/kernels.ts\`; a test compiles that again and compares. */\nexport const kernelsBase64 =\n  '${base64}';\n`;
  writeFileSync(`${folder}/src/learners/gbdt/kernels-binary.ts`, source);
}
