"""An ordinary program whose server is killed and started again while it streams a job. It knows nothing of it."""

import os
import sys
import tempfile
from pathlib import Path

from azure.ai.ml import Input, MLClient, automl
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Model
from azure.identity import DefaultAzureCredential

csv, submitted = sys.argv[1:]
client = MLClient(
    DefaultAzureCredential(),
    os.environ["AZURE_SUBSCRIPTION_ID"],
    os.environ["AZURE_RESOURCE_GROUP"],
    os.environ["AZUREML_WORKSPACE_NAME"],
)
table = Path(tempfile.mkdtemp(prefix="restart-"))
(table / "data.csv").write_bytes(Path(csv).read_bytes())
(table / "MLTable").write_text("paths:\n  - file: ./data.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n")
job = automl.classification(
    training_data=Input(type=AssetTypes.MLTABLE, path=str(table)), target_column_name="y", primary_metric="AUC_weighted",
    experiment_name="restart", n_cross_validations=3,
)
job.set_limits(timeout_minutes=1, max_trials=12, enable_early_termination=False)
job = client.jobs.create_or_update(job)
Path(submitted).write_text(job.name)
client.jobs.stream(job.name)
assert client.jobs.get(job.name).status == "Completed", client.jobs.get(job.name).status
# Files that were uploaded before are there, and new ones are taken.
assert client.data.list() is not None
model = client.models.create_or_update(Model(name="survivor", path=f"azureml://jobs/{job.name}/outputs/best_model", type=AssetTypes.MLFLOW_MODEL))
client.models.download("survivor", version=model.version, download_path=table / "down")
assert list((table / "down").rglob("MLmodel"))
print("trials", len(list(client.jobs.list(parent_job_name=job.name))))
print("done")
