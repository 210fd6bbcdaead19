/** What a file is that was given as ONNX and cannot be read as such, in a sentence that says what to do. */

/** Enough for every signature below, and to tell text from bytes. */
const HEAD_BYTES = 512;

/** Over the bytes as Latin-1; `[^ -\xff]` is a byte below the blank, one of the control characters. */
const signatures: readonly (readonly [head: RegExp, sentence: string])[] = [
  [
    /^PK/,
    'This is a zip archive (as PyTorch and Keras write them too), not an ONNX file. Give the .onnx file inside, or export to ONNX first.',
  ],
  [/^[^ -\xff]\x8b/, 'This is a gzip archive, not an ONNX file. Unpack it and give the .onnx file inside.'],
  [/^\x80[^ -\xff]/, 'This is a Python pickle, not an ONNX file. Export the model to ONNX first; pickles are never opened.'],
  [/^\x89HDF\r\n/, 'This is an HDF5 file, such as Keras writes, not an ONNX file. Export the model to ONNX first.'],
  [/^.{4}TFL3/s, 'This is a TensorFlow Lite model, not an ONNX file. Convert it to ONNX first.'],
  [/^GGUF/, 'This is a GGUF model, not an ONNX file.'],
  [
    /^.{8}\{\s*"[^"]*"\s*:/s,
    'This is a safetensors file: weights without a graph, not an ONNX file. Export the model to ONNX first.',
  ],
  [/^CBM1/, 'This is CatBoost\'s own format, not an ONNX file. Save the model with format="onnx".'],
  [/^tree\s+version=/, "This is LightGBM's own format, not an ONNX file. Convert the model with onnxmltools first."],
  [
    /^\{\s*"learner"|^\{L.{8}learner/s,
    "This is XGBoost's own format, not an ONNX file. Convert the model with onnxmltools first.",
  ],
  [
    /^\((?:dp|lp|i|c)\d*\n/,
    'This is a Python pickle, not an ONNX file. Export the model to ONNX first; pickles are never opened.',
  ],
  [/^PAR1/, 'This is a Parquet table, not an ONNX file. Give the model; data goes beside it.'],
  [/^version https:\/\/git-lfs/, 'This is a Git LFS pointer, not an ONNX file. Run `git lfs pull` first.'],
  [
    /^\s*<(?:!doctype html|html|head|body)\b/i,
    'This is a web page (HTML), not an ONNX file: often the page of a login or an error. Download the file itself.',
  ],
  [/^\s*<\?xml/i, 'This is an XML file, not an ONNX file: often the error of a download. Download the file itself.'],
];

/** A sentence for people about a file that is no ONNX; undefined when it looks like none of the files that are known. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES));
  const known = signatures.find(([signature]) => signature.test(head.toString('latin1')));
  if (known) return known[1];
  const text = asText(head);
  return text === undefined ? undefined : `This is a text file, not an ONNX file. It begins with ${JSON.stringify(text)}.`;
}

/** The first words of UTF-8 text without control characters; undefined for anything else. A character may be cut at the end. */
function asText(head: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    if (/[^\P{Cc}\t\r\n\f]/u.test(text)) return undefined;
    const line = text.trim().split(/[\r\n]/)[0] ?? '';
    return line.length > 60 ? `${line.slice(0, 59)}…` : line;
  } catch {
    return undefined;
  }
}
