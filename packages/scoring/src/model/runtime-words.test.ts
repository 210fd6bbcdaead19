import { expect, it } from 'vitest';
import { runtimeWords } from './runtime-words.ts';

it.each([
  [
    '/onnxruntime_src/onnxruntime/core/graph/model.cc:202 onnxruntime::Model::Model(onnx::ModelProto&&, const PathString&, const std::function<void(int)>&) Unsupported model IR version: 14, max supported IR version: 13\n',
    'Unsupported model IR version: 14, max supported IR version: 13',
  ],
  [
    'Non-zero status code returned while running Expand node. Name:"e" Status Message: /a/b/math.h:95 std::vector<T> f(const T&) const [with T = long int] The  sizes\ndiffer',
    'Non-zero status code returned while running Expand node. Name:"e" Status Message: The sizes differ',
  ],
  [
    'Node () Op (MatMul) [ShapeInferenceError] Incompatible dimensions',
    'Node () Op (MatMul) [ShapeInferenceError] Incompatible dimensions',
  ],
  ['/a/b.cc:9 f(unbalanced', '/a/b.cc:9 f(unbalanced'],
])('%s', (message, words) => expect(runtimeWords(new Error(message))).toBe(words));
