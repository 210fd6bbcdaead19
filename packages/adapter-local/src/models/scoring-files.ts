/**
 * The files that let a trial be deployed with code, under the names that Azure's example notebooks download and deploy:
 * `scoring_file_v_2_0_0.py` and `conda_env_v_1_0_0.yml`. The script needs onnxruntime, numpy and pandas, and no more.
 */
import { pythonModel } from './python-model.ts';

const condaEnvironment = `# Conda environment specification that allows the trained model to be scored.
name: project_environment
channels:
- conda-forge
dependencies:
- python>=3.10
- pip:
  - azureml-inference-server-http
  - numpy
  - onnxruntime
  - pandas
`;

const scoringScript = `"""Scores an AutoML model. A request is {"Inputs": {"data": rows}, "GlobalParameters": {"method": "predict"}}.

Rows are records or lists; "data", "input_data" and pandas' split form are taken too. The answer is {"Results": [...]}.
"""

import logging
import os
import pickle
from pathlib import Path

${pythonModel}

logger = logging.getLogger("azureml.automl.core.scoring_script_v2")
model = None


def init():
    global model
    root = Path(os.environ.get("AZUREML_MODEL_DIR", "."))
    files = [root] if root.is_file() else sorted(root.rglob("*.onnx")) + sorted(root.rglob("*.pkl"))
    if not files:
        raise FileNotFoundError(f"There is neither model.onnx nor model.pkl in {root}.")
    path = files[0]
    model = pickle.loads(path.read_bytes()) if path.suffix == ".pkl" else AutoMLModel(str(path))
    logger.info("Model %s takes the columns %s", path.name, list(model.feature_names_in_))


def rows_of(body):
    data = body.get("Inputs", body.get("inputs", body))
    if isinstance(data, dict):
        data = data.get("data", data.get("input_data", data))
    if isinstance(data, dict) and "columns" in data:
        return pd.DataFrame(data["data"], columns=data["columns"])
    return data


def run(raw):
    body = json.loads(raw) if isinstance(raw, (str, bytes)) else raw
    method = (body.get("GlobalParameters") or {}).get("method", "predict")
    if method not in ("predict", "predict_proba"):
        raise ValueError(f'"method" is {method}; it can be predict or predict_proba.')
    return {"Results": getattr(model, method)(rows_of(body)).tolist()}
`;

/** The two files of a trial, under Azure's paths. */
export function scoringFiles(): Record<string, Uint8Array> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return {
    'outputs/conda_env_v_1_0_0.yml': text(condaEnvironment),
    'outputs/scoring_file_v_2_0_0.py': text(scoringScript),
  };
}
