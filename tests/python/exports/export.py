"""One exported model with 1,000 rows and what Python's onnxruntime answers for them.

An export becomes three files: NAME.onnx, NAME.json (rows, and the answers as JSON), and, where the exporter keeps weights outside, their file.
"""
import json
import pathlib
import re
from dataclasses import dataclass, field

import numpy
import onnx
import onnxruntime
import pandas

ROWS = 1000

NUMPY_TYPES = {
    "tensor(float)": numpy.float32,
    "tensor(double)": numpy.float64,
    "tensor(float16)": numpy.float16,
    "tensor(int64)": numpy.int64,
    "tensor(int32)": numpy.int32,
    "tensor(int16)": numpy.int16,
    "tensor(int8)": numpy.int8,
    "tensor(uint64)": numpy.uint64,
    "tensor(uint32)": numpy.uint32,
    "tensor(uint16)": numpy.uint16,
    "tensor(uint8)": numpy.uint8,
    "tensor(bool)": numpy.bool_,
    "tensor(string)": numpy.object_,
}


@dataclass
class Export:
    """A model and the rows to ask it for: a table whose columns are the graph's inputs, or a matrix for its one input."""

    name: str
    kind: str
    """What the table of the test calls it: the exporter and what is special."""
    model: onnx.ModelProto
    rows: pandas.DataFrame | numpy.ndarray
    label: str | None = None
    """The output that `predict` answers; by default the first."""
    probabilities: str | None = None
    """The output that `predict_proba` answers; by default the one whose name says so, and none when empty."""
    batch: int | None = None
    """Rows that a run must have, for graphs with a fixed batch."""
    columns: dict[str, str] = field(default_factory=dict)
    """Column of the table -> input of the graph, where they differ by more than the exporter's spelling."""
    tolerance: float = 1e-6
    """The largest difference of a number, relative beyond 1."""
    external: str | None = None
    """The file beside the model that takes its weights."""

    def write(self, folder: pathlib.Path) -> None:
        path = folder / f"{self.name}.onnx"
        if self.external is None:
            onnx.save_model(self.model, path)
        else:
            outside = onnx.ModelProto.FromString(self.model.SerializeToString())
            onnx.save_model(outside, path, save_as_external_data=True, location=self.external, size_threshold=0)
        with_locale(self.model)
        session = onnxruntime.InferenceSession(self.model.SerializeToString(), silent(), providers=["CPUExecutionProvider"])
        outputs = self.run(session)
        names = [output.name for output in session.get_outputs()]
        label = self.label or names[0]
        probabilities = next((name for name in names if "prob" in name), "") if self.probabilities is None else self.probabilities
        answers = {
            "name": self.name,
            "kind": self.kind,
            "tolerance": self.tolerance,
            "rows": self.json_rows(),
            "predict": outputs[label].tolist(),
            "predictProba": outputs[probabilities].tolist() if probabilities else None,
            "outputs": {name: each.ravel().tolist() for name, each in outputs.items() if len(each) == len(self.rows)},
        }
        (folder / f"{self.name}.json").write_text(json.dumps(answers))

    def run(self, session: onnxruntime.InferenceSession) -> dict[str, numpy.ndarray]:
        """All outputs over all rows, each as one array; `[n, 1]` as `[n]`."""
        feeds = {each.name: self.feed(each) for each in session.get_inputs()}
        step = self.batch or len(self.rows)
        parts = []
        for at in range(0, len(self.rows), step):
            parts.append(session.run(None, {name: rows_of(values, at, step) for name, values in feeds.items()}))
        names = [output.name for output in session.get_outputs()]
        return {
            name: squeezed(numpy.concatenate([as_array(part[i], self.batch) for part in parts])[: len(self.rows)])
            for i, name in enumerate(names)
        }

    def feed(self, given: onnxruntime.NodeArg) -> numpy.ndarray:
        dtype = NUMPY_TYPES[given.type]
        shape = [size if isinstance(size, int) else -1 for size in given.shape][1:] if given.shape else [-1]
        if isinstance(self.rows, numpy.ndarray):
            return self.rows.astype(dtype).reshape([len(self.rows), *shape])
        names = [column for column in self.rows.columns if self.columns.get(column, re.sub(r"\W", "_", column)) == given.name]
        values = self.rows[names].to_numpy(dtype=object if dtype is numpy.object_ else None)
        return values.astype(dtype).reshape([len(self.rows), *shape])

    def json_rows(self) -> list:
        """As a caller writes them: null where a number is missing."""
        if isinstance(self.rows, numpy.ndarray):
            return [[plain(value) for value in row] for row in self.rows.reshape([len(self.rows), -1]).tolist()]
        return [{name: plain(value) for name, value in row.items()} for row in self.rows.to_dict("records")]


def with_locale(model: onnx.ModelProto) -> None:
    """Texts are lower-cased by the rules of a locale that every machine has; the exporters' default, en_US, is not on all of them."""
    for node in model.graph.node:
        if node.op_type == "StringNormalizer":
            del node.attribute[next((i for i, each in enumerate(node.attribute) if each.name == "locale"), len(node.attribute)) :]
            node.attribute.append(onnx.helper.make_attribute("locale", "C.UTF-8"))


def silent() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    return options


def rows_of(values: numpy.ndarray, at: int, step: int) -> numpy.ndarray:
    """`step` rows from `at`; the last row fills up the last run."""
    part = values[at : at + step]
    return part if len(part) == step else numpy.concatenate([part, numpy.repeat(part[-1:], step - len(part), axis=0)])


def as_array(output, batch: int | None) -> numpy.ndarray:
    """An output as `[rows, …]`: of a ZipMap the values in the order of its keys, of a list of tensors the tensors side by side."""
    if isinstance(output, list) and isinstance(output[0], dict):
        return numpy.array([list(row.values()) for row in output], dtype=numpy.float32)
    if isinstance(output, list):
        return numpy.concatenate([each.reshape([len(each), -1]) for each in output], axis=1)
    return output.reshape([batch, -1]) if batch is not None and output.ndim < 2 else output


def squeezed(output: numpy.ndarray) -> numpy.ndarray:
    """Rows first: some exporters answer `[1, n]`, and several targets as `[targets, n, classes]`."""
    if output.ndim == 3 and output.shape[1] == ROWS:
        return output.swapaxes(0, 1)
    return output.ravel() if output.size == ROWS else output


def plain(value):
    return None if isinstance(value, float) and numpy.isnan(value) else value
