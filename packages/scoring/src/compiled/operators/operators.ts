/** Every operator that is compiled, by its name in ONNX. What is not in the list is left to the runtime. */
import type { Operator } from '../node.ts';
import {
  argMax,
  arrayFeatureExtractor,
  concat,
  featureVectorizer,
  flatten,
  gather,
  identity,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  squeeze,
} from './columns.ts';
import { labelEncoder, oneHotEncoder, tfIdfVectorizer, tokenizer } from './encoders.ts';
import {
  linearClassifier,
  linearRegressor,
  logistic,
  matMul,
  softmaxOf,
  treeEnsembleClassifier,
  treeEnsembleRegressor,
} from './models.ts';
import { arithmetic, cast, clip, comparison, floatFunction, isMissing, not, where } from './numbers.ts';
import { imputer, normalizer, scaler } from './scaling.ts';

const add = arithmetic((a, b) => a + b);

/** @param refuse called while a block is evaluated, when a value in it is one that only the runtime knows to treat */
export function operators(refuse: () => void): Readonly<Record<string, Operator>> {
  return {
    Abs: floatFunction(Math.abs),
    Add: add,
    And: comparison((a, b) => a !== 0 && b !== 0),
    ArgMax: argMax,
    ArrayFeatureExtractor: arrayFeatureExtractor,
    Cast: cast,
    Clip: clip,
    Concat: concat,
    Div: arithmetic(
      (a, b) => a / b,
      (a, b) => Math.trunc(a / b),
    ),
    Equal: comparison((a, b) => a === b),
    Exp: floatFunction(Math.exp),
    FeatureVectorizer: featureVectorizer,
    Flatten: flatten,
    Gather: gather,
    Greater: comparison((a, b) => a > b),
    GreaterOrEqual: comparison((a, b) => a >= b),
    Identity: identity,
    Imputer: imputer,
    IsNaN: isMissing,
    LabelEncoder: labelEncoder,
    Less: comparison((a, b) => a < b),
    LessOrEqual: comparison((a, b) => a <= b),
    LinearClassifier: linearClassifier,
    LinearRegressor: linearRegressor,
    Log: floatFunction(Math.log),
    MatMul: matMul,
    Max: arithmetic(Math.max),
    Min: arithmetic(Math.min),
    Mul: arithmetic((a, b) => a * b),
    Neg: floatFunction((x) => -x),
    Normalizer: normalizer,
    Not: not,
    OneHotEncoder: oneHotEncoder,
    Or: comparison((a, b) => a !== 0 || b !== 0),
    Relu: floatFunction((x) => (x < 0 ? 0 : x)),
    ReduceMean: reduceMean,
    ReduceSum: reduceSum,
    Reshape: reshape,
    Scaler: scaler,
    Sigmoid: floatFunction(logistic, (x) => 1 / (1 + Math.exp(-x))),
    Slice: slice,
    Softmax: softmaxOf,
    Squeeze: squeeze,
    Sqrt: floatFunction(Math.sqrt),
    Sub: arithmetic((a, b) => a - b),
    Sum: add,
    TfIdfVectorizer: tfIdfVectorizer,
    Tokenizer: tokenizer(refuse),
    TreeEnsembleClassifier: treeEnsembleClassifier,
    TreeEnsembleRegressor: treeEnsembleRegressor,
    Unsqueeze: squeeze,
    Where: where,
  };
}
