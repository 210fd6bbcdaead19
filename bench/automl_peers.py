"""The peers of bench/automl.ts: judges an exported model, or trains FLAML or LightGBM and judges that, on the same rows.

judge MODEL.onnx TEST.csv TARGET TASK ; flaml|lightgbm TRAIN.csv TEST.csv TARGET TASK SECONDS
"""
import json
import sys
import time

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score, roc_auc_score


def score(task, y, prediction):
    return roc_auc_score(y, prediction) if task == "classification" else r2_score(y, prediction)


def judge(model, test, target, task):
    import onnxruntime as ort

    session = ort.InferenceSession(model)
    signature = json.loads(session.get_modelmeta().custom_metadata_map["malachite.signature"])
    types = {i.name: i.type for i in session.get_inputs()}
    frame = pd.read_csv(test)
    feeds = {}
    for column in signature["columns"]:
        values, kind = frame[column["name"]], types[column["input"]]
        if "string" in kind:
            values = values.fillna("").astype(str).to_numpy(object)
        else:
            values = values.to_numpy(np.int64 if "int64" in kind else np.float32)
        feeds[column["input"]] = values.reshape(-1, 1)
    if task == "regression":
        return score(task, frame[target], session.run(["variable"], feeds)[0].ravel())
    probabilities = session.run(["probabilities"], feeds)[0]
    return score(task, (frame[target] == signature["classes"][1]).astype(int), probabilities[:, 1])


def features(frame, target):
    x = frame.drop(columns=[target])
    for name in x.columns:
        if x[name].dtype == object or str(x[name].dtype).startswith("str"):
            x[name] = x[name].astype("category")
    return x


def train(kind, train_file, test_file, target, task, seconds):
    train_frame, test_frame = pd.read_csv(train_file), pd.read_csv(test_file)
    both = features(pd.concat([train_frame, test_frame]), target)
    x, x_test = both.iloc[: len(train_frame)], both.iloc[len(train_frame) :]
    y, y_test = train_frame[target], test_frame[target]
    if task == "classification":
        labels = sorted(y.unique())
        y, y_test = y.map(labels.index), y_test.map(labels.index)
    if kind == "flaml":
        from flaml import AutoML

        model = AutoML()
        metric = "roc_auc" if task == "classification" else "r2"
        model.fit(x, y, task=task, metric=metric, time_budget=float(seconds), n_jobs=2, verbose=0, seed=0)
    else:
        import lightgbm

        make = lightgbm.LGBMClassifier if task == "classification" else lightgbm.LGBMRegressor
        model = make(n_jobs=2, verbose=-1).fit(x, y)
    return score(task, y_test, model.predict_proba(x_test)[:, 1] if task == "classification" else model.predict(x_test))


if __name__ == "__main__":
    started = time.time()
    what, *rest = sys.argv[1:]
    value = judge(*rest) if what == "judge" else train(what, *rest)
    print(json.dumps({"score": float(value), "seconds": time.time() - started}))
