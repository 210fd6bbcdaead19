"""LightGBM's side of bench/gbdt.ts: reads the table that it wrote, prints one line of JSON."""
import json
import sys
import time

import lightgbm
import numpy
from sklearn.metrics import r2_score, roc_auc_score

about = json.loads(sys.argv[1])
table = numpy.fromfile(about["folder"] + "/table.bin", dtype=numpy.float32).reshape(about["columns"], -1)
x, y = table[:-1].T.copy(), table[-1]
held_out = numpy.arange(len(y)) % 5 == 0
params = {
    "objective": "regression" if about["task"] == "regression" else "binary",
    "num_threads": 1,
    "verbose": -1,
    "categorical_feature": list(range(about["numeric"], about["columns"] - 1)),
}
started = time.perf_counter()
data = lightgbm.Dataset(x[~held_out], y[~held_out], params=params).construct()
bin_seconds = time.perf_counter() - started
fit_seconds = float("inf")
for _ in range(3):
    started = time.perf_counter()
    model = lightgbm.train(params, data, about["trees"])
    fit_seconds = min(fit_seconds, time.perf_counter() - started)
prediction = model.predict(x[held_out])
score = (r2_score if about["task"] == "regression" else roc_auc_score)(y[held_out], prediction)
print(json.dumps({"binSeconds": bin_seconds, "fitSeconds": fit_seconds, "score": score}))
