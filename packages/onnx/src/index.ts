export { type AttributeValue, attributeInts, attributeText, attributeTexts, makeAttribute } from './attributes.ts';
export { type Domain, GraphBuilder, type ModelOptions, type NodeOptions, type Shape } from './builder.ts';
export { allTensors, checkModel } from './check.ts';
export { decodeModel, encodeModel } from './codec.ts';
export {
  type ClassLabel,
  type EmbeddedColumn,
  type EmbeddedSignature,
  embeddedSignature,
  embedSignature,
  SIGNATURE_KEY,
} from './embedded-signature.ts';
export * from './proto.ts';
export { type Servable, servable } from './servable.ts';
export type {
  ColumnSignature,
  ColumnType,
  InputSignature,
  OutputRole,
  OutputSignature,
  Signature,
  Task,
} from './signature.ts';
export { exactNumber, makeTensor, type TensorData, type TensorType, tensorValues } from './tensor.ts';
