"""Made-up data: a table with every type of column, and a matrix of floats, each with targets of many kinds."""
import numpy
import pandas

TRAIN = 500

JOBS = ["admin.", "blue-collar", "technician", "services", "management", "retired", "käse & brot"]
WORDS = "late early broken cold great fine slow quick refund thanks never always price quality".split()


def table(rows: int, seed: int = 1) -> pandas.DataFrame:
    """Integers, floats, texts and whole sentences; nothing is missing."""
    random = numpy.random.default_rng(seed)
    return pandas.DataFrame(
        {
            "age": random.integers(18, 90, rows),
            "job": random.choice(JOBS, rows),
            "emp.var.rate": random.normal(0, 1.5, rows).astype(numpy.float32).astype(float),
            "balance": (random.lognormal(6, 1, rows)).astype(numpy.float32).astype(float),
            "month": random.choice(["jan", "feb", "mar", "apr"], rows),
        }
    )


def sentences(rows: int, seed: int = 2) -> numpy.ndarray:
    random = numpy.random.default_rng(seed)
    return numpy.array([" ".join(random.choice(WORDS, random.integers(1, 9))) for _ in range(rows)], dtype=object)


def binary(data: pandas.DataFrame) -> numpy.ndarray:
    """0 or 1: an arbitrary rule over a number and a text."""
    score = data["emp.var.rate"] + 0.03 * (data["age"] - 50) + 1.5 * (data["job"] == "retired")
    return (score > 0.2).astype(int).to_numpy()


def matrix(rows: int, width: int = 6, seed: int = 3) -> numpy.ndarray:
    """Float32 values, so that JSON and both runtimes read the same numbers."""
    return numpy.random.default_rng(seed).normal(0, 1, (rows, width)).astype(numpy.float32)


def with_holes(values: numpy.ndarray, seed: int = 4) -> numpy.ndarray:
    holes = numpy.random.default_rng(seed).random(values.shape) < 0.1
    return numpy.where(holes, numpy.float32("nan"), values).astype(numpy.float32)


def classes(values: numpy.ndarray, count: int = 3) -> numpy.ndarray:
    """0 to `count - 1`, in parts of about the same size."""
    score = numpy.nan_to_num(values[:, 0] + 0.7 * values[:, 1] * values[:, 2])
    return numpy.digitize(score, numpy.quantile(score, numpy.linspace(0, 1, count + 1)[1:-1]))


def target(values: numpy.ndarray) -> numpy.ndarray:
    return numpy.nan_to_num(3 * values[:, 0] + values[:, 1] ** 2 - values[:, 2])
