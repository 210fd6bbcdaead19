/** Files that are given as models: weights beside them, and what is no model at all, told in a sentence by every command. */
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocalWorkspace } from '@malachite/adapter-local';
import { decodeModel, encodeModel, GraphBuilder, type ModelProto } from '@malachite/onnx';
import { loadModel } from '@malachite/scoring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../assets/create-model.ts';
import { type Cli, testCli } from '../test-cli.ts';
import { readModelFile } from './read-model-file.ts';

let cli: Cli;
let folder: string;
beforeAll(async () => {
  cli = await testCli();
  folder = await mkdtemp(join(cli.home, 'models-'));
});
afterAll(() => cli.remove());

/** Doubles `x`; its one weight is initializer 0. */
function doubler(): ModelProto {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  graph.output(graph.node('MatMul', [x, graph.constant(new Float32Array([2]), [1, 1])]), 'y', 'float', [null, 1]);
  return decodeModel(encodeModel(graph.toModel({ graphName: 'doubler', producerName: 'test', producerVersion: '1' })));
}

function changed(change: (model: ModelProto) => void): Uint8Array {
  const model = doubler();
  change(model);
  return encodeModel(model);
}

const sound = encodeModel(doubler());

/** The weight in another file. @returns the path of the model */
async function withWeightsIn(name: string, location: string, entries: Readonly<Record<string, string>> = {}): Promise<string> {
  const bytes = changed(({ graph }) => {
    const weight = graph?.initializer[0];
    if (weight === undefined) throw new Error('The doubler has no weight.');
    delete weight.rawData;
    weight.dataLocation = 1;
    weight.externalData = Object.entries({ location, ...entries }).map(([key, value]) => ({ key, value }));
  });
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'model.onnx'), bytes);
  return join(folder, name, 'model.onnx');
}

describe('weights in a file beside the model', () => {
  const weights = Buffer.from(new Float32Array([9, 3, 9]).buffer);

  it('are taken in, the part that the model names', async () => {
    const path = await withWeightsIn('beside', 'weights.bin', { offset: '4', length: '4' });
    await writeFile(join(folder, 'beside', 'weights.bin'), weights);
    const model = await loadModel(await readModelFile(path));
    const { values } = await model.score({ kind: 'records', records: [{ x: 7 }] });
    await model.close();
    expect([...(values ?? [])]).toEqual([21]);
  });

  it('are in the model that is registered', async () => {
    const path = await withWeightsIn('registered', 'weights.bin', { length: '4' });
    await writeFile(join(folder, 'registered', 'weights.bin'), weights);
    const workspace = await openLocalWorkspace({ home: join(folder, 'home') });
    const { files, signature } = await createModel(workspace, { name: 'doubler', path });
    await workspace.close();
    expect(files.map((file) => file.path)).toEqual(['model.onnx']);
    expect(signature?.inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it.each([
    ['missing', 'weights.bin', {}, /"weights.bin", which is not beside the model/],
    ['above', '../beside/weights.bin', {}, /"..\/beside\/weights.bin", outside the model's folder/],
    ['absolute', '/etc/passwd', {}, /outside the model's folder: that is never read/],
    ['the folder', '.', {}, /outside the model's folder/],
  ])('are refused: %s', async (name, location, entries, sentence) => {
    await expect(readModelFile(await withWeightsIn(name, location, entries))).rejects.toThrow(sentence);
  });

  it('are refused where a link leads out of the folder', async () => {
    const path = await withWeightsIn('link', 'weights.bin');
    await symlink('/etc/passwd', join(folder, 'link', 'weights.bin'));
    await expect(readModelFile(path)).rejects.toThrow(/outside the model's folder/);
  });

  it.each<Record<string, string>>([{ offset: '8', length: '8' }, { offset: '-4' }, { offset: 'x' }])(
    'are refused beyond the end: %o',
    async (entries) => {
      const name = `short ${entries.offset}`;
      const path = await withWeightsIn(name, 'weights.bin', entries);
      await writeFile(join(folder, name, 'weights.bin'), weights);
      await expect(readModelFile(path)).rejects.toThrow(/which has 12: the file is cut off/);
    },
  );
});

it('a file of more than 2 GiB is refused before it is read', async () => {
  const path = join(folder, 'huge.onnx');
  await writeFile(path, '');
  await truncate(path, 3 * 2 ** 30);
  await expect(readModelFile(path)).rejects.toThrow(/3221225472 bytes; an ONNX file has at most 2 GiB/);
  await rm(path);
});

describe('what cannot be served gets a sentence and an exit code from every command', () => {
  const other = (domain: string, opType: string) =>
    changed(({ graph, opsetImport }) => {
      Object.assign(graph?.node[0] ?? {}, { domain, opType });
      if (domain !== '') opsetImport.push({ domain, version: 1 });
    });
  it.each<[string, Uint8Array, RegExp]>([
    ['table.csv', Buffer.from('a,b\n1,2\n'), /text file, not an ONNX file/],
    ['model.safetensors', Buffer.from('\x10\0\0\0\0\0\0\0{"w": {}}', 'latin1'), /safetensors/],
    ['truncated.onnx', sound.subarray(0, sound.length - 9), /cut off/],
    [
      'newer.onnx',
      changed((model) => model.opsetImport.push({ domain: 'ai.onnx.ml', version: 99 })),
      /newer ai\.onnx\.ml than opset/,
    ],
    ['custom.onnx', other('my.ops', 'Magic'), /"Magic" of domain "my.ops", a custom operator/],
    ['unknown.onnx', other('com.microsoft', 'Magic'), /"Magic" of com\.microsoft, which ONNX Runtime does not have/],
  ])('%s', async (name, bytes, sentence) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    for (const command of [['inspect'], ['serve', '--port', '0']]) {
      const { code, stderr } = await cli.run([...command, path]);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(2);
    }
  });
});
