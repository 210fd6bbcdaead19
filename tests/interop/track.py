"""MLflow as its users write it: autologging, metrics with a history, artifacts, the registry. Prints one JSON line."""

import json
import sys

import mlflow
import mlflow.sklearn
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

if len(sys.argv) > 1:
    mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("iris")
mlflow.sklearn.autolog()
features, target = load_iris(return_X_y=True, as_frame=True)
with mlflow.start_run() as started:
    LogisticRegression(max_iter=500).fit(features, target)
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metric("gap", float("nan"))
    mlflow.log_text("hello", "notes/a.txt")

client = mlflow.MlflowClient()
run_id = started.info.run_id
run = client.get_run(run_id)
found = client.search_runs(
    [run.info.experiment_id],
    "metrics.loss < 0.5 and params.max_iter = '500' and tags.`mlflow.runName` LIKE '%'",
    order_by=["metrics.loss DESC"],
)
version = mlflow.register_model(f"runs:/{run_id}/model", "iris-model")
client.set_registered_model_alias("iris-model", "champion", version.version)
loaded = mlflow.pyfunc.load_model("models:/iris-model@champion")
notes = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="notes/a.txt")
print(
    json.dumps(
        {
            "mlflow": mlflow.__version__,
            "status": run.info.status,
            "max_iter": run.data.params["max_iter"],
            "metrics": sorted(run.data.metrics),
            "history": [metric.value for metric in client.get_metric_history(run_id, "loss")],
            "artifacts": sorted(file.path for file in client.list_artifacts(run_id)),
            "notes": open(notes).read(),
            "found": [each.info.run_id == run_id for each in found],
            "registered": [model.name for model in client.search_registered_models()],
            "version": client.get_model_version_by_alias("iris-model", "champion").version,
            "predictions": [int(label) for label in loaded.predict(features.head(3))],
        }
    )
)
