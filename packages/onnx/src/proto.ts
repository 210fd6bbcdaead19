/**
 * The messages of ONNX (`onnx-ml.proto`, kept beside this file) as plain objects: camelCase names, repeated fields always arrays,
 * optional scalars absent when the file does not carry them. 64-bit integers are numbers while exact, bigints beyond 2^53.
 */
export type Int64 = number | bigint;

export interface ModelProto {
  irVersion?: Int64;
  opsetImport: OperatorSetId[];
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: Int64;
  docString?: string;
  graph?: GraphProto;
  metadataProps: StringStringEntry[];
  functions?: FunctionProto[];
}

export interface OperatorSetId {
  /** `''` and `'ai.onnx'` are the same, the default domain. */
  domain?: string;
  version?: Int64;
}

export interface StringStringEntry {
  key?: string;
  value?: string;
}

export interface GraphProto {
  name?: string;
  docString?: string;
  node: NodeProto[];
  initializer: TensorProto[];
  sparseInitializer?: SparseTensorProto[];
  input: ValueInfo[];
  output: ValueInfo[];
  valueInfo: ValueInfo[];
}

export interface NodeProto {
  name?: string;
  opType?: string;
  domain?: string;
  docString?: string;
  /** Value names; `''` stands for an optional input that is not given. */
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

export interface AttributeProto {
  name?: string;
  /** One of `attributeType`; files before IR version 2 leave it out. */
  type?: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: Int64[];
  strings: Uint8Array[];
  tensors: TensorProto[];
  graphs: GraphProto[];
}

export interface TensorProto {
  name?: string;
  dims: Int64[];
  /** One of `elementType`. */
  dataType?: number;
  rawData?: Uint8Array;
  floatData: number[];
  int32Data: number[];
  int64Data: Int64[];
  uint64Data: Int64[];
  doubleData: number[];
  stringData: Uint8Array[];
  /** 1 when the numbers lie in another file, named by `externalData`. */
  dataLocation?: number;
  externalData: StringStringEntry[];
}

export interface SparseTensorProto {
  values?: TensorProto;
  indices?: TensorProto;
  dims: Int64[];
}

export interface FunctionProto {
  name?: string;
  domain?: string;
  input: string[];
  output: string[];
  node: NodeProto[];
  opsetImport: OperatorSetId[];
}

export interface ValueInfo {
  name?: string;
  type?: TypeProto;
  docString?: string;
}

/** Exactly one of the kinds is present. */
export interface TypeProto {
  tensorType?: { elemType?: number; shape?: { dim: Dimension[] } };
  sequenceType?: { elemType?: TypeProto };
  mapType?: { keyType?: number; valueType?: TypeProto };
  optionalType?: { elemType?: TypeProto };
  sparseTensorType?: { elemType?: number; shape?: { dim: Dimension[] } };
  opaqueType?: { domain?: string; name?: string };
}

/** A fixed size, a named free size, or neither: free. */
export interface Dimension {
  dimValue?: Int64;
  dimParam?: string;
}

/** `TensorProto.DataType`. */
export const elementType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

export type ElementTypeName = keyof typeof elementType;

const elementNames = new Map<number, ElementTypeName>(
  Object.entries(elementType).map(([name, code]) => [code, name as ElementTypeName]),
);

/** The name of a `TensorProto.DataType` code, or undefined for the exotic ones (complex, 8-bit floats, 4-bit integers). */
export function elementTypeName(code: number | undefined): ElementTypeName | undefined {
  return code === undefined ? undefined : elementNames.get(code);
}

/** `AttributeProto.AttributeType`. */
export const attributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;
