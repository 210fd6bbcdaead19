/** What makes a model unfit to load, said before the runtime sees it. */
import { MalachiteError } from '@malachite/core/errors';
import { isDefaultDomain } from './graph-reading.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfo } from './proto.ts';

/** The newest file format that onnx 1.23 defines. */
const NEWEST_IR_VERSION = 14;

/** Operator domains that the runtime brings. */
const knownDomains = new Set([
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);

/**
 * Checks what `onnx.checker` checks as far as it can be seen without operator definitions, and what we refuse to touch.
 *
 * @returns the faults in words, empty when there are none
 * @throws NotSupported when tensors lie outside the file, which is never read, or an operator's domain is unknown to the runtime
 */
export function checkModel(model: ModelProto): string[] {
  const faults: string[] = [];
  const version = Number(model.irVersion ?? 0);
  if (version < 1) faults.push('ir_version is missing');
  if (version > NEWEST_IR_VERSION) faults.push(`ir_version ${version} is newer than ${NEWEST_IR_VERSION}, the newest known`);
  if (version >= 3 && model.opsetImport.length === 0) faults.push('opset_import is missing');
  if (model.graph === undefined) return [...faults, 'it has no graph'];
  if (model.graph.output.length === 0) faults.push('the graph has no outputs');
  // The runtime for Node keeps tensors in objects by name, and an object has no place for this one.
  const isProto = ({ name }: ValueInfo): boolean => name === '__proto__';
  if (model.graph.input.some(isProto) || model.graph.output.some(isProto))
    faults.push('an input or output is called "__proto__"');
  if (version >= 3) faults.push(...undeclaredDomains(model, model.graph));
  faults.push(...graphFaults(model.graph, new Set()));
  refuseExternalData(model.graph);
  refuseUnknownDomains(model, model.graph);
  return faults;
}

/** @throws InvalidInput naming the first faults when there are any. */
export function requireSound(model: ModelProto): GraphProto {
  const faults = checkModel(model);
  if (faults.length > 0 || model.graph === undefined) {
    const shown = faults.slice(0, 3).join('; ');
    throw new MalachiteError('InvalidInput', `The ONNX model is not sound: ${shown}${faults.length > 3 ? '; and more' : ''}.`);
  }
  return model.graph;
}

/** Names defined once, and before they are used. `outer` holds what a body may see of the graphs around it. */
function graphFaults(graph: GraphProto, outer: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const known = new Set(outer);
  const defined = new Set<string>();
  const define = (name: string, what: string): void => {
    if (name === '') return;
    if (defined.has(name)) faults.push(`${what} "${name}" is defined twice`);
    defined.add(name);
    known.add(name);
  };
  for (const input of graph.input) {
    if (!input.name) faults.push('an input has no name');
    define(input.name ?? '', 'input');
  }
  for (const tensor of graph.initializer) if (!defined.has(tensor.name ?? '')) define(tensor.name ?? '', 'initializer');
  for (const sparse of graph.sparseInitializer ?? []) define(sparse.values?.name ?? '', 'initializer');
  for (const node of graph.node) {
    const who = `node "${node.name || node.output[0] || ''}" (${node.opType})`;
    if (!node.opType) faults.push(`${who} has no operator`);
    for (const input of node.input) {
      if (input !== '' && !known.has(input)) faults.push(`${who} takes "${input}", which nothing before it makes`);
    }
    for (const body of bodies(node)) faults.push(...graphFaults(body, known));
    for (const output of node.output) define(output, 'value');
  }
  for (const output of graph.output) {
    if (!known.has(output.name ?? '')) faults.push(`output "${output.name}" is made by nothing`);
  }
  return faults;
}

function undeclaredDomains(model: ModelProto, graph: GraphProto): string[] {
  const declared = new Set(model.opsetImport.map(({ domain }) => (isDefaultDomain(domain) ? '' : domain)));
  const used = new Set(allNodes(graph).map(({ domain }) => (isDefaultDomain(domain) ? '' : domain)));
  return [...used]
    .filter((domain) => !declared.has(domain))
    .map((domain) => `opset_import does not name domain "${domain || 'ai.onnx'}"`);
}

function refuseUnknownDomains(model: ModelProto, graph: GraphProto): void {
  const own = new Set((model.functions ?? []).map(({ domain, name }) => `${domain}:${name}`));
  for (const { domain, opType } of allNodes(graph)) {
    if (isDefaultDomain(domain) || knownDomains.has(domain ?? '') || own.has(`${domain}:${opType}`)) continue;
    throw new MalachiteError(
      'NotSupported',
      `The model uses operator "${opType}" of domain "${domain}", a custom operator that the runtime does not have.`,
    );
  }
}

function refuseExternalData(graph: GraphProto): void {
  for (const tensor of allTensors(graph)) {
    if (tensor.dataLocation !== 1 && tensor.externalData.length === 0) continue;
    const location = tensor.externalData.find(({ key }) => key === 'location')?.value ?? '';
    throw new MalachiteError(
      'NotSupported',
      `Tensor "${tensor.name ?? ''}" is kept in another file ("${location}"). Files outside the model are never read; ` +
        'save the model with all its data inside (onnx.save with save_as_external_data=False).',
    );
  }
}

function bodies(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap((attribute) =>
    attribute.g === undefined ? attribute.graphs : [attribute.g, ...attribute.graphs],
  );
}

/** Every node, those in bodies too. */
export function allNodes(graph: GraphProto): NodeProto[] {
  return graph.node.flatMap((node) => [node, ...bodies(node).flatMap(allNodes)]);
}

/** Every stored tensor: initializers, those of attributes, and those in bodies. */
export function allTensors(graph: GraphProto): TensorProto[] {
  const inNodes = graph.node.flatMap((node) =>
    node.attribute.flatMap((attribute) => (attribute.t === undefined ? attribute.tensors : [attribute.t, ...attribute.tensors])),
  );
  const sparse = (graph.sparseInitializer ?? [])
    .flatMap(({ values, indices }) => [values, indices])
    .filter((t) => t !== undefined);
  return [...graph.initializer, ...sparse, ...inNodes, ...graph.node.flatMap((node) => bodies(node).flatMap(allTensors))];
}
