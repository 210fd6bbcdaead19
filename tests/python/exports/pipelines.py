"""scikit-learn's pipelines over tables: one tensor a column, texts beside numbers, missing values."""
from collections.abc import Iterator

import numpy
import pandas
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
)

from export import ROWS, Export
from tables import TRAIN, binary, matrix, sentences, table, with_holes

TYPES = {
    "age": Int64TensorType([None, 1]),
    "job": StringTensorType([None, 1]),
    "emp.var.rate": FloatTensorType([None, 1]),
    "balance": FloatTensorType([None, 1]),
    "month": StringTensorType([None, 1]),
}
COLUMNS = list(TYPES.items())
NUMBERS, TEXTS = ["age", "emp.var.rate", "balance"], ["job", "month"]


def exports() -> Iterator[Export]:
    train, rows = table(TRAIN), table(ROWS, seed=9)
    y = binary(train)
    words = numpy.array(["no", "yes"])[y]
    encode = OneHotEncoder(handle_unknown="ignore")
    mixed = make_column_transformer((StandardScaler(), NUMBERS), (encode, TEXTS))

    def made(name, model, types=COLUMNS, given=rows, **more) -> Export:
        return Export(name, f"scikit-learn pipeline: {name}", to_onnx(model, initial_types=types, **more), given)

    logistic = make_pipeline(mixed, LogisticRegression()).fit(train, words)
    yield made("scaler and one-hot, logistic, ZipMap", logistic)
    yield made("scaler and one-hot, logistic, tensor", logistic, options={id(logistic): {"zipmap": False}})
    yield made("scaler and one-hot, ridge", make_pipeline(mixed, Ridge()).fit(train, train["balance"]))
    ordinal = make_column_transformer((OrdinalEncoder(), TEXTS), ("passthrough", NUMBERS))
    yield made("ordinal encoder, forest", make_pipeline(ordinal, RandomForestClassifier(8, max_depth=6, random_state=0)).fit(train, y))
    each = ColumnTransformer([("range", MinMaxScaler(), ["age"]), ("largest", MaxAbsScaler(), ["balance"]),
                              ("robust", RobustScaler(), ["emp.var.rate"]), ("job", encode, ["job"]), ("month", OrdinalEncoder(), ["month"])])
    yield made("a transformer a column", make_pipeline(each, LogisticRegression()).fit(train, words))
    bins = make_column_transformer((KBinsDiscretizer(4, encode="onehot-dense"), ["emp.var.rate"]), (encode, ["job"]))
    part = [pair for pair in COLUMNS if pair[0] in ("emp.var.rate", "job")]
    yield made("bins and one-hot", make_pipeline(bins, LogisticRegression()).fit(train, y), part, rows[["emp.var.rate", "job"]])
    union = FeatureUnion([("scaled", StandardScaler()), ("best", SelectKBest(k=2))])
    floats = [(name, FloatTensorType([None, 1])) for name in NUMBERS]
    plain = make_column_transformer(("passthrough", NUMBERS))
    yield made("feature union", make_pipeline(plain, union, LogisticRegression()).fit(train[NUMBERS], y), floats, rows[NUMBERS].astype(float))
    yield made("unseen categories", logistic, given=rows.assign(job=[f"job {i % 50}" for i in range(ROWS)]))
    only = make_column_transformer((encode, TEXTS)).fit(train[TEXTS])
    yield made("one-hot alone, no estimator", only, [pair for pair in COLUMNS if pair[0] in TEXTS], rows[TEXTS])

    holes = rows.assign(balance=with_holes(rows[["balance"]].to_numpy())[:, 0].astype(float))
    fill = make_column_transformer((make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), ["balance", "emp.var.rate"]), (encode, ["job"]))
    filled = make_pipeline(fill, LogisticRegression()).fit(train.assign(balance=train["balance"].where(train["age"] > 30)), y)
    used = [pair for pair in COLUMNS if pair[0] in ("balance", "emp.var.rate", "job")]
    yield made("median for missing numbers", filled, used, holes[["job", "emp.var.rate", "balance"]])
    blank = rows.assign(job=[("" if i % 7 == 0 else job) for i, job in enumerate(rows["job"])])
    mode = make_pipeline(SimpleImputer(strategy="most_frequent", missing_values=""), encode)
    guess = make_pipeline(make_column_transformer((mode, ["job"]), (StandardScaler(), ["balance"])), LogisticRegression())
    yield made("most frequent for missing texts", guess.fit(train.assign(job=train["job"].where(train["age"] > 30, "")), y),
               [pair for pair in COLUMNS if pair[0] in ("job", "balance")], blank[["job", "balance"]])
    nearest = make_pipeline(KNNImputer(n_neighbors=3), LogisticRegression()).fit(with_holes(matrix(TRAIN)), matrix(TRAIN)[:, 0] > 0)
    yield made("nearest neighbours for missing numbers", nearest, [("features", FloatTensorType([None, 6]))],
               with_holes(matrix(ROWS, seed=9)))
    for name, step in {"Normalizer": Normalizer(), "Binarizer": Binarizer(), "PowerTransformer": PowerTransformer()}.items():
        yield made(name, make_pipeline(step, LogisticRegression()).fit(matrix(TRAIN), matrix(TRAIN)[:, 0] > 0),
                   [("features", FloatTensorType([None, 6]))], matrix(ROWS, seed=9))

    text, read = sentences(TRAIN), sentences(ROWS, seed=8)
    mood = numpy.array(["bad", "good"])[numpy.array([("great" in each) or ("thanks" in each) for each in text]) * 1]
    column = [("comment", StringTensorType([None, 1]))]
    for name, vectorizer in {
        "tf-idf": TfidfVectorizer(),
        "tf-idf, pairs of words": TfidfVectorizer(ngram_range=(1, 2)),
        "counts": CountVectorizer(),
        "tf-idf of characters": TfidfVectorizer(analyzer="char", ngram_range=(2, 2)),
    }.items():
        model = make_pipeline(vectorizer, LogisticRegression() if "tf" in name else MultinomialNB()).fit(text, mood)
        yield made(name, model, column, pandas.DataFrame({"comment": read}))
    both = ColumnTransformer([("words", TfidfVectorizer(), "comment"), ("numbers", StandardScaler(), ["age", "balance"])])
    frame = lambda data, texts: data[["age", "balance"]].assign(comment=texts)
    yield made("tf-idf beside numbers", make_pipeline(both, LogisticRegression()).fit(frame(train, text), y),
               [*column, *(pair for pair in COLUMNS if pair[0] in ("age", "balance"))], frame(rows, read))

    # Two tensors of several columns each: the graph's inputs are groups.
    groups = ColumnTransformer([("numbers", StandardScaler(), [0, 1]), ("texts", encode, [2, 3])])
    values = train[["balance", "emp.var.rate", *TEXTS]].to_numpy(dtype=object)
    grouped = make_pipeline(groups, LogisticRegression()).fit(values, y)
    types = [("numbers", FloatTensorType([None, 2])), ("texts", StringTensorType([None, 2]))]
    named = rows[["balance", "emp.var.rate", *TEXTS]].set_axis(["numbers_0", "numbers_1", "texts_0", "texts_1"], axis=1)
    yield Export("two matrices", "scikit-learn pipeline: a float matrix and a text matrix", to_onnx(grouped, initial_types=types), named,
                 columns={name: name[:-2] for name in named.columns})
    yield Export("text matrix", "scikit-learn pipeline: one text matrix", to_onnx(
        make_pipeline(encode, LogisticRegression()).fit(train[TEXTS].to_numpy(dtype=object), words),
        initial_types=[("X", StringTensorType([None, 2]))]), rows[TEXTS].to_numpy(dtype=object))
