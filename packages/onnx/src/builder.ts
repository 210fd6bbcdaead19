/** Builds an ONNX graph value by value; every call returns the name of the value it made, so calls compose like expressions. */
import { MalachiteError } from '@malachite/core/errors';
import { type AttributeValue, makeAttribute } from './attributes.ts';
import { copyGraph } from './copy.ts';
import { elementType, type ModelProto, type NodeProto, type TensorProto, type ValueInfo } from './proto.ts';
import { makeTensor, type TensorData, type TensorType } from './tensor.ts';

export type Domain = 'ai.onnx.ml' | 'com.microsoft';

/** A size: a number is fixed, a name is free and shared by all that use it, null is free. */
export type Shape = readonly (number | string | null)[];

export interface NodeOptions {
  /** The operator's domain; the default one, ai.onnx, when absent. */
  domain?: Domain;
  /** How many outputs the node gives; 1 by default. */
  outputs?: number;
}

export interface ModelOptions {
  graphName: string;
  producerName: string;
  producerVersion: string;
  docString?: string;
  metadata?: Readonly<Record<string, string>>;
  /** Version of ai.onnx; 17, which runtimes since 2022 read. */
  opset?: number;
  /** Version of ai.onnx.ml; 3. */
  mlOpset?: number;
}

/** ONNX 1.12 .. 1.13: the newest that every runtime of the last four years reads. */
const IR_VERSION = 8;

/**
 * @example
 * const graph = new GraphBuilder();
 * const x = graph.input('x', 'float', [null, 2]);
 * const doubled = graph.node('Mul', [x, graph.constant(new Float32Array([2]), [1])]);
 * graph.output(doubled, 'y', 'float', [null, 2]);
 * const bytes = encodeModel(graph.toModel({ graphName: 'doubler', producerName: 'me', producerVersion: '1' }));
 */
export class GraphBuilder {
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly nodeList: NodeProto[] = [];
  private readonly initializers: TensorProto[] = [];
  private readonly taken = new Set<string>();
  private readonly counters = new Map<string, number>();
  private readonly includedOpsets = new Map<string, number>();

  /** Declares a graph input. @returns its value name, which is `name`. */
  input(name: string, type: TensorType, shape: Shape): string {
    this.take(name);
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Stores a constant tensor; the type follows the array (Uint8Array is bool). @returns its value name. */
  constant(data: TensorData, shape: readonly number[] = [data.length]): string {
    const name = this.fresh('constant');
    this.initializers.push(makeTensor(name, data, shape));
    return name;
  }

  /** Adds a node. @returns the name of its first output; see `nodes` for all of them. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    options: NodeOptions = {},
  ): string {
    return this.nodes(opType, inputs, attributes, options)[0] as string;
  }

  /** Adds a node. @returns the names of its outputs, as many as `options.outputs`. */
  nodes(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    options: NodeOptions = {},
  ): string[] {
    for (const input of inputs) this.require(input, opType);
    const name = this.fresh(opType);
    const count = options.outputs ?? 1;
    const output = Array.from({ length: count }, () => (count === 1 ? name : this.fresh(name)));
    this.nodeList.push({
      name,
      opType,
      domain: options.domain ?? '',
      input: [...inputs],
      output,
      attribute: Object.entries(attributes).map(([key, value]) => makeAttribute(key, value)),
    });
    return output;
  }

  /** Gives a value to the outside under `name`, by an Identity that runtimes remove. */
  output(value: string, name: string, type: TensorType, shape: Shape): void {
    this.require(value, `output "${name}"`);
    if (value !== name) {
      this.take(name);
      this.nodeList.push({
        name: `output_${name}`,
        opType: 'Identity',
        domain: '',
        input: [value],
        output: [name],
        attribute: [],
      });
    }
    this.outputs.push(valueInfo(name, type, shape));
  }

  /**
   * Copies another model's graph in, all its names behind `prefix`: how an ensemble holds its members.
   *
   * @param inputs the other model's input name -> the value of this graph that feeds it; all inputs must be named
   * @returns the other model's output name -> its value in this graph
   * @throws InvalidInput when an input is not wired or a name clashes; Conflict when two members use different opsets.
   */
  include(model: ModelProto, prefix: string, inputs: ReadonlyMap<string, string>): Map<string, string> {
    for (const { domain, version } of model.opsetImport) this.adoptOpset(domain || 'ai.onnx', Number(version ?? 1), prefix);
    const copy = copyGraph(model, prefix, inputs);
    for (const value of inputs.values()) this.require(value, `the inputs of "${prefix}"`);
    for (const tensor of copy.initializers) this.take(tensor.name ?? '');
    for (const output of copy.nodes.flatMap((node) => node.output)) if (output !== '') this.take(output);
    this.initializers.push(...copy.initializers);
    this.nodeList.push(...copy.nodes);
    return copy.outputs;
  }

  /** The finished model, IR version 8, without nodes and constants that no output needs: runtimes take long to load many. @throws Conflict when an included model needs another opset than the one asked for. */
  toModel(options: ModelOptions): ModelProto {
    const opsets = new Map([['ai.onnx', options.opset ?? 17]]);
    for (const { domain } of this.nodeList) {
      if (domain === 'ai.onnx.ml') opsets.set(domain, options.mlOpset ?? 3);
      if (domain === 'com.microsoft') opsets.set(domain, 1);
    }
    for (const [domain, version] of opsets) this.adoptOpset(domain, version, options.graphName);
    return {
      irVersion: IR_VERSION,
      opsetImport: [...opsets].map(([domain, version]) => ({ domain: domain === 'ai.onnx' ? '' : domain, version })),
      producerName: options.producerName,
      producerVersion: options.producerVersion,
      docString: options.docString ?? '',
      graph: {
        name: options.graphName,
        ...neededFor(this.outputs, this.nodeList, this.initializers),
        input: this.inputs,
        output: this.outputs,
        valueInfo: [],
      },
      metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    };
  }

  private adoptOpset(domain: string, version: number, who: string): void {
    const known = this.includedOpsets.get(domain);
    if (known !== undefined && known !== version) {
      throw new MalachiteError('Conflict', `"${who}" uses ${domain} ${version}, the graph it joins uses ${known}.`);
    }
    this.includedOpsets.set(domain, version);
  }

  private fresh(stem: string): string {
    let name: string;
    do {
      const count = this.counters.get(stem) ?? 0;
      this.counters.set(stem, count + 1);
      name = `${stem}_${count}`;
    } while (this.taken.has(name));
    this.taken.add(name);
    return name;
  }

  private take(name: string): void {
    if (this.taken.has(name)) throw new MalachiteError('InvalidInput', `The graph already has a value "${name}".`);
    this.taken.add(name);
  }

  private require(value: string, who: string): void {
    if (value !== '' && !this.taken.has(value))
      throw new MalachiteError('InvalidInput', `${who} takes "${value}", which the graph does not have.`);
  }
}

/** What the outputs are computed from. Every node stands after those it takes values from. */
function neededFor(outputs: readonly ValueInfo[], nodes: readonly NodeProto[], initializers: readonly TensorProto[]) {
  const needed = new Set(outputs.map(({ name }) => name ?? ''));
  const kept = nodes.toReversed().filter((node) => {
    const isNeeded = node.output.some((output) => needed.has(output));
    if (isNeeded) for (const value of valuesTakenBy(node)) needed.add(value);
    return isNeeded;
  });
  return { node: kept.reverse(), initializer: initializers.filter(({ name }) => needed.has(name ?? '')) };
}

/** A node's inputs, and what the bodies of its loops take from outside. */
function valuesTakenBy(node: NodeProto): string[] {
  const bodies = (node.attribute ?? []).flatMap(({ g, graphs }) => [...(g ? [g] : []), ...(graphs ?? [])]);
  const inside = bodies.flatMap((body) => [
    ...(body.node ?? []).flatMap(valuesTakenBy),
    ...(body.output ?? []).map(({ name }) => name ?? ''),
  ]);
  return [...node.input, ...inside];
}

function valueInfo(name: string, type: TensorType, shape: Shape): ValueInfo {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : size === null ? {} : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementType[type], shape: { dim } } } };
}
