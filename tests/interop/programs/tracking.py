"""What an MLflow program logs by itself is a run of the workspace: Azure's client finds it, changes it, downloads it and registers its models."""

import json
import sys
import tempfile
from pathlib import Path

import mlflow
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import CodeConfiguration, Environment, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model
from azure.core.exceptions import ResourceNotFoundError
from cases import case, report, workspace_client
from mlflow.tracking.client import MlflowClient

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="tracking-"))
client = workspace_client()
mlflow.set_tracking_uri(client.workspaces.get(client.workspace_name).mlflow_tracking_uri)
mlflow.set_experiment("by-hand")
(work / "model").mkdir()
(work / "model" / "weights.json").write_text("[1, 2]")
with mlflow.start_run(run_name="outer") as outer:
    mlflow.log_param("rate", 0.1)
    mlflow.log_metric("auc", 0.9)
    mlflow.log_artifact(csv, "data")
    mlflow.log_artifacts(str(work / "model"), "model")
    with mlflow.start_run(nested=True, run_name="inner") as inner:
        mlflow.log_metric("auc", 0.8)
name, below = outer.info.run_id, inner.info.run_id

with case("a run of MLflow's is got as a job, with the runs below it"):
    job = client.jobs.get(name)
    assert (job.name, job.status, job.display_name, job.experiment_name) == (name, "Completed", "outer", "by-hand"), job
    assert [each.name for each in client.jobs.list(parent_job_name=name)] == [below]
    assert name not in {each.name for each in client.jobs.list()}
    try:
        client.jobs.get("0" * 32)
        raise AssertionError("something was found")
    except ResourceNotFoundError:
        pass
with case("its files are downloaded by MLflow and through the artifact store"):
    down = mlflow.artifacts.download_artifacts(run_id=name, artifact_path="model", dst_path=str(work / "down"))
    assert (Path(down) / "weights.json").read_text() == "[1, 2]"
    path = f"azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.{name}/model"
    kept = client.models.create_or_update(Model(name="by-place", path=path))
    client.models.download("by-place", version=kept.version, download_path=work / "registered")
    assert (work / "registered" / "by-place" / "model" / "weights.json").exists(), list((work / "registered").rglob("*"))
with case("models are registered from it in every form of its address"):
    for path in (
        f"runs:/{name}/model", f"runs:/{name}/model/", f"azureml://jobs/{name}/outputs/artifacts/model",
        f"azureml://jobs/{name}/outputs/artifacts/paths/model/",
    ):
        model = client.models.create_or_update(Model(name="by-hand", path=path, type=AssetTypes.CUSTOM_MODEL))
        assert model.type == "custom_model", model
    assert mlflow.register_model(f"runs:/{name}/model", "by-mlflow-alone").version == "1"
    assert client.models.get("by-mlflow-alone", version="1").type == "custom_model"
with case("a script finds the folder of its model under the folder's own name"):
    (work / "code").mkdir()
    (work / "code" / "score.py").write_text(
        "import json, os\n\ndef init():\n    global weights\n"
        "    with open(os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model', 'weights.json')) as file:\n        weights = json.load(file)\n"
        "\ndef run(raw):\n    return [sum(a * b for a, b in zip(weights, row)) for row in json.loads(raw)['data']]\n"
    )
    (work / "request.json").write_text(json.dumps({"data": [[1, 1], [2, 3]]}))
    client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="by-hand", auth_mode="key")).result()
    uploaded = Model(path=str(work / "model"))
    for deployment, model in (("logged", "azureml:by-hand@latest"), ("uploaded", uploaded), ("by-mlflow", "azureml:by-mlflow-alone:1")):
        client.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name=deployment, endpoint_name="by-hand", model=model, environment=Environment(name="any", image="mcr.microsoft.com/x"),
                code_configuration=CodeConfiguration(code=str(work / "code"), scoring_script="score.py"),
                instance_type="Standard_DS2_v2", instance_count=1,
            )
        ).result()
        answer = client.online_endpoints.invoke("by-hand", request_file=work / "request.json", deployment_name=deployment)
        assert json.loads(answer) == [3, 8], answer
    client.online_endpoints.begin_delete("by-hand").result()

report()
