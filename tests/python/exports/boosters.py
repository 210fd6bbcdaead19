"""LightGBM and XGBoost by onnxmltools, CatBoost by its own exporter."""
import tempfile
from collections.abc import Iterator

import catboost
import lightgbm
import numpy
import onnx
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

from export import ROWS, Export
from tables import TRAIN, classes, matrix, target, with_holes

OPSET = 15


def exports() -> Iterator[Export]:
    yield from lightgbm_exports()
    yield from xgboost_exports()
    yield from catboost_exports()


def lightgbm_exports() -> Iterator[Export]:
    train, rows = matrix(TRAIN), matrix(ROWS, seed=9)
    three, few = classes(train), {"n_estimators": 10, "verbosity": -1, "n_jobs": 1}

    def made(name, model, given=rows, **more) -> Export:
        types = [("input", FloatTensorType([None, given.shape[1]]))]
        return Export(f"LightGBM {name}", f"LightGBM, {name}", onnxmltools.convert_lightgbm(model, initial_types=types, target_opset=OPSET, **more), given)

    yield made("binary, ZipMap", lightgbm.LGBMClassifier(**few).fit(train, (three > 0) * 1))
    yield made("binary, tensor", lightgbm.LGBMClassifier(**few).fit(train, (three > 0) * 1), zipmap=False)
    yield made("multiclass", lightgbm.LGBMClassifier(**few).fit(train, three), zipmap=False)
    yield made("text labels, ZipMap", lightgbm.LGBMClassifier(**few).fit(train, numpy.array(["a", "b", "c"])[three]))
    yield made("missing values", lightgbm.LGBMClassifier(**few).fit(with_holes(train), three), with_holes(rows))
    yield made("regression", lightgbm.LGBMRegressor(**few).fit(train, target(train)))
    yield made("poisson regression", lightgbm.LGBMRegressor(objective="poisson", **few).fit(train, numpy.abs(target(train))))
    yield made("random forest", lightgbm.LGBMRegressor(boosting_type="rf", subsample=0.5, subsample_freq=1, **few).fit(train, target(train)))
    yield made("booster", lightgbm.train({"objective": "binary", "verbosity": -1}, lightgbm.Dataset(train, three > 0), 8))
    coded = train.copy()
    coded[:, 0] = numpy.random.default_rng(1).integers(0, 8, len(train))
    asked = rows.copy()
    asked[:, 0] = numpy.random.default_rng(2).integers(0, 8, len(rows))
    yield made("categorical splits", lightgbm.LGBMRegressor(**few).fit(coded, (coded[:, 0] % 3) + coded[:, 1], categorical_feature=[0]), asked)
    yield made("ranker", lightgbm.LGBMRanker(**few).fit(train, three, group=[50] * (TRAIN // 50)))


def xgboost_exports() -> Iterator[Export]:
    train, rows = matrix(TRAIN), matrix(ROWS, seed=9)
    three, few = classes(train), {"n_estimators": 8, "max_depth": 4, "n_jobs": 1}

    def made(name, model, given=rows) -> Export:
        types = [("input", FloatTensorType([None, given.shape[1]]))]
        return Export(f"XGBoost {name}", f"XGBoost, {name}", onnxmltools.convert_xgboost(model, initial_types=types, target_opset=OPSET), given)

    yield made("binary", xgboost.XGBClassifier(**few).fit(train, (three > 0) * 1))
    yield made("multiclass", xgboost.XGBClassifier(**few).fit(train, three))
    yield made("missing values", xgboost.XGBClassifier(**few).fit(with_holes(train), (three > 0) * 1), with_holes(rows))
    yield made("regression", xgboost.XGBRegressor(**few).fit(train, target(train)))
    # The converter knows no XGBRanker; its trees are those of a regressor with the same objective's scores.
    ranker = xgboost.XGBRanker(**few).fit(train, three, group=[50] * (TRAIN // 50))
    yield made("ranker", ranker.get_booster())
    yield made("random forest", xgboost.XGBRFRegressor(**few).fit(train, target(train)))


def catboost_exports() -> Iterator[Export]:
    train, rows = matrix(TRAIN), matrix(ROWS, seed=9)
    three, few = classes(train), {"iterations": 10, "depth": 4, "verbose": False, "allow_writing_files": False, "thread_count": 1}

    def made(name, model) -> Export:
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
            model.save_model(file.name, format="onnx", export_parameters={"onnx_domain": "ai.catboost", "onnx_graph_name": "CatBoost"})
            return Export(f"CatBoost {name}", f"CatBoost, {name}", onnx.load(file.name), rows)

    yield made("binary", catboost.CatBoostClassifier(**few).fit(train, (three > 0) * 1))
    yield made("text labels", catboost.CatBoostClassifier(**few).fit(train, numpy.array(["no", "yes"])[(three > 0) * 1]))
    yield made("multiclass", catboost.CatBoostClassifier(**few).fit(train, three))
    yield made("regression", catboost.CatBoostRegressor(**few).fit(train, target(train)))
