"""A scoring script for an MLflow model folder of any flavour: AZUREML_MODEL_DIR, loaded by the user's own mlflow."""
import io
import json
import os

from malachite_scoring.arguments import BadInput

_model = None


def init():
    global _model
    import mlflow.pyfunc

    _model = mlflow.pyfunc.load_model(os.environ["AZUREML_MODEL_DIR"])


def run(data, request_headers):
    """
    `input_data` (Azure's form) is answered with the plain list of predictions; `dataframe_split`, `dataframe_records`, `instances`,
    `inputs` and CSV (MLflow's own) with `{"predictions": […]}`. `params` goes to the model.
    """
    if request_headers.get("Content-Type", "").lower().startswith("text/csv"):
        return {"predictions": _plain(_predict(_csv(data), None))}
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(400, f"POST body could not be decoded as JSON: {error}") from None
    if not isinstance(body, dict):
        raise BadInput(400, "POST body should be a JSON dictionary.")
    form = next((name for name in _READERS if name in body), None)
    if form is None:
        raise BadInput(400, f"The body has none of: {', '.join(_READERS)}.")
    try:
        table = _READERS[form](body[form])
    except (TypeError, ValueError, KeyError, AssertionError) as error:
        raise BadInput(400, f'"{form}" is no table: {error}') from None
    predictions = _plain(_predict(table, body.get("params")))
    return predictions if form == "input_data" else {"predictions": predictions}


def _predict(table, params):
    from mlflow.exceptions import MlflowException

    try:
        return _model.predict(table, params=params) if params else _model.predict(table)
    except MlflowException as error:
        # What does not fit the model's signature; anything else is the model's own failure.
        if error.error_code in ("BAD_REQUEST", "INVALID_PARAMETER_VALUE"):
            raise BadInput(400, error.message) from None
        raise


def _csv(text):
    import pandas

    try:
        return pandas.read_csv(io.StringIO(text))
    except ValueError as error:
        raise BadInput(400, f"The body is no CSV: {error}") from None


def _split(value):
    import pandas

    return pandas.DataFrame(value["data"], columns=value.get("columns"), index=value.get("index"))


def _records(value):
    import pandas

    if not isinstance(value, list):
        raise ValueError("it should be a list with one object a row")
    return pandas.DataFrame(value)


def _any_table(value):
    """A split table, a list of rows, or a list a column, which may hold tensors."""
    import numpy
    import pandas

    if isinstance(value, dict):
        if isinstance(value.get("data"), list):
            return _split(value)
        columns = {name: numpy.asarray(values) for name, values in value.items()}
        return pandas.DataFrame(columns) if all(column.ndim == 1 for column in columns.values()) else columns
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return pandas.DataFrame(value)
    return numpy.asarray(value)


_READERS = {
    "input_data": _any_table,
    "dataframe_split": _split,
    "dataframe_records": _records,
    "instances": _any_table,
    "inputs": _any_table,
}


def _plain(predictions):
    """As JSON: rows of a table, nested lists of an array."""
    if hasattr(predictions, "to_dict") and hasattr(predictions, "columns"):
        return json.loads(predictions.to_json(orient="records"))
    if hasattr(predictions, "tolist"):
        return predictions.tolist()
    return predictions
