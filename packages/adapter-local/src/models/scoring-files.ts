/**
 * The files that let a trial be deployed with code, under the names that Azure's example notebooks download and deploy:
 * `scoring_file_v_2_0_0.py` and `conda_env_v_1_0_0.yml`. The script needs onnxruntime, numpy and pandas, and no more.
 */

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

import json
import logging
import os
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd

logger = logging.getLogger("azureml.automl.core.scoring_script_v2")
session = None
columns = None

TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(bool)": np.bool_}


def init():
    global session, columns
    root = Path(os.environ.get("AZUREML_MODEL_DIR", "."))
    path = root if root.is_file() else next(iter(sorted(root.rglob("*.onnx"))))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    signature = json.loads(session.get_modelmeta().custom_metadata_map.get("malachite.signature", "{}"))
    names = {column["input"]: column["name"] for column in signature.get("columns", [])}
    columns = [(each.name, names.get(each.name, each.name), each.type) for each in session.get_inputs()]
    logger.info("Model %s takes the columns %s", path.name, [name for _, name, _ in columns])


def frame_of(body):
    data = body.get("Inputs", body.get("inputs", body))
    if isinstance(data, dict):
        data = data.get("data", data.get("input_data", data))
    if isinstance(data, dict) and "columns" in data:
        return pd.DataFrame(data["data"], columns=data["columns"])
    if data and isinstance(data[0], dict):
        return pd.DataFrame.from_records(data)
    return pd.DataFrame(data, columns=[name for _, name, _ in columns])


def feed_of(frame):
    feed = {}
    for key, name, kind in columns:
        if name not in frame.columns:
            raise ValueError(f'Column "{name}" is missing. The model takes {[each for _, each, _ in columns]}.')
        values = frame[name]
        if kind == "tensor(string)":
            texts = ["" if pd.isna(value) else str(value) for value in values]
            array = np.array(texts, dtype=object)
        else:
            array = pd.to_numeric(values).fillna(0 if "int" in kind else np.nan).to_numpy().astype(TYPES[kind])
        feed[key] = array.reshape(-1, 1)
    return feed


def run(raw):
    body = json.loads(raw) if isinstance(raw, (str, bytes)) else raw
    method = (body.get("GlobalParameters") or {}).get("method", "predict")
    outputs = session.run(None, feed_of(frame_of(body)))
    if method not in ("predict", "predict_proba"):
        raise ValueError(f'"method" is {method}; it can be predict or predict_proba.')
    if method == "predict_proba" and len(outputs) < 2:
        raise ValueError("This model has no probabilities.")
    return {"Results": outputs[1 if method == "predict_proba" else 0].tolist()}
`;

/** The two files of a trial, under Azure's paths. */
export function scoringFiles(): Record<string, Uint8Array> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return {
    'outputs/conda_env_v_1_0_0.yml': text(condaEnvironment),
    'outputs/scoring_file_v_2_0_0.py': text(scoringScript),
  };
}
