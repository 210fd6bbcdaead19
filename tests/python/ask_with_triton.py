"""Asks exports for 20 rows with Triton's client, in JSON and in binary, by what the server says of their tensors: ask_with_triton.py HOST:PORT FOLDER NAME…

Prints {name: "equal"}, or what differs from the answers of Python's onnxruntime that lie beside the model.
"""
import json
import pathlib
import re
import sys

import numpy
import tritonclient.http as triton
from tritonclient.utils import triton_to_np_dtype

ROWS = 20


def verdict(client: triton.InferenceServerClient, folder: pathlib.Path, name: str) -> str:
    expected = json.loads((folder / f"{name}.json").read_text())
    model = re.sub(r"\W", "_", name, flags=re.ASCII)
    about = client.get_model_metadata(model)
    for binary in (False, True):
        inputs = []
        at = 0
        for tensor in about["inputs"]:
            width = tensor["shape"][1]
            values = numpy.array([cells(row, tensor["name"], at, width) for row in expected["rows"][:ROWS]], dtype=object)
            at += width
            dtype = triton_to_np_dtype(tensor["datatype"])
            given = triton.InferInput(tensor["name"], [ROWS, width], tensor["datatype"])
            given.set_data_from_numpy(values if dtype is numpy.object_ else values.astype(dtype), binary_data=binary)
            inputs.append(given)
        answer = client.infer(model, inputs)
        for output, data in expected["outputs"].items():
            given = answer.as_numpy(output)
            wanted = numpy.array(data).reshape([len(expected["rows"]), -1])[:ROWS]
            given = given.reshape(wanted.shape)
            same = numpy.allclose(wanted, given, rtol=1e-6, atol=1e-6) if given.dtype.kind == "f" else (wanted == given).all()
            if not same:
                return f"{output} differs: {wanted[:3]} {given[:3]}"
    return "equal"


def cells(row, name: str, at: int, width: int) -> list:
    """The values of a row that belong to an input: by its name, or by their place."""
    if isinstance(row, dict):
        spelled = {re.sub(r"\W", "_", key): value for key, value in row.items()}
        names = [name] if width == 1 else [f"{name}_{i}" for i in range(width)]
        return [missing(spelled[re.sub(r"\W", "_", each)]) for each in names]
    return [missing(value) for value in row[at : at + width]]


def missing(value):
    return float("nan") if value is None else value


client = triton.InferenceServerClient(sys.argv[1])
print(json.dumps({name: verdict(client, pathlib.Path(sys.argv[2]), name) for name in sys.argv[3:]}))
