/**
 * The Python that scores an exported model: one class with scikit-learn's verbs over ONNX Runtime. It is the loader of the
 * MLflow folder, the text inside `model.pkl`, and the first half of the scoring script.
 */

/** Imports `json`, `numpy`, `onnxruntime` and `pandas`; the module's other names are `AutoMLModel` and `TYPES`. */
export const pythonModel = `import json

import numpy as np
import onnxruntime
import pandas as pd

TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(bool)": np.bool_}


class AutoMLModel:
    """A model of Malachite's AutoML, scored by ONNX Runtime. Rows are a DataFrame, records, or lists in the order of the columns."""

    def __init__(self, onnx):
        self.session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
        signature = json.loads(self.session.get_modelmeta().custom_metadata_map.get("malachite.signature", "{}"))
        names = {column["input"]: column["name"] for column in signature.get("columns", [])}
        self.columns = [(each.name, names.get(each.name, each.name), each.type) for each in self.session.get_inputs()]
        self.feature_names_in_ = np.array([name for _, name, _ in self.columns], dtype=object)
        if signature.get("classes"):
            self.classes_ = np.array(signature["classes"])

    def predict(self, rows):
        return np.asarray(self._outputs(rows)[0]).reshape(-1)

    def predict_proba(self, rows):
        outputs = self._outputs(rows)
        if len(outputs) < 2:
            raise AttributeError("This model has no probabilities.")
        return outputs[1]

    def _outputs(self, rows):
        frame = rows if isinstance(rows, pd.DataFrame) else self._frame(rows)
        return self.session.run(None, {key: self._feed(frame, name, kind) for key, name, kind in self.columns})

    def _frame(self, rows):
        if len(rows) > 0 and isinstance(rows[0], dict):
            return pd.DataFrame.from_records(rows)
        return pd.DataFrame(rows, columns=list(self.feature_names_in_))

    def _feed(self, frame, name, kind):
        if name not in frame.columns:
            raise ValueError(f'Column "{name}" is missing. The model takes {list(self.feature_names_in_)}.')
        values = frame[name]
        if kind == "tensor(string)":
            array = np.array(["" if pd.isna(value) else str(value) for value in values], dtype=object)
        else:
            array = pd.to_numeric(values).fillna(0 if "int" in kind else np.nan).to_numpy().astype(TYPES[kind])
        return array.reshape(-1, 1)
`;
