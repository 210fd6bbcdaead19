"""AutoML as Azure's own example notebooks run it: settings of all kinds, the job's life, its runs, its files, its models."""

import pickle
import sys
import tempfile
from pathlib import Path

import joblib
import mlflow
import pandas as pd
from azure.ai.ml import Input, automl, load_job
from azure.ai.ml.automl import ClassificationModels, ColumnTransformer
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, Model
from azure.core.exceptions import HttpResponseError
from cases import case, mltable, refusal, report, workspace_client
from mlflow.tracking.client import MlflowClient

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="automl-"))
client = workspace_client()
frame = pd.read_csv(csv)
frame[:300].to_csv(work / "train.csv", index=False)
frame[300:].to_csv(work / "test.csv", index=False)
train = mltable(work / "training-mltable-folder", work / "train.csv")
test = mltable(work / "test-mltable-folder", work / "test.csv")

with case("the Bank Marketing notebook: test data, custom featurization, limits, blocked algorithms"):
    job = automl.classification(
        compute="serverless",
        experiment_name="dpv2-classifier-test",
        training_data=Input(type=AssetTypes.MLTABLE, path=train),
        test_data=Input(type=AssetTypes.MLTABLE, path=test),
        target_column_name="y",
        primary_metric="accuracy",
        n_cross_validations=3,
        enable_model_explainability=True,
        tags={"my_custom_tag": "My custom value"},
    )
    job.set_limits(
        timeout_minutes=2, trial_timeout_minutes=1, max_trials=4, max_concurrent_trials=2, max_cores_per_trial=1,
        enable_early_termination=True,
    )
    job.set_training(
        blocked_training_algorithms=[ClassificationModels.LOGISTIC_REGRESSION, "SVM"], enable_onnx_compatible_models=True,
        enable_stack_ensemble=False,
    )
    transformers = {
        "imputer": [
            ColumnTransformer(fields=["job"], parameters={"strategy": "most_frequent"}),
            ColumnTransformer(fields=["balance"], parameters={"strategy": "median"}),
        ],
    }
    job.set_featurization(
        mode="custom", transformer_params=transformers, blocked_transformers=["LabelEncoder"],
        column_name_and_types={"job": "Categorical"}, enable_dnn_featurization=False,
    )
    submitted = client.jobs.create_or_update(job)
    name = submitted.name
    assert submitted.status in ("NotStarted", "Queued", "Preparing", "Running"), submitted.status
    assert submitted.tags == {"my_custom_tag": "My custom value"}, submitted.tags
    assert submitted.services["Studio"].endpoint, submitted.services
    client.jobs.stream(name)
    done = client.jobs.get(name)
    assert done.status == "Completed", done.status
    assert done.limits.max_trials == 4 and done.featurization.mode == "custom", done
    assert done.featurization.transformer_params["Imputer"][0].fields == ["job"], done.featurization.transformer_params

mlflow.set_tracking_uri(client.workspaces.get(client.workspace_name).mlflow_tracking_uri)
runs = MlflowClient()
with case("the parent run names its best child, with the tags that Azure writes"):
    parent = runs.get_run(name)
    best_id = parent.data.tags["automl_best_child_run_id"]
    assert best_id.startswith(f"{name}_"), best_id
    assert parent.data.tags["my_custom_tag"] == "My custom value"
    assert len(parent.data.tags["score_000"].split(";")) == len(parent.data.tags["run_algorithm_000"].split(";")) >= 2
    assert parent.info.status == "FINISHED" and 0.5 < parent.data.metrics["accuracy"] <= 1
with case("the best child has metrics, properties and the files of an AutoML run"):
    best = runs.get_run(best_id)
    assert best.data.metrics["accuracy"] > 0.7 and "AUC_weighted" in best.data.metrics
    assert best.data.tags["mlflow.parentRunId"] == name
    paths = {each.path for each in runs.list_artifacts(best_id)}
    assert {"accuracy_table", "confusion_matrix", "outputs"} <= paths, paths
    outputs = runs.download_artifacts(best_id, "outputs", str(work))
    there = {path.name for path in Path(outputs).iterdir()}
    assert {"model.onnx", "mlflow-model", "conda_env_v_1_0_0.yml", "scoring_file_v_2_0_0.py"} <= there, there
    compile((Path(outputs) / "scoring_file_v_2_0_0.py").read_text(), "scoring_file", "exec")
    found = runs.search_runs([best.info.experiment_id], f"tags.mlflow.parentRunId = '{name}'", order_by=["metrics.accuracy DESC"])
    assert found[0].data.metrics["accuracy"] == max(each.data.metrics.get("accuracy", 0) for each in found)
    history = runs.get_metric_history(best_id, "accuracy")
    assert history[0].value == best.data.metrics["accuracy"]
    assert parent.info.start_time <= best.info.start_time < best.info.end_time <= parent.info.end_time, best.info
with case("the best model loads as a pickle and as a python_function, and both answer as the model does"):
    features = frame.drop(columns=["y"])
    # MLflow 2 does not know the texts of pandas 3.
    features = features.astype({name: object for name in features.select_dtypes(exclude=["number", "bool"]).columns})
    for load in (joblib.load, lambda path: pickle.loads(Path(path).read_bytes())):
        model = load(Path(outputs) / "model.pkl")
        labels, shares = model.predict(features), model.predict_proba(features)
        assert set(labels) <= set(model.classes_) == {"no", "yes"} and shares.shape == (len(frame), 2), labels
        assert (model.classes_[shares.argmax(axis=1)] == labels).mean() > 0.99
        assert list(model.predict(features.to_dict("records"))) == list(labels)
    function = mlflow.pyfunc.load_model(str(Path(outputs) / "mlflow-model"))
    assert list(function.predict(features)) == list(labels)
with case("the parent's metrics are the best so far, a point each time a trial raised it"):
    points = [point.value for point in runs.get_metric_history(name, "accuracy")]
    assert points == sorted(points) and points[-1] == parent.data.metrics["accuracy"], points
with case("the trials are children, and each is a job that can be got"):
    children = list(client.jobs.list(parent_job_name=name))
    assert best_id in {child.name for child in children}
    child = client.jobs.get(best_id)
    assert child.name == best_id and child.status == "Completed", child
    assert name in {each.name for each in client.jobs.list()} and best_id not in {each.name for each in client.jobs.list()}
with case("a job is downloaded: all of it, or its best model"):
    client.jobs.download(name, download_path=work / "all", all=True)
    down = {str(path.relative_to(work / "all")) for path in (work / "all").rglob("*") if path.is_file()}
    assert any(path.endswith("user_logs/std_log.txt") for path in down), down
    client.jobs.download(name, download_path=work / "best", output_name="best_model")
    assert list((work / "best").rglob("MLmodel"))
    client.jobs.download(best_id, download_path=work / "child")
    assert list((work / "child").rglob("model.onnx"))
with case("a job is archived, restored, tagged and renamed"):
    client.jobs.archive(name)
    assert name not in {each.name for each in client.jobs.list()}
    assert name in {each.name for each in client.jobs.list(list_view_type="ArchivedOnly")}
    client.jobs.restore(name)
    assert name in {each.name for each in client.jobs.list()}
    job = client.jobs.get(name)
    job.tags["reviewed"] = "yes"
    job.display_name = "The good one"
    changed = client.jobs.create_or_update(job)
    assert changed.tags["reviewed"] == "yes", changed.tags
    again = client.jobs.get(name)
    assert again.tags["reviewed"] == "yes" and again.display_name == "The good one", (again.tags, again.display_name)
    updated = client.jobs.update(name, description="later", tags={"again": "yes"})
    assert (updated.description, updated.tags["again"], updated.tags["reviewed"]) == ("later", "yes", "yes"), updated
    assert "Studio" in (client.jobs.show_services(name) or {"Studio": 1})
    assert list(client.jobs.list(max_results=1))
with case("models are registered from every form of a job's output"):
    forms = {
        f"azureml://jobs/{best_id}/outputs/artifacts/outputs/mlflow-model/": AssetTypes.MLFLOW_MODEL,
        f"azureml://jobs/{best_id}/outputs/artifacts/paths/outputs/mlflow-model/": AssetTypes.MLFLOW_MODEL,
        f"azureml://jobs/{name}/outputs/best_model": AssetTypes.MLFLOW_MODEL,
        f"azureml://jobs/{best_id}/outputs/artifacts/outputs/model.onnx": AssetTypes.CUSTOM_MODEL,
        f"azureml://jobs/{best_id}/outputs/artifacts/outputs/model.pkl": AssetTypes.CUSTOM_MODEL,
        f"runs:/{best_id}/outputs/mlflow-model": AssetTypes.MLFLOW_MODEL,
        f"azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.{best_id}/outputs/mlflow-model": AssetTypes.MLFLOW_MODEL,
    }
    for path, kind in forms.items():
        model = client.models.create_or_update(Model(name="bankmarketing", path=path, type=kind, description=path))
        assert model.type == kind, model
    client.models.download("bankmarketing", version="1", download_path=work / "registered")
    assert list((work / "registered").rglob("MLmodel"))
    version = mlflow.register_model(f"runs:/{best_id}/outputs/mlflow-model", "by-mlflow")
    assert version.version == "1", version
with case("an output that a job does not have is an error that says what there is"):
    try:
        client.models.create_or_update(Model(name="none", path=f"azureml://jobs/{best_id}/outputs/artifacts/outputs/model.bin"))
        raise AssertionError("it was registered")
    except HttpResponseError as error:
        assert error.status_code in (400, 404) and "model.bin" in error.message, error

with case("a job from YAML over registered data, canceled while it runs"):
    data = client.data.create_or_update(Data(name="bank-table", path=train, type=AssetTypes.MLTABLE))
    yml = work / "job.yml"
    yml.write_text(
        "$schema: https://azuremlsdk2.blob.core.windows.net/preview/0.0.1/autoMLJob.schema.json\ntype: automl\n"
        "experiment_name: dpv2-cli-text\ndescription: An AutoML job\ncompute: azureml:serverless\ntask: classification\n"
        f"primary_metric: AUC_weighted\ntarget_column_name: y\ntraining_data:\n  path: azureml:bank-table:{data.version}\n  type: mltable\n"
        "n_cross_validations: 3\nlimits:\n  timeout_minutes: 30\n  max_trials: 500\n  max_concurrent_trials: 2\n"
        "  enable_early_termination: false\nfeaturization:\n  mode: auto\n"
        "training:\n  enable_model_explainability: true\n  allowed_training_algorithms: [LightGBM, RandomForest]\n"
        "tags: {a: b}\nproperties: {p: q}\n"
    )
    job = client.jobs.create_or_update(load_job(yml))
    assert job.properties["p"] == "q" and job.tags["a"] == "b", (job.properties, job.tags)
    assert job.training.allowed_training_algorithms, job.training
    client.jobs.begin_cancel(job.name).result()
    client.jobs.stream(job.name)
    assert client.jobs.get(job.name).status in ("Canceled", "CancelRequested", "Completed")
with case("a regression, with a validation set and settings in the constructor"):
    job = automl.regression(
        training_data=Input(type=AssetTypes.MLTABLE, path=train),
        validation_data=Input(type=AssetTypes.MLTABLE, path=test),
        target_column_name="balance",
        primary_metric="R2Score",
        experiment_name="hardware",
        display_name="a regression",
    )
    job.set_limits(timeout_minutes=2, max_trials=2)
    job.set_training(enable_vote_ensemble=False, enable_stack_ensemble=False)
    job.set_featurization(mode="auto")
    job.resources = {"instance_type": "Standard_E4s_v3"}
    job = client.jobs.create_or_update(job)
    client.jobs.stream(job.name)
    job = client.jobs.get(job.name)
    assert job.status == "Completed" and job.display_name == "a regression", job.status
    assert "r2_score" in runs.get_run(job.name).data.metrics
with case("data by its label, folds left to the service, algorithms in snake case, a share for the test"):
    client.data.create_or_update(Data(name="plain", path=csv, type=AssetTypes.URI_FILE))
    job = automl.classification(
        training_data=Input(type=AssetTypes.URI_FILE, path="azureml:plain@latest"), target_column_name="y", primary_metric="AUC_weighted",
        n_cross_validations="auto", log_verbosity="INFO", positive_label="yes", test_data_size=0.2,
    )
    job.set_limits(timeout_minutes=1, max_trials=1)
    job.set_training(allowed_training_algorithms=["logistic_regression", "light_gbm"], enable_dnn_training=False)
    job = client.jobs.create_or_update(job)
    client.jobs.stream(job.name)
    assert client.jobs.get(job.name).status == "Completed"
with case("a job that fails says why, and its stream raises"):
    job = automl.classification(
        training_data=Input(type=AssetTypes.MLTABLE, path=train), target_column_name="no_such_column", primary_metric="accuracy"
    )
    try:
        failed = client.jobs.create_or_update(job)
        client.jobs.stream(failed.name)
        raise AssertionError("it ran")
    except Exception as error:
        assert "no_such_column" in str(error), error
with case("forecasting, images and text are refused"):
    job = automl.forecasting(
        training_data=Input(type=AssetTypes.MLTABLE, path=train), target_column_name="balance",
        primary_metric="NormalizedRootMeanSquaredError", n_cross_validations=2,
    )
    job.set_forecast_settings(time_column_name="joined", forecast_horizon=2)
    with refusal(501):
        client.jobs.create_or_update(job)
    job = automl.text_classification(
        training_data=Input(type=AssetTypes.MLTABLE, path=train), validation_data=Input(type=AssetTypes.MLTABLE, path=test),
        target_column_name="y", primary_metric="accuracy",
    )
    with refusal(501):
        client.jobs.create_or_update(job)

report()
