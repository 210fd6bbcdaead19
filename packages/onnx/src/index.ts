export { type AttributeValue, attributeInts, attributeText, attributeTexts, makeAttribute } from './attributes.ts';
export { type Domain, GraphBuilder, type ModelOptions, type NodeOptions, type Shape } from './builder.ts';
export { decodeModel, encodeModel } from './codec.ts';
export * from './proto.ts';
export { exactNumber, makeTensor, type TensorData, type TensorType, tensorValues } from './tensor.ts';
