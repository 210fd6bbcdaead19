/**
 * An ONNX model as a folder that MLflow loads: `MLmodel` with the flavours onnx and python_function, `model.onnx`, the
 * module that makes a python_function of it, `requirements.txt`.
 * https://mlflow.org/docs/latest/ml/model/#storage-format
 */
import { type ColumnType, servable } from '@malachite/onnx';
import { stringify } from 'yaml';
import { pythonModel } from './python-model.ts';

/** Where Azure ML keeps a trial's MLflow model. */
export const mlflowModelFolder = 'outputs/mlflow-model';

/** MLflow's column types: https://mlflow.org/docs/latest/ml/model/signatures/ */
const mlflowTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  integer: 'long',
  number: 'double',
  boolean: 'boolean',
  date: 'string',
};

/** Python reads YAML 1.1, where a bare `no` is false. */
const yaml = { version: '1.1' } as const;

const requirements = 'mlflow\nnumpy\nonnx\nonnxruntime\npandas\n';

/** MLflow's own loader for ONNX feeds vectors; these models take columns. */
const loaderModule = 'malachite_model';
const loader = `${pythonModel}

def _load_pyfunc(path):
    return AutoMLModel(path)
`;

/**
 * The files, under `folder`.
 * @param runName of the trial that the model comes from.
 */
export function mlflowModel(onnx: Uint8Array, folder: string, runName: string): Record<string, Uint8Array> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return {
    [`${folder}/model.onnx`]: onnx,
    [`${folder}/MLmodel`]: text(stringify(description(onnx, folder, runName), yaml)),
    [`${folder}/code/${loaderModule}.py`]: text(loader),
    [`${folder}/requirements.txt`]: text(requirements),
  };
}

function description(onnx: Uint8Array, folder: string, runName: string): Record<string, unknown> {
  const { signature } = servable(onnx);
  const inputs = signature.inputs.flatMap(({ columns }) => columns);
  const label = signature.outputs.find(({ role }) => role === 'label' || role === 'value');
  const outputType = label?.elementType === 'string' ? 'string' : label?.elementType === 'int64' ? 'long' : 'double';
  return {
    artifact_path: folder,
    flavors: {
      onnx: { data: 'model.onnx', providers: ['CPUExecutionProvider'], code: null },
      python_function: { loader_module: loaderModule, data: 'model.onnx', code: 'code' },
    },
    metadata: { 'azureml.engine': 'automl', task: signature.task, classes: signature.classes ?? null },
    run_id: runName,
    signature: {
      inputs: JSON.stringify(inputs.map(({ name, type, nullable }) => ({ type: mlflowTypes[type], name, required: !nullable }))),
      outputs: JSON.stringify([{ type: outputType, name: signature.target ?? label?.name ?? 'prediction' }]),
    },
  };
}
