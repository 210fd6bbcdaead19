"""Graphs of what exporters seldom write: images, quantised weights, functions in functions, scans, text operators, newer trees."""
from collections.abc import Iterator

import numpy
import pandas
from onnx import TensorProto, helper

from export import ROWS, Export
from graphs import FLOAT, INT64, STRING, info, model, stored

random = numpy.random.default_rng(11)
x = info("x", FLOAT, ["n", 3])
y = info("y", FLOAT, ["n", 2])
weights = random.normal(0, 1, (3, 2)).astype(numpy.float32)


def product(of: str = "x"):
    return helper.make_node("MatMul", [of, "w"], ["y"])


def exports() -> Iterator[Export]:
    rows = random.normal(0, 1, (ROWS, 3)).astype(numpy.float32)
    yield images()
    yield from quantised(rows)
    yield from functions(rows)
    yield from texts()
    body = helper.make_graph(
        [helper.make_node("Relu", ["row"], ["out"]), helper.make_node("Identity", ["before"], ["after"])], "body",
        [info("before", FLOAT, [3]), info("row", FLOAT, [3])], [info("after", FLOAT, [3]), info("out", FLOAT, [3])])
    scan = helper.make_node("Scan", ["start", "x"], ["end", "y"], body=body, num_scan_inputs=1)
    yield Export("scan over rows", "graph, Scan over rows", model([scan], [x], [info("y", FLOAT, ["n", 3])], [stored("start", numpy.zeros(3, numpy.float32))]), rows)
    trees = helper.make_node(
        "TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1, aggregate_function=1, post_transform=0, tree_roots=[0],
        nodes_featureids=[0], nodes_splits=stored("s", numpy.array([0.2], numpy.float32)), nodes_modes=stored("m", numpy.array([0], numpy.uint8)),
        nodes_truenodeids=[0], nodes_trueleafs=[1], nodes_falsenodeids=[1], nodes_falseleafs=[1], leaf_targetids=[0, 0],
        leaf_weights=stored("l", numpy.array([1, 5], numpy.float32)))
    newer = helper.make_model(
        helper.make_graph([trees], "main_graph", [x], [info("y", FLOAT, ["n", 1])]), ir_version=10,
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)])
    yield Export("TreeEnsemble", "graph, TreeEnsemble of ai.onnx.ml 5", newer, rows)
    many = model([helper.make_node("SequenceConstruct", ["a", "b"], ["y"])], [info("a", FLOAT, ["n"]), info("b", FLOAT, ["n"])],
                 [helper.make_tensor_sequence_value_info("y", FLOAT, ["n"])])
    frame = pandas.DataFrame(rows[:, :2].astype(float), columns=["a", "b"])
    yield Export("list of vectors", "graph, output a list of vectors", many, frame)


def images() -> Export:
    nodes = [
        helper.make_node("Conv", ["x", "k"], ["c"], pads=[1, 1, 1, 1]), helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]), helper.make_node("Flatten", ["p"], ["f"]), helper.make_node("Softmax", ["f"], ["y"], axis=1)]
    kernel = stored("k", random.normal(0, 0.4, (4, 3, 3, 3)).astype(numpy.float32))
    network = model(nodes, [info("x", FLOAT, ["batch", 3, 8, 8])], [info("y", FLOAT, ["batch", 4])], [kernel])
    return Export("images", "PyTorch-like network over images [n, 3, 8, 8]", network, random.normal(0, 1, (ROWS, 3 * 8 * 8)).astype(numpy.float32))


def quantised(rows: numpy.ndarray) -> Iterator[Export]:
    scale, zero = stored("s", numpy.float32(0.05)), stored("z", numpy.int8(0))
    there_and_back = [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]), helper.make_node("DequantizeLinear", ["q", "s", "z"], ["d"]), product("d")]
    yield Export("QDQ", "graph, quantised and back (QDQ)", model(there_and_back, [x], [y], [scale, zero, stored("w", weights)]), rows)
    four = [helper.make_tensor("q", TensorProto.INT4, [3, 2], [1, 2, -3, 4, 5, -6]), scale]
    yield Export("4-bit weights", "graph, 4-bit weights", model([helper.make_node("DequantizeLinear", ["q", "s"], ["w"]), product()], [x], [y], four, opset=21, ir_version=10), rows)
    eight = [stored("q", (weights * 50).astype(numpy.int8)), stored("s", numpy.float32(0.02)), zero]
    dynamic = helper.make_node("DynamicQuantizeMatMul", ["x", "q", "s", "z"], ["y"], domain="com.microsoft")
    # The scale is that of all rows of a run: one row at a time is what is answered whoever else asks.
    one = model([dynamic], [info("x", FLOAT, [1, 3])], [info("y", FLOAT, [1, 2])], eight, opsets=[helper.make_opsetid("com.microsoft", 1)])
    yield Export("dynamic quantisation", "graph, DynamicQuantizeMatMul of com.microsoft", one, rows, batch=1)


def functions(rows: numpy.ndarray) -> Iterator[Export]:
    opset = [helper.make_opsetid("", 17)]
    own = [helper.make_opsetid("my", 1)]
    twice = helper.make_function("my", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], opset)
    four = helper.make_function("my", "Four", ["a"], ["b"], [
        helper.make_node("Twice", ["a"], ["t"], domain="my"), helper.make_node("Twice", ["t"], ["b"], domain="my")], opset + own)
    nodes = [helper.make_node("Four", ["x"], ["z"], domain="my"), product("z")]
    yield Export("functions in functions", "graph, functions in functions", model(nodes, [x], [y], [stored("w", weights)], opsets=own, functions=[four, twice]), rows)


def texts() -> Iterator[Export]:
    words = pandas.DataFrame({"c": random.choice(["a", "ab", "c", "ß"], ROWS)})
    c = info("c", STRING, ["n", 1])
    yield Export("concatenated text", "graph, StringConcat", model([helper.make_node("StringConcat", ["c", "c"], ["t"])], [c], [info("t", STRING, ["n", 1])], opset=20, ir_version=9), words)
    yield Export("regular expression", "graph, RegexFullMatch", model([helper.make_node("RegexFullMatch", ["c"], ["t"], pattern="[ab]+")], [c], [info("t", TensorProto.BOOL, ["n", 1])], opset=20, ir_version=9), words)
    mapper = helper.make_node("CategoryMapper", ["c"], ["t"], domain="ai.onnx.ml", cats_strings=["a", "ab", "c"], cats_int64s=[0, 1, 2], default_int64=-1)
    yield Export("CategoryMapper", "graph, CategoryMapper", model([mapper], [c], [info("t", INT64, ["n", 1])]), words)
    strict = [helper.make_node("Gather", ["X", f"c{i}"], [f"t{i}"], axis=1) for i in range(2)]
    strict += [helper.make_node("OneHotEncoder", [f"t{i}"], [f"h{i}"], domain="ai.onnx.ml", cats_strings=["a", "b"], zeros=0) for i in range(2)]
    strict += [helper.make_node("Concat", ["h0", "h1"], ["both"], axis=-1), helper.make_node("Flatten", ["both"], ["y"])]
    places = [stored(f"c{i}", numpy.array([i])) for i in range(2)]
    yield Export("strict categories", "graph, matrix of texts that refuses unknown ones",
                 model(strict, [info("X", STRING, ["n", 2])], [info("y", FLOAT, None)], places), random.choice(["a", "b"], (ROWS, 2)).astype(object))
