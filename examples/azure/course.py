"""The course on Azure ML's own Python client, from the data to predictions.

It is an ordinary azure-ai-ml program: nothing in it knows Malachite.

    malachite up --detach && eval "$(malachite env)" && python course.py bank.csv --target y

Needs: azure-ai-ml, azure-identity, azureml-mlflow, mlflow, pandas.
"""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

import mlflow
import pandas as pd
from azure.ai.ml import Input, MLClient, automl
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import AmlCompute, Data, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from mlflow.tracking.client import MlflowClient

arguments = argparse.ArgumentParser()
arguments.add_argument("csv")
arguments.add_argument("--target", default="y")
arguments.add_argument("--trials", type=int, default=5)
arguments.add_argument("--minutes", type=int, default=1)
arguments = arguments.parse_args()
work = Path(tempfile.mkdtemp(prefix="course-"))

# The workspace.
client = MLClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    os.environ["AZURE_RESOURCE_GROUP"],
    os.environ["AZUREML_WORKSPACE_NAME"],
)
workspace = client.workspaces.get(client.workspace_name)
print("workspace:", workspace.name, workspace.location)

# The data: a versioned asset of the table, and an MLTable for the job.
data = client.data.create_or_update(
    Data(name="course-data", path=arguments.csv, type=AssetTypes.URI_FILE, description="The course's table")
)
print("data:", data.name, data.version)
table = work / "training-mltable"
table.mkdir()
shutil.copy(arguments.csv, table / "data.csv")
(table / "MLTable").write_text(
    "paths:\n  - file: ./data.csv\ntransformations:\n  - read_delimited:\n"
    "      delimiter: ','\n      encoding: utf8\n      header: all_files_same_headers\n"
)

# A compute cluster.
try:
    cluster = client.compute.get("cpu-cluster")
except ResourceNotFoundError:
    cluster = client.compute.begin_create_or_update(
        AmlCompute(name="cpu-cluster", size="Standard_DS3_v2", min_instances=0, max_instances=2)
    ).result()
print("compute:", cluster.name, cluster.provisioning_state)

# AutoML.
job = automl.classification(
    compute="cpu-cluster",
    experiment_name="course",
    training_data=Input(type=AssetTypes.MLTABLE, path=str(table)),
    target_column_name=arguments.target,
    primary_metric="AUC_weighted",
    n_cross_validations=3,
    enable_model_explainability=True,
)
job.set_limits(timeout_minutes=arguments.minutes, max_trials=arguments.trials, enable_early_termination=True)
job.set_training(enable_onnx_compatible_models=True)
job = client.jobs.create_or_update(job)
print("job:", job.name, job.status)
client.jobs.stream(job.name)
job = client.jobs.get(job.name)
assert job.status == "Completed", job.status

# The best trial, its metrics and its files.
mlflow.set_tracking_uri(workspace.mlflow_tracking_uri)
runs = MlflowClient()
parent = runs.get_run(job.name)
children = [child.name for child in client.jobs.list(parent_job_name=job.name)]
print("trials:", len(children))
best = runs.get_run(parent.data.tags["automl_best_child_run_id"])
assert best.info.run_id in children
print("best:", best.info.run_id, "AUC_weighted", round(best.data.metrics["AUC_weighted"], 4))
outputs = runs.download_artifacts(best.info.run_id, "outputs", str(work))
print("artifacts:", sorted(os.listdir(outputs)))
client.jobs.download(job.name, download_path=work / "job", output_name="best_model")

# A registered model.
model = client.models.create_or_update(
    Model(
        name="course-model",
        path=f"azureml://jobs/{best.info.run_id}/outputs/artifacts/outputs/mlflow-model/",
        type=AssetTypes.MLFLOW_MODEL,
    )
)
print("model:", model.name, model.version)

# An endpoint with a deployment that takes all traffic.
endpoint = ManagedOnlineEndpoint(name="course-endpoint", auth_mode="key")
client.online_endpoints.begin_create_or_update(endpoint).result()
client.online_deployments.begin_create_or_update(
    ManagedOnlineDeployment(
        name="blue",
        endpoint_name=endpoint.name,
        model=f"azureml:{model.name}:{model.version}",
        instance_type="Standard_DS3_v2",
        instance_count=1,
        app_insights_enabled=True,
    )
).result()
endpoint.traffic = {"blue": 100}
endpoint = client.online_endpoints.begin_create_or_update(endpoint).result()
print("endpoint:", endpoint.scoring_uri)

# Predictions, with the key.
rows = pd.read_csv(arguments.csv).drop(columns=[arguments.target]).head(3)
request = work / "request.json"
request.write_text(json.dumps({"input_data": json.loads(rows.to_json(orient="split"))}))
print("predictions:", client.online_endpoints.invoke(endpoint.name, request_file=request))
keys = client.online_endpoints.get_keys(endpoint.name)
client.online_endpoints.begin_regenerate_keys(endpoint.name, key_type="secondary").result()
assert client.online_endpoints.get_keys(endpoint.name).secondary_key != keys.secondary_key
print("log:", client.online_deployments.get_logs("blue", endpoint.name, lines=20))

# The end.
client.online_endpoints.begin_delete(endpoint.name).result()
client.compute.begin_delete("cpu-cluster").wait()
print("done")
