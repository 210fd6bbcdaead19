"""LightGBM's side of bench/gbdt.ts: reads the table that it wrote, prints one line of JSON."""
import json
import resource
import sys
import time

import lightgbm
import numpy

spec = json.loads(sys.argv[1])


def read(name):
    """Features (column by column, as they are in the file) and target."""
    table = numpy.fromfile(f"{spec['folder']}/{name}", dtype=numpy.float32).reshape(spec["columns"], -1)
    return table[:-1].T, table[-1]


def timed(work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}, result


x, y = read("train.bin")
params = {"objective": "regression" if spec["task"] == "regression" else "binary", "num_threads": 1, "verbose": -1}
categories = list(range(spec["numeric"], spec["columns"] - 1))
binning, data = timed(lambda: lightgbm.Dataset(x, y, params=params, categorical_feature=categories).construct())
fits = [
    [timed(lambda: lightgbm.train({**params, "num_threads": threads}, data, spec["trees"])) for _ in range(spec["repeats"])]
    for threads in spec["threads"]
]
peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
model = fits[0][0][1]

from sklearn.metrics import r2_score, roc_auc_score

test, truth = read("test.bin")
score = (r2_score if spec["task"] == "regression" else roc_auc_score)(truth, model.predict(test))
figures = {"binning": binning, "fits": [[seconds for seconds, _ in repeats] for repeats in fits], "peakBytes": peak, "score": score}
print(json.dumps(figures))
