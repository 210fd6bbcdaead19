/** Makes any exported model ready to be served: read, checked, rewritten where a runtime for Node needs it, described. */
import { requireSound } from './check.ts';
import { decodeModel, encodeModel } from './codec.ts';
import { describe } from './describe.ts';
import type { GraphProto, ModelProto } from './proto.ts';
import { emptyTopK } from './rewrite/empty-top-k.ts';
import { rewrite } from './rewrite/rewrite.ts';
import type { Signature } from './signature.ts';

export interface Servable {
  /** The bytes to load; the very bytes given when nothing had to be rewritten. */
  bytes: Uint8Array;
  model: ModelProto;
  signature: Signature;
  /** What was changed, one sentence each; empty when nothing was. */
  rewritten: string[];
}

/**
 * @param bytes an ONNX file
 * @throws InvalidInput for bytes that are not a sound ONNX model; NotSupported for external data, custom operators and values
 *   that are not tensors; TooLarge over 2 GiB
 */
export function servable(bytes: Uint8Array): Servable {
  const original = decodeModel(bytes);
  const graph = requireSound(original);
  const { graph: rewrittenGraph, changes, labels } = rewrite(graph);
  const { functions, changes: inFunctions } = emptyTopK(original.functions ?? []);
  const rewritten = [...changes, ...inFunctions];
  const model =
    rewritten.length === 0
      ? original
      : { ...original, graph: rewrittenGraph, functions, opsetImport: withDefaultOpset(original, rewrittenGraph) };
  return {
    bytes: rewritten.length === 0 ? bytes : encodeModel(model),
    model,
    signature: describe(model, rewrittenGraph, labels),
    rewritten,
  };
}

/** The nodes that a rewrite adds are of the default domain, which a file of ai.onnx.ml operators alone may not import. */
function withDefaultOpset(model: ModelProto, graph: GraphProto): ModelProto['opsetImport'] {
  const declared = model.opsetImport.some(({ domain }) => !domain || domain === 'ai.onnx');
  const needed = graph.node.some(({ domain }) => !domain || domain === 'ai.onnx');
  return declared || !needed ? model.opsetImport : [...model.opsetImport, { domain: '', version: 11 }];
}
