"""scikit-learn's classifiers over one float matrix, by skl2onnx: every family, and every kind of label."""
from collections.abc import Iterator

import numpy
from skl2onnx import to_onnx
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import (
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, LocalOutlierFactor
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC, LinearSVC, NuSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from export import ROWS, Export
from tables import TRAIN, classes, matrix, with_holes

TENSOR = {"zipmap": False}
OPSETS = {"": 18, "ai.onnx.ml": 3}

FAMILIES = {
    "LogisticRegression": LogisticRegression(),
    "LogisticRegressionCV": LogisticRegressionCV(cv=2, Cs=2),
    "SGDClassifier (log loss)": SGDClassifier(loss="log_loss", random_state=0),
    "DecisionTree": DecisionTreeClassifier(max_depth=5, random_state=0),
    "RandomForest": RandomForestClassifier(n_estimators=12, max_depth=6, random_state=0),
    "ExtraTrees": ExtraTreesClassifier(n_estimators=8, max_depth=6, random_state=0),
    "GradientBoosting": GradientBoostingClassifier(n_estimators=8, random_state=0),
    "AdaBoost": AdaBoostClassifier(n_estimators=6, random_state=0),
    "Bagging": BaggingClassifier(n_estimators=4, random_state=0),
    "GaussianNB": GaussianNB(),
    "BernoulliNB": BernoulliNB(),
    "KNN": KNeighborsClassifier(5),
    "KNN (weights=distance)": KNeighborsClassifier(5, weights="distance"),
    "MLP": MLPClassifier((8,), max_iter=30, random_state=0),
    "SVC with probability": SVC(probability=True, random_state=0),
    "NuSVC without probability": NuSVC(nu=0.3),
    "LDA": LinearDiscriminantAnalysis(),
    "QDA": QuadraticDiscriminantAnalysis(),
    "Calibrated (sigmoid)": CalibratedClassifierCV(LinearSVC(), cv=2),
    "Calibrated (isotonic)": CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=2),
    "Stacking": StackingClassifier([("a", GaussianNB()), ("b", DecisionTreeClassifier(max_depth=3))], cv=2),
    "Voting (soft)": VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft", flatten_transform=False),
    "Voting (hard)": VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="hard", flatten_transform=False),
    "OneVsRest": OneVsRestClassifier(LogisticRegression()),
    "OneVsOne": OneVsOneClassifier(LogisticRegression()),
    "LinearSVC": LinearSVC(),
    "RidgeClassifier": RidgeClassifier(),
    "Perceptron": Perceptron(),
}


def exports() -> Iterator[Export]:
    train, rows = matrix(TRAIN), matrix(ROWS, seed=9)
    three = classes(train)

    def made(name, model, kind=None, options=None, given=rows, **more) -> Export:
        onnx_model = to_onnx(model, train[:1], options=None if options is None else {id(model): options}, target_opset=OPSETS)
        return Export(name, kind or f"scikit-learn {name}", onnx_model, given, **more)

    for name, model in FAMILIES.items():
        probabilities = hasattr(model.fit(train, three), "predict_proba")
        yield made(name, model, options=TENSOR if probabilities else None, probabilities=None if probabilities else "")

    holes, holed = with_holes(train), with_holes(rows)
    yield made("HistGradientBoosting", HistGradientBoostingClassifier(max_iter=6).fit(holes, three),
               "scikit-learn HistGradientBoosting, missing values", TENSOR, holed)
    positive = numpy.abs(train)
    for name, model in {"MultinomialNB": MultinomialNB(), "ComplementNB": ComplementNB()}.items():
        yield made(name, model.fit(positive, three), options=TENSOR, given=numpy.abs(rows))

    for kind, labels in {
        "text": numpy.array(["no", "yes", "mäßig"])[three],
        "negative integer": three - 1,
        "large integer": three * 10**12 + 7,
        "boolean": three > 0,
        "float": three + 1.0,
    }.items():
        for shape, options in {"ZipMap": None, "tensor": TENSOR, "columns": {"zipmap": "columns"}}.items():
            if kind == "float" and shape != "tensor" or kind == "boolean" and shape == "ZipMap":
                continue
            model = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(train, labels)
            names = {"label": "output_label", "probabilities": ""} if shape == "columns" else {}
            yield made(f"{kind} labels, {shape}", model, f"scikit-learn, {kind} labels, probabilities as {shape}", options, **names)
    yield made("two classes, ZipMap", LogisticRegression().fit(train, numpy.array(["a", "b"])[(three > 0) * 1]),
               "scikit-learn, two text labels, ZipMap")
    yield made("one output", LogisticRegression().fit(train, three), "scikit-learn, output_class_labels",
               {"zipmap": False, "output_class_labels": True})
    yield made("raw scores", GradientBoostingClassifier(n_estimators=5).fit(train, three), "scikit-learn, raw_scores",
               {"zipmap": False, "raw_scores": True}, probabilities="")

    several = numpy.stack([three, (train[:, 3] > 0) * 1], axis=1)
    yield made("MultiOutputClassifier", MultiOutputClassifier(LogisticRegression()).fit(train, several),
               "scikit-learn, several targets (list of tensors)", {"zipmap": False}, probabilities="")
    multilabel = numpy.stack([train[:, i] > 0 for i in range(3)], axis=1) * 1
    yield made("multilabel OneVsRest", OneVsRestClassifier(LogisticRegression()).fit(train, multilabel),
               "scikit-learn, multilabel OneVsRest", TENSOR)
    yield made("multilabel MLP", MLPClassifier((6,), max_iter=20, random_state=0).fit(train, multilabel), "scikit-learn, multilabel MLP", TENSOR)
    yield made("multilabel RandomForest", RandomForestClassifier(4, max_depth=4, random_state=0).fit(train, multilabel),
               "scikit-learn, multilabel forest", TENSOR, probabilities="")
    yield made("multilabel KNN", KNeighborsClassifier(3).fit(train, multilabel), "scikit-learn, multilabel KNN", TENSOR, probabilities="")

    yield made("IsolationForest", IsolationForest(n_estimators=6, random_state=0).fit(train), "scikit-learn IsolationForest (label, scores)")
    yield made("OneClassSVM", OneClassSVM().fit(train), "scikit-learn OneClassSVM (label, scores)")
    yield made("LocalOutlierFactor", LocalOutlierFactor(novelty=True).fit(train[:60]), "scikit-learn LocalOutlierFactor")
    yield made("KMeans", KMeans(4, n_init=1, random_state=0).fit(train), "scikit-learn KMeans (label, distances)")
    yield made("MiniBatchKMeans", MiniBatchKMeans(4, n_init=1, random_state=0).fit(train))
    yield made("GaussianMixture", GaussianMixture(3, random_state=0).fit(train))
