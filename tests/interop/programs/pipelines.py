"""Pipelines of AutoML nodes, from the DSL and from YAML; what else a pipeline may hold is refused."""

import sys
import tempfile
from pathlib import Path

from azure.ai.ml import Input, Output, automl, command, dsl, load_job
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import BatchEndpoint, CronTrigger, JobSchedule, Model, RecurrencePattern, RecurrenceTrigger
from azure.ai.ml.sweep import Choice
from cases import case, mltable, refusal, report, workspace_client

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="pipelines-"))
client = workspace_client()
table = mltable(work / "table", csv)


@dsl.pipeline(description="AutoML Classification Pipeline")
def bank(train_data):
    node = automl.classification(
        training_data=train_data,
        target_column_name="y",
        primary_metric="accuracy",
        n_cross_validations=3,
        enable_model_explainability=False,
        outputs={"best_model": Output(type="mlflow_model")},
    )
    node.set_limits(max_trials=2, timeout_minutes=2)
    node.set_training(allowed_training_algorithms=["LightGBM", "LogisticRegression"], enable_stack_ensemble=False)
    node.set_featurization(mode="auto")
    return {"chosen": node.outputs.best_model}


with case("an AutoML node of the DSL runs, is streamed, and its job and trials are found below it"):
    job = bank(train_data=Input(path=table, type=AssetTypes.MLTABLE))
    job.settings.default_compute = "serverless"
    job.tags = {"a": "b"}
    submitted = client.jobs.create_or_update(job, experiment_name="pipeline_samples")
    assert submitted.type == "pipeline" and submitted.status in ("NotStarted", "Running"), submitted.status
    client.jobs.stream(submitted.name)
    done = client.jobs.get(submitted.name)
    assert done.status == "Completed" and done.experiment_name == "pipeline_samples" and done.tags["a"] == "b", done
    children = list(client.jobs.list(parent_job_name=submitted.name))
    assert len(children) == 1, children
    trials = list(client.jobs.list(parent_job_name=children[0].name))
    assert len(trials) >= 1, trials
    listed = {each.name for each in client.jobs.list()}
    assert submitted.name in listed and children[0].name not in listed, listed
with case("the output that the pipeline names is downloaded, and registered as a model"):
    client.jobs.download(submitted.name, download_path=work / "chosen", output_name="chosen")
    assert list((work / "chosen").rglob("MLmodel")), list((work / "chosen").rglob("*"))
    model = client.models.create_or_update(
        Model(name="chosen", path=f"azureml://jobs/{submitted.name}/outputs/chosen", type=AssetTypes.MLFLOW_MODEL)
    )
    assert model.type == "mlflow_model" and model.job_name == children[0].name, model
with case("a pipeline from YAML over registered data, canceled"):
    yml = work / "pipeline.yml"
    yml.write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\ntype: pipeline\ndisplay_name: from yaml\n"
        f"experiment_name: cli\ninputs:\n  train:\n    type: mltable\n    path: {table}\n"
        "settings:\n  default_compute: azureml:serverless\njobs:\n  classify:\n    type: automl\n    task: classification\n"
        "    log_verbosity: info\n    primary_metric: accuracy\n    target_column_name: y\n    training_data: ${{parent.inputs.train}}\n"
        "    n_cross_validations: 3\n    limits:\n      max_trials: 300\n      timeout_minutes: 20\n    training:\n      enable_stack_ensemble: false\n"
        "    featurization:\n      mode: auto\n    outputs:\n      best_model:\n        type: mlflow_model\n"
    )
    job = client.jobs.create_or_update(load_job(yml))
    assert job.display_name == "from yaml", job.display_name
    client.jobs.begin_cancel(job.name).result()
    client.jobs.stream(job.name)
    assert client.jobs.get(job.name).status == "Canceled", client.jobs.get(job.name).status
with case("an output of a pipeline that has a name is registered as a model"):
    yml = work / "registering.yml"
    yml.write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\ntype: pipeline\nexperiment_name: cli\n"
        f"inputs:\n  train:\n    type: mltable\n    path: {table}\noutputs:\n  best:\n    type: mlflow_model\n    name: from-pipeline\n"
        "settings:\n  default_compute: azureml:serverless\njobs:\n  classify:\n    type: automl\n    task: classification\n"
        "    primary_metric: accuracy\n    target_column_name: y\n    training_data: ${{parent.inputs.train}}\n"
        "    limits:\n      max_trials: 1\n      timeout_minutes: 2\n    outputs:\n      best_model: ${{parent.outputs.best}}\n"
    )
    job = client.jobs.create_or_update(load_job(yml))
    client.jobs.stream(job.name)
    assert client.jobs.get(job.name).status == "Completed", client.jobs.get(job.name).status
    model = client.models.get("from-pipeline", label="latest")
    assert model.type == "mlflow_model" and model.job_name, model

step = command(
    command="python x.py", environment="azureml://registries/azureml/environments/sklearn-1.5/labels/latest", compute="serverless",
    inputs={"rate": 0.1},
)
with case("a pipeline with a command node is refused"):

    @dsl.pipeline()
    def commands():
        step()

    job = commands()
    job.settings.default_compute = "serverless"
    with refusal(501):
        client.jobs.create_or_update(job)
with case("a sweep is refused"):
    sweep = step(rate=Choice([0.1, 0.2])).sweep(sampling_algorithm="random", primary_metric="auc", goal="Maximize")
    sweep.set_limits(max_total_trials=4, max_concurrent_trials=2)
    with refusal(501):
        client.jobs.create_or_update(sweep)
with case("schedules and batch endpoints are refused"):
    trigger = RecurrenceTrigger(frequency="day", interval=1, schedule=RecurrencePattern(hours=[10], minutes=[0]))
    for each in (trigger, CronTrigger(expression="0 * * * *")):
        with refusal(501):
            job = bank(train_data=Input(path=table, type=AssetTypes.MLTABLE))
            job.settings.default_compute = "serverless"
            schedule = JobSchedule(name="daily", trigger=each, create_job=job)
            client.schedules.begin_create_or_update(schedule).result()
    with refusal(501):
        client.batch_endpoints.begin_create_or_update(BatchEndpoint(name="batch")).result()

report()
