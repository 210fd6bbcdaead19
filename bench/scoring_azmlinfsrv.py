"""The leanest scoring script for Azure's inference server: no schema, no pandas, one run of ONNX Runtime. What a careful person writes."""
import json
import os

import numpy as np
import onnxruntime as ort

options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(os.environ["MODEL"], options)
kinds = {"tensor(string)": object, "tensor(int64)": np.int64}
inputs = [(i.name, kinds.get(i.type, np.float32)) for i in session.get_inputs()]
names = [session.get_outputs()[0].name]


def init():
    pass


def run(body):
    rows = json.loads(body)["data"]
    feed = {name: np.array([row[name] for row in rows], dtype=kind).reshape(-1, 1) for name, kind in inputs}
    return json.dumps({"result": session.run(names, feed)[0].tolist()})
