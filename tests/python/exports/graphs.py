"""Graphs as other exporters write them, node by node: networks, element types, batch dimensions, file versions, control flow, functions."""
from collections.abc import Iterator

import numpy
import onnx
import pandas
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from export import ROWS, Export
from tables import TRAIN, classes, matrix

FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
random = numpy.random.default_rng(7)
info = helper.make_tensor_value_info


def stored(name: str, values: numpy.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)


def model(nodes, inputs, outputs, initializers=(), opset=17, ir_version=8, **more) -> onnx.ModelProto:
    graph = helper.make_graph(list(nodes), "main_graph", list(inputs), list(outputs), list(initializers))
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=[*opsets, *more.pop("opsets", [])], ir_version=ir_version, producer_name="pytorch", producer_version="2.9.0", **more)


def network(width=6, hidden=16, answers=3, rows="batch", last="Softmax", element=FLOAT, **more) -> onnx.ModelProto:
    """A multilayer perceptron as `torch.onnx.export` writes it."""
    dtype = helper.tensor_dtype_to_np_dtype(element)
    weights = [stored(name, random.normal(0, 0.4, shape).astype(dtype)) for name, shape in {
        "fc1.weight": (hidden, width), "fc1.bias": (hidden,), "fc2.weight": (answers, hidden), "fc2.bias": (answers,)}.items()]
    nodes = [
        helper.make_node("Gemm", ["input", "fc1.weight", "fc1.bias"], ["/fc1/Gemm_output_0"], transB=1),
        helper.make_node("Relu", ["/fc1/Gemm_output_0"], ["/relu_output_0"]),
        helper.make_node("Gemm", ["/relu_output_0", "fc2.weight", "fc2.bias"], ["logits"], transB=1),
        helper.make_node(last, ["logits"], ["output"], **({"axis": 1} if last == "Softmax" else {})),
    ]
    return model(nodes, [info("input", element, [rows, width])], [info("output", element, [rows, answers])], weights, **more)


def exports() -> Iterator[Export]:
    rows = matrix(ROWS, seed=9)
    yield from networks(rows)
    yield from element_types()
    yield from fixed_batches(rows)
    yield from shapes(rows)
    yield from control_flow(rows)
    yield from file_versions(rows)
    yield from several_outputs(rows)


def networks(rows: numpy.ndarray) -> Iterator[Export]:
    yield Export("network, softmax", "PyTorch-like network, softmax", network(), rows)
    yield Export("network, one number", "PyTorch-like network, one number", network(answers=1, last="Identity"), rows)
    yield Export("network, logits", "PyTorch-like network, logits", network(last="Identity"), rows)
    yield Export("network, weights outside", "PyTorch-like network, weights in a file beside it", network(hidden=64), rows, external="weights.bin")
    named = model(
        [helper.make_node("Concat", ["age", "income"], ["both"], axis=1), helper.make_node("Gemm", ["both", "w"], ["score"]),
         helper.make_node("Sigmoid", ["score"], ["probability"])],
        [info("age", FLOAT, ["batch", 1]), info("income", FLOAT, ["batch", 1])], [info("probability", FLOAT, ["batch", 1])],
        [stored("w", numpy.array([[0.4], [-0.2]], dtype=numpy.float32))])
    yield Export("network, sigmoid", "network, one sigmoid probability", named, pandas.DataFrame(rows[:, :2].astype(float), columns=["age", "income"]), probabilities="")
    embedding = model(
        [helper.make_node("Gather", ["table", "city"], ["rows"]), helper.make_node("Concat", ["rows", "x"], ["all"], axis=1),
         helper.make_node("ReduceSum", ["all", "axis"], ["output"], keepdims=1)],
        [info("city", INT64, ["n"]), info("x", FLOAT, ["n", 2])], [info("output", FLOAT, ["n", 1])],
        [stored("table", random.normal(0, 1, (20, 4)).astype(numpy.float32)), stored("axis", numpy.array([1]))])
    frame = pandas.DataFrame({"city": random.integers(0, 20, ROWS), "x_0": rows[:, 0].astype(float), "x_1": rows[:, 1].astype(float)})
    yield Export("network, embedding", "network, embedding of an integer [n] beside a matrix", embedding, frame, columns={"x_0": "x", "x_1": "x"})


def element_types() -> Iterator[Export]:
    """The graph casts what comes to double and adds it up: what differs is how a value enters."""
    for name in ["DOUBLE", "FLOAT16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8", "BOOL"]:
        element = getattr(TensorProto, name)
        graph = model(
            [helper.make_node("Cast", ["x"], ["wide"], to=TensorProto.DOUBLE), helper.make_node("MatMul", ["wide", "w"], ["y"])],
            [info("x", element, ["n", 3])], [info("y", TensorProto.DOUBLE, ["n", 1])], [stored("w", numpy.array([[1.0], [2.0], [-3.0]]))])
        dtype = helper.tensor_dtype_to_np_dtype(element)
        if name == "BOOL":
            values = random.integers(0, 2, (ROWS, 3)).astype(bool)
        elif "FLOAT" in name or name == "DOUBLE":
            values = random.normal(0, 2, (ROWS, 3)).astype(dtype).astype(float)
        else:
            values = random.integers(0 if name[0] == "U" else -100, 100, (ROWS, 3)).astype(dtype)
        yield Export(f"{name} matrix", f"graph, {name.lower()} matrix", graph, values)
    half = network(element=TensorProto.FLOAT16)
    # Runtimes choose where to round to 11 bits.
    yield Export("network in FLOAT16", "network, 16-bit floats in and out", half,
                 random.normal(0, 1, (ROWS, 6)).astype(numpy.float16).astype(float), tolerance=1e-3)
    truth = model([helper.make_node("Equal", ["flag", "yes"], ["answer"])], [info("flag", STRING, ["n", 1])], [info("answer", TensorProto.BOOL, ["n", 1])],
                  [stored("yes", numpy.array(["yes"], dtype=object))], opset=19)
    yield Export("boolean output", "graph, boolean output", truth, pandas.DataFrame({"flag": random.choice(["yes", "no"], ROWS)}))
    words = model([helper.make_node("LabelEncoder", ["code"], ["word"], domain="ai.onnx.ml", keys_int64s=[0, 1, 2], values_strings=["zero", "one", "zwölf"], default_string="?")],
                  [info("code", INT64, ["n", 1])], [info("word", STRING, ["n", 1])])
    yield Export("text output", "graph, text output alone", words, pandas.DataFrame({"code": random.integers(0, 4, ROWS)}))


def fixed_batches(rows: numpy.ndarray) -> Iterator[Export]:
    yield Export("batch of 1", "network, batch fixed to 1", network(rows=1), rows, batch=1)
    yield Export("batch of 32", "network, batch fixed to 32", network(rows=32), rows, batch=32)
    train = matrix(TRAIN)
    for name, fitted in {"GaussianNB": GaussianNB(), "KNN": KNeighborsClassifier(3)}.items():
        alone = to_onnx(fitted.fit(train[:90], classes(train)[:90]), train[:1], options={id(fitted): {"zipmap": False}})
        for value in [*alone.graph.input, *alone.graph.output]:
            value.type.tensor_type.shape.dim[0].dim_value = 1
        yield Export(f"{name}, batch of 1", f"scikit-learn {name}, batch fixed to 1", alone, rows, batch=1)
    maps = to_onnx(LogisticRegression().fit(train, classes(train)), train[:1])
    maps.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    yield Export("ZipMap, batch of 1", "scikit-learn, ZipMap, batch fixed to 1", maps, rows, batch=1)


def shapes(rows: numpy.ndarray) -> Iterator[Export]:
    """Dimensions as exporters write them: free in many ways, of higher rank, and not at all."""
    weights = stored("w", random.normal(0, 1, (6, 1)).astype(numpy.float32))
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    for name, dims in {"none": [None, 6], "minus one": [-1, 6], "free width": ["n", None], "no shape": None, "both free": [None, None]}.items():
        yield Export(f"batch dimension: {name}", f"graph, shape {dims}", model([node], [info("x", FLOAT, dims)], [info("y", FLOAT, None)], [weights]), rows)
    cube = model([helper.make_node("Flatten", ["x"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["y"])],
                 [info("x", FLOAT, ["n", 3, 2])], [info("y", FLOAT, ["n", 1])], [weights])
    yield Export("rank three", "graph, input [n, 3, 2]", cube, rows)
    line = model([helper.make_node("Mul", ["x", "x"], ["y"])], [info("x", FLOAT, ["n"])], [info("y", FLOAT, ["n"])])
    yield Export("rank one", "graph, input [n]", line, pandas.DataFrame({"x": rows[:, 0].astype(float)}))
    odd = model([helper.make_node("Add", ["serving_default_x:0", "größe (cm)"], ["StatefulPartitionedCall:0"])],
                [info("serving_default_x:0", FLOAT, ["unk__1", 1]), info("größe (cm)", FLOAT, ["unk__1", 1])], [info("StatefulPartitionedCall:0", FLOAT, ["unk__1", 1])])
    yield Export("odd names", "graph, names with colons, blanks and umlauts", odd,
                 pandas.DataFrame(rows[:, :2].astype(float), columns=["serving_default_x:0", "größe (cm)"]),
                 columns={"serving_default_x:0": "serving_default_x:0", "größe (cm)": "größe (cm)"})
    inherited = model([helper.make_node("Sub", ["constructor", "toString"], ["valueOf"])],
                      [info("constructor", FLOAT, ["n", 1]), info("toString", FLOAT, ["n", 1])], [info("valueOf", FLOAT, ["n", 1])])
    yield Export("names of JavaScript", "graph, inputs called constructor and toString", inherited,
                 pandas.DataFrame(rows[:, :2].astype(float), columns=["constructor", "toString"]))
    wide = model([helper.make_node("ReduceMean", ["x"], ["y"], axes=[1])], [info("x", FLOAT, ["n", 1200])], [info("y", FLOAT, ["n", 1])])
    yield Export("1,200 columns", "graph, matrix of 1,200 columns", wide, matrix(ROWS, 1200).round(2).astype(numpy.float32))


def control_flow(rows: numpy.ndarray) -> Iterator[Export]:
    constant = lambda name, value: helper.make_node("Constant", [], [name], value=stored(name, numpy.array(value, dtype=numpy.float32)))
    branch = lambda name, value: helper.make_graph([constant(f"{name}_c", value), helper.make_node("Mul", ["x", f"{name}_c"], [name])], name, [], [info(name, FLOAT, None)])
    choice = model(
        [helper.make_node("Shape", ["x"], ["shape"], start=1), helper.make_node("Greater", ["shape", "three"], ["many"]),
         helper.make_node("Squeeze", ["many"], ["if"]), helper.make_node("If", ["if"], ["y"], then_branch=branch("t", 2.0), else_branch=branch("e", 3.0))],
        [info("x", FLOAT, ["n", 6])], [info("y", FLOAT, ["n", 6])], [stored("three", numpy.array([3]))])
    yield Export("If", "graph with If", choice, rows)
    body = helper.make_graph([helper.make_node("Add", ["sum", "row"], ["next"]), helper.make_node("Identity", ["next"], ["kept"])], "body",
                             [info("sum", FLOAT, [6]), info("row", FLOAT, [6])], [info("next", FLOAT, [6]), info("kept", FLOAT, [6])])
    scan = model([helper.make_node("Scan", ["zero", "x"], ["total", "y"], body=body, num_scan_inputs=1, scan_input_axes=[0])],
                 [info("x", FLOAT, [1, 6])], [info("y", FLOAT, [1, 6])], [stored("zero", numpy.zeros(6, dtype=numpy.float32))])
    yield Export("Scan", "graph with Scan, batch fixed to 1", scan, rows, batch=1)
    function = helper.make_function("my.layers", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)])
    yield Export("local function", "graph with a function of its own", model(
        [helper.make_node("Twice", ["x"], ["y"], domain="my.layers")], [info("x", FLOAT, ["n", 6])], [info("y", FLOAT, ["n", 6])],
        functions=[function], opsets=[helper.make_opsetid("my.layers", 1)]), rows)


def file_versions(rows: numpy.ndarray) -> Iterator[Export]:
    old = network(opset=9, ir_version=3)
    old.graph.input.extend([info(each.name, FLOAT, list(each.dims)) for each in old.graph.initializer])
    yield Export("IR version 3", "network of 2018: IR version 3, weights listed as inputs", old, rows)
    for version in (4, 7, 10):
        yield Export(f"IR version {version}", f"network, IR version {version}", network(ir_version=version, opset=12), rows)
    optional = network()
    optional.graph.input.append(info("fc2.bias", FLOAT, [3]))
    yield Export("default input", "network, an input with a default", optional, rows)
    no_name = network()
    no_name.producer_name, no_name.doc_string = "", "{\"not\": \"AutoML's\"}"
    yield Export("no producer", "network, no producer, JSON in doc_string", no_name, rows)
    spelled = model([helper.make_node("Relu", ["x"], ["y"], domain="ai.onnx")], [info("x", FLOAT, ["n", 6])], [info("y", FLOAT, ["n", 6])])
    yield Export("ai.onnx spelled out", "graph, default domain spelled ai.onnx", spelled, rows)


def several_outputs(rows: numpy.ndarray) -> Iterator[Export]:
    many = network()
    many.graph.output.extend([info("logits", FLOAT, ["batch", 3]), info("/relu_output_0", FLOAT, ["batch", 16])])
    yield Export("extra outputs", "network, hidden layers as extra outputs", many, rows)
    both = network()
    both.graph.node.append(helper.make_node("ArgMax", ["output"], ["class"], axis=1, keepdims=0))
    both.graph.output.append(info("class", INT64, ["batch"]))
    yield Export("probabilities before label", "network, probabilities before the label", both, rows, label="class", probabilities="output")
    two = model([helper.make_node("Mul", ["x", "x"], ["price"]), helper.make_node("Neg", ["x"], ["demand"])],
                [info("x", FLOAT, ["n", 1])], [info("price", FLOAT, ["n", 1]), info("demand", FLOAT, ["n", 1])])
    yield Export("two numbers", "graph, two outputs of one number each", two, pandas.DataFrame({"x": rows[:, 0].astype(float)}))
