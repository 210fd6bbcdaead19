"""The peers of bench/automl.ts: judges an exported model, or trains FLAML, LightGBM or AutoGluon and judges that, on the same rows.

judge MODEL.onnx TEST.csv TARGET TASK ; flaml|lightgbm|autogluon TRAIN.csv TEST.csv TARGET TASK SECONDS
"""
import json
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score


def regression_scores(y, prediction):
    return {"score": float(r2_score(y, prediction)), "accuracy": None}


def classification_scores(y, probabilities, classes):
    """`y` in any spelling of the classes; one column of probabilities a class."""
    labels = [str(label) for label in classes]
    truth = y.astype(str).map(labels.index).to_numpy()
    probabilities = np.asarray(probabilities, dtype=float)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    if len(labels) == 2:
        auc = roc_auc_score(truth, probabilities[:, 1])
    else:
        auc = roc_auc_score(truth, probabilities, multi_class="ovr", average="weighted")
    return {"score": float(auc), "accuracy": float(accuracy_score(truth, probabilities.argmax(axis=1)))}


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
        elif "int64" in kind:
            values = values.fillna(np.iinfo(np.int64).min).to_numpy(np.int64)
        else:
            values = values.to_numpy(np.float32)
        feeds[column["input"]] = values.reshape(-1, 1)
    if task == "regression":
        return regression_scores(frame[target], session.run(["variable"], feeds)[0].ravel())
    return classification_scores(frame[target], session.run(["probabilities"], feeds)[0], signature["classes"])


def features(frame, target):
    x = frame.drop(columns=[target])
    for name in x.columns:
        if x[name].dtype == object or str(x[name].dtype).startswith("str"):
            x[name] = x[name].astype("category")
    return x


def train_on_categories(kind, train_frame, test_frame, target, task, seconds):
    both = features(pd.concat([train_frame, test_frame]), target)
    x, x_test = both.iloc[: len(train_frame)], both.iloc[len(train_frame) :]
    y, labels = train_frame[target], []
    if task == "classification":
        labels = sorted(y.unique())
        y = y.map(labels.index)
    if kind == "flaml":
        from flaml import AutoML

        model = AutoML()
        metric = "r2" if task == "regression" else "roc_auc" if len(labels) == 2 else "roc_auc_ovr_weighted"
        model.fit(x, y, task=task, metric=metric, time_budget=float(seconds), n_jobs=2, verbose=0, seed=0)
    else:
        import lightgbm

        make = lightgbm.LGBMRegressor if task == "regression" else lightgbm.LGBMClassifier
        model = make(n_jobs=2, verbose=-1).fit(x, y)
    if task == "regression":
        return regression_scores(test_frame[target], model.predict(x_test))
    return classification_scores(test_frame[target], model.predict_proba(x_test), labels)


def train_autogluon(train_frame, test_frame, target, task, seconds):
    from autogluon.tabular import TabularPredictor

    classes = train_frame[target].nunique()
    metric = "r2" if task == "regression" else "roc_auc" if classes == 2 else "roc_auc_ovr_weighted"
    problem = "regression" if task == "regression" else "binary" if classes == 2 else "multiclass"
    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(label=target, problem_type=problem, eval_metric=metric, path=folder, verbosity=0)
        predictor.fit(train_frame, presets="best_quality", time_limit=float(seconds), num_cpus=2)
        rows = test_frame.drop(columns=[target])
        if task == "regression":
            return regression_scores(test_frame[target], predictor.predict(rows))
        probabilities = predictor.predict_proba(rows)
        return classification_scores(test_frame[target], probabilities, list(probabilities.columns))


def train(kind, train_file, test_file, target, task, seconds):
    frames = pd.read_csv(train_file), pd.read_csv(test_file)
    if kind == "autogluon":
        return train_autogluon(*frames, target, task, seconds)
    return train_on_categories(kind, *frames, target, task, seconds)


if __name__ == "__main__":
    started = time.time()
    what, *rest = sys.argv[1:]
    scores = judge(*rest) if what == "judge" else train(what, *rest)
    print(json.dumps({**scores, "seconds": time.time() - started}))
