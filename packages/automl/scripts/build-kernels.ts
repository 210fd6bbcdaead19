/**
 * Compiles `assembly/kernels.ts` and `assembly/network.ts` and keeps the results as base64 beside the code that runs them, so that the
 * package runs without a build step. Run it after every change there: `npm run build:kernels -w packages/automl`.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the compiled modules are kept. */
const binaries = { kernels: 'gbdt/kernels-binary.ts', network: 'mlp/network-binary.ts' } as const;

type Entry = keyof typeof binaries;

/** A compiled WebAssembly module. The same source always gives the same bytes. */
export async function compileKernels(entry: Entry = 'kernels'): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const features = ['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'];
  const { error, stderr } = await asc.main(
    [
      `assembly/${entry}.ts`,
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
  for (const entry of Object.keys(binaries) as Entry[]) {
    const base64 = Buffer.from(await compileKernels(entry)).toString('base64');
    const source = `/** Made by \`npm run build:kernels\` from \`assembly/${entry}.ts\`; a test compiles that again and compares. */\nexport const ${entry}Base64 =\n  '${base64}';\n`;
    writeFileSync(`${folder}/src/learners/${binaries[entry]}`, source);
  }
}
