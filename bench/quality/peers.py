"""The peers of bench/quality.ts: prints scikit-learn's own tables, and predicts with LightGBM, XGBoost and scikit-learn."""
import json
import sys
import warnings

import numpy

warnings.filterwarnings("ignore")


def table(name):
    import sklearn.datasets

    data = getattr(sklearn.datasets, "load_" + name)()
    print(",".join([f"x{j}" for j in range(data.data.shape[1])] + ["target"]))
    for row, target in zip(data.data, data.target):
        print(",".join([f"{value:.9g}" for value in row] + [f"{target:g}"]))


def names_of(task):
    import lightgbm
    import xgboost
    from sklearn import ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.kernel_ridge import KernelRidge
    from sklearn.preprocessing import StandardScaler

    class RadialRidge(RegressorMixin, BaseEstimator):
        """Kernel ridge regression whose `gamma` is a multiple of what scikit-learn's support vector machines call `scale`."""

        def __init__(self, alpha, gamma_scale):
            self.alpha, self.gamma_scale = alpha, gamma_scale

        def fit(self, x, y):
            gamma = self.gamma_scale / (x.shape[1] * x.var())
            self.ridge = KernelRidge(alpha=self.alpha, kernel="rbf", gamma=gamma).fit(x, y)
            return self

        def predict(self, x):
            return self.ridge.predict(x)

    known = {"CalibratedClassifierCV": CalibratedClassifierCV}
    for module in (ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree):
        for name in module.__all__:
            known[name] = getattr(module, name)
            ending = "Classifier" if task == "classification" else "Regressor"
            if name.endswith(ending):
                known.setdefault(name[: -len(ending)], known[name])
    classifies = task == "classification"
    known["lightgbm"] = lightgbm.LGBMClassifier if classifies else lightgbm.LGBMRegressor
    known["xgboost"] = xgboost.XGBClassifier if classifies else xgboost.XGBRegressor
    known["radial_ridge"] = RadialRidge
    known["scaled_target"] = lambda model: TransformedTargetRegressor(model, transformer=StandardScaler())
    return known


def design(about, numbers, codes, kind, train):
    if kind == "raw":
        return numpy.column_stack([numbers, codes])
    blocks = [(codes[:, c, None] == numpy.arange(1, size + 1)).astype(float) for c, size in enumerate(about["sizes"])]
    scaled = numbers.astype(float)
    if kind == "scaled":
        deviation = scaled[train].std(axis=0)
        scaled = (scaled - scaled[train].mean(axis=0)) / numpy.where(deviation > 0, deviation, 1)
    if kind == "unit":
        low, high = scaled[train].min(axis=0), scaled[train].max(axis=0)
        scaled = numpy.maximum(0, (scaled - low) / numpy.where(high > low, high - low, 1))
    return numpy.column_stack([scaled, *blocks])


def run(folder):
    about = json.load(open(folder + "/about.json"))
    rows, count, categories = about["rows"], about["numbers"], len(about["sizes"])
    values = numpy.fromfile(folder + "/table.bin", dtype=numpy.float64).reshape(-1, rows)
    numbers, codes, y = values[:count].T, values[count : count + categories].T, values[-1]
    folds = numpy.fromfile(folder + "/folds.bin", dtype=numpy.int32).reshape(-1, rows)
    known = names_of(about["task"])
    for number, contest in enumerate(about["contests"]):
        told = []
        for seed, fold_of in enumerate(folds):
            for fold in range(about["folds"]):
                train, asked = fold_of != fold, fold_of == fold
                x = design(about, numbers, codes, contest["input"], train)
                model = eval(contest["peer"], {**known, "seed": seed * 100 + fold})
                extra = {}
                if contest["peer"].startswith("lightgbm") and categories:
                    extra = {"categorical_feature": list(range(count, count + categories))}
                model.fit(x[train], y[train], **extra)
                predicted = model.predict_proba(x[asked]) if about["task"] == "classification" else model.predict(x[asked])
                told.append(numpy.asarray(predicted, dtype=numpy.float64).ravel())
        numpy.concatenate(told).tofile(f"{folder}/peer-{number}.bin")


{"table": table, "run": run}[sys.argv[1]](sys.argv[2])
