/**
 * Weights that an exporter keeps in files beside the model, taken into it: `torch.onnx.export` does so for larger networks. Only files in
 * the model's own folder are read, whatever the model says.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { MalachiteError } from '@malachite/core/errors';
import type { TensorProto } from '@malachite/onnx';

/** ONNX files end at 2 GiB, and so does a model with all its weights inside. */
export const LARGEST_BYTES = 2 ** 31 - 1;

/**
 * @param path where the model came from
 * @returns the bytes themselves when nothing lies outside
 * @throws InvalidInput for a file that is missing, too short or outside the folder; TooLarge when all together is over 2 GiB
 */
export async function withExternalData(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  // The library is asked only for a file that names another one.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('location')) return bytes;
  const { allTensors, decodeModel, encodeModel } = await import('@malachite/onnx');
  const model = decodeModel(bytes);
  const outside = model.graph === undefined ? [] : allTensors(model.graph).filter(({ dataLocation }) => dataLocation === 1);
  if (outside.length === 0) return bytes;
  const files = new Map<string, Promise<Buffer>>();
  const folder = await realpath(dirname(path));
  let size = bytes.length;
  for (const tensor of outside) {
    const { location = '', offset = '0', length } = entriesOf(tensor);
    const reading = files.get(location) ?? readBeside(folder, location, tensor.name ?? '');
    files.set(location, reading);
    const file = await reading;
    const from = Number(offset);
    const to = length === undefined ? file.length : from + Number(length);
    if (!(from >= 0 && from <= to && to <= file.length)) {
      throw new MalachiteError(
        'InvalidInput',
        `Tensor "${tensor.name}" is bytes ${offset} to ${to} of "${location}", which has ${file.length}: the file is cut off, or of another model.`,
      );
    }
    size += to - from;
    if (size > LARGEST_BYTES)
      throw new MalachiteError('TooLarge', `The model and "${location}" are over 2 GiB together, the most that ONNX holds.`);
    tensor.rawData = file.subarray(from, to);
    tensor.externalData = [];
    delete tensor.dataLocation;
  }
  return encodeModel(model);
}

function entriesOf({ externalData }: TensorProto): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(externalData.map(({ key = '', value }) => [key, value]));
}

async function readBeside(folder: string, location: string, tensor: string): Promise<Buffer> {
  const asked = resolve(folder, location);
  // Where a link leads counts, not where it lies.
  const file = await realpath(asked).catch(() => asked);
  if (!file.startsWith(folder + sep)) {
    throw new MalachiteError(
      'InvalidInput',
      `Tensor "${tensor}" is kept in "${location}", outside the model's folder: that is never read.`,
    );
  }
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw new MalachiteError(
      'InvalidInput',
      `Tensor "${tensor}" is kept in "${location}", which is not beside the model. Copy it there too.`,
    );
  }
  if (found.size > LARGEST_BYTES)
    throw new MalachiteError('TooLarge', `"${location}" has ${found.size} bytes; an ONNX model has at most 2 GiB.`);
  return await readFile(file);
}
