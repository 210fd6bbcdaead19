"""scikit-learn's regressors and transformers over one float matrix, by skl2onnx."""
from collections.abc import Iterator

import numpy
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, Int64TensorType
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA, KernelPCA, TruncatedSVD
from sklearn.ensemble import (
    AdaBoostRegressor,
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LassoLars,
    LinearRegression,
    PoissonRegressor,
    QuantileRegressor,
    RANSACRegressor,
    Ridge,
    SGDRegressor,
    TheilSenRegressor,
    TweedieRegressor,
)
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, PolynomialFeatures, StandardScaler
from sklearn.svm import SVR, LinearSVR, NuSVR
from sklearn.tree import DecisionTreeRegressor

from export import ROWS, Export
from tables import TRAIN, matrix, target, with_holes

FAMILIES = {
    "LinearRegression": LinearRegression(),
    "Ridge": Ridge(),
    "Lasso": Lasso(0.01),
    "ElasticNet": ElasticNet(0.01),
    "LassoLars": LassoLars(0.01),
    "BayesianRidge": BayesianRidge(),
    "ARDRegression": ARDRegression(),
    "HuberRegressor": HuberRegressor(),
    "QuantileRegressor": QuantileRegressor(alpha=0.1),
    "RANSAC": RANSACRegressor(random_state=0),
    "TheilSen": TheilSenRegressor(random_state=0, max_subpopulation=200),
    "SGDRegressor": SGDRegressor(random_state=0),
    "LinearSVR": LinearSVR(random_state=0),
    "SVR": SVR(),
    "NuSVR": NuSVR(),
    "KNN": KNeighborsRegressor(4),
    "DecisionTree": DecisionTreeRegressor(max_depth=5),
    "RandomForest": RandomForestRegressor(10, max_depth=5, random_state=0),
    "ExtraTrees": ExtraTreesRegressor(8, max_depth=5, random_state=0),
    "GradientBoosting": GradientBoostingRegressor(n_estimators=10),
    "AdaBoost": AdaBoostRegressor(n_estimators=5, random_state=0),
    "Bagging": BaggingRegressor(n_estimators=4, random_state=0),
    "MLP": MLPRegressor(hidden_layer_sizes=(8,), max_iter=50, random_state=0),
    "Stacking": StackingRegressor([("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=3))], cv=2),
    "Voting": VotingRegressor([("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=3))]),
    "PLS": PLSRegression(2),
}


def exports() -> Iterator[Export]:
    train, rows = matrix(TRAIN), matrix(ROWS, seed=9)
    y = target(train)

    def made(name, model, kind=None, given=rows, **more) -> Export:
        return Export(f"{name} regression", kind or f"scikit-learn {name} regression", to_onnx(model, train[:1], **more), given)

    for name, model in FAMILIES.items():
        yield made(name, model.fit(train, y))
    yield made("Poisson", PoissonRegressor().fit(train, numpy.abs(y)))
    yield made("Tweedie", TweedieRegressor(power=1.5, link="log").fit(train, numpy.abs(y) + 1))
    yield made("GaussianProcess", GaussianProcessRegressor(alpha=0.1).fit(train[:50], y[:50]))
    yield made("HistGradientBoosting", HistGradientBoostingRegressor(max_iter=8).fit(with_holes(train), y),
               "scikit-learn HistGradientBoosting regression, missing values", with_holes(rows))
    several = numpy.stack([y, -2 * y, train[:, 3]], axis=1)
    yield made("several targets, linear", LinearRegression().fit(train, several))
    yield made("several targets, forest", RandomForestRegressor(5, max_depth=5, random_state=0).fit(train, several))
    yield made("several targets, MultiOutput", MultiOutputRegressor(Ridge()).fit(train, several))

    for name, model in {
        "PCA": PCA(3),
        "TruncatedSVD": TruncatedSVD(3),
        "KernelPCA": KernelPCA(3, kernel="rbf"),
        "StandardScaler": StandardScaler(),
        "KBinsDiscretizer": KBinsDiscretizer(4, encode="ordinal"),
        "PolynomialFeatures": PolynomialFeatures(2),
    }.items():
        yield Export(f"{name} alone", f"scikit-learn {name}, no estimator", to_onnx(model.fit(train), train[:1]), rows)
    chain = make_pipeline(StandardScaler(), PolynomialFeatures(2), PCA(5), Ridge())
    yield made("scaler, polynomial, PCA, ridge", chain.fit(train, y))
    yield made("bins, ridge", make_pipeline(KBinsDiscretizer(5, encode="onehot-dense"), Ridge()).fit(train, y))

    double = LinearRegression().fit(train.astype(float), y)
    yield Export("float64 matrix", "scikit-learn, float64 input", to_onnx(double, initial_types=[("X", DoubleTensorType([None, 6]))]),
                 numpy.random.default_rng(5).normal(0, 1, (ROWS, 6)))
    whole = numpy.random.default_rng(6).integers(-9, 9, (ROWS, 4))
    trees = DecisionTreeRegressor(max_depth=6).fit(whole, whole[:, 0] * 2 + whole[:, 1])
    yield Export("int64 matrix", "scikit-learn, int64 input", to_onnx(trees, initial_types=[("X", Int64TensorType([None, 4]))]), whole)
    for opset in (9, 11, 13, 15, 18, 21):
        model = GradientBoostingRegressor(n_estimators=4).fit(train, y)
        yield made(f"opset {opset}", model, f"scikit-learn, opset {opset}", target_opset={"": opset, "ai.onnx.ml": 1 if opset < 13 else 3})
