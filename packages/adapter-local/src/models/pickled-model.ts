/**
 * `outputs/model.pkl`, the file that programs for Azure's AutoML register, download and load: a pickle that holds the ONNX
 * model and the text of its class, so that `joblib.load` and `pickle.load` answer an object with `predict` and
 * `predict_proba` in any Python 3 that has numpy, onnxruntime and pandas. A pickle can name only what can be imported, and
 * the class is installed nowhere: the pickle runs the text first. Opcodes: Python's `pickletools`, protocol 4.
 */
import { pythonModel } from './python-model.ts';

/** What the class's `__module__` says. */
const moduleName = 'malachite_model';

export function pickledModel(onnx: Uint8Array): Uint8Array {
  const parts = [
    bytes('\x80\x04'),
    // exec(text, {'__name__': …}), whose answer, None, is dropped.
    bytes('cbuiltins\nexec\n'),
    text(pythonModel),
    bytes('}\x94'),
    text('__name__'),
    text(moduleName),
    bytes('s\x86R0'),
    // getitem(that dictionary, 'AutoMLModel')(onnx)
    bytes('coperator\ngetitem\nh\0'),
    text('AutoMLModel'),
    bytes('\x86R'),
    bytes('B'),
    length(onnx.length),
    onnx,
    bytes('\x85R.'),
  ];
  return Buffer.concat(parts);
}

const bytes = (latin: string): Uint8Array => Buffer.from(latin, 'latin1');

/** BINUNICODE: UTF-8 behind its length. */
function text(value: string): Uint8Array {
  const encoded = Buffer.from(value);
  return Buffer.concat([bytes('X'), length(encoded.length), encoded]);
}

function length(count: number): Uint8Array {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32LE(count);
  return encoded;
}
