"""Online endpoints and deployments: models, scripts, traffic, keys, tokens, scale, logs and errors."""

import json
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
from azure.ai.ml import Input, automl, load_online_deployment, load_online_endpoint
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
    ProbeSettings,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from cases import case, mltable, refusal, report, workspace_client

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="endpoints-"))
client = workspace_client()
endpoints, deployments = client.online_endpoints, client.online_deployments

job = automl.classification(
    training_data=Input(type=AssetTypes.MLTABLE, path=mltable(work / "table", csv)),
    target_column_name="y", primary_metric="AUC_weighted", experiment_name="endpoints",
)
job.set_limits(timeout_minutes=2, max_trials=2)
job = client.jobs.create_or_update(job)
client.jobs.stream(job.name)
model = client.models.create_or_update(
    Model(name="bank", path=f"azureml://jobs/{job.name}/outputs/best_model", type=AssetTypes.MLFLOW_MODEL)
)
rows = json.loads(pd.read_csv(csv).drop(columns=["y"]).head(2).to_json(orient="split"))
request = work / "request.json"
request.write_text(json.dumps({"input_data": rows}))


def blue(name="blue", endpoint="bank-endpoint", **more):
    return ManagedOnlineDeployment(
        name=name, endpoint_name=endpoint, model=model, instance_type="Standard_DS3_v2", instance_count=1, **more
    )


with case("an endpoint from YAML and an MLflow deployment from YAML"):
    (work / "endpoint.yml").write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json\nname: bank-endpoint\nauth_mode: key\n"
        "description: Bank\ntags: {a: b}\n"
    )
    (work / "blue.yml").write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\nname: blue\nendpoint_name: bank-endpoint\n"
        f"model: azureml:bank:{model.version}\ninstance_type: Standard_DS3_v2\ninstance_count: 1\n"
        "request_settings:\n  request_timeout_ms: 3000\n  max_concurrent_requests_per_instance: 4\n"
        "liveness_probe:\n  failure_threshold: 30\n  success_threshold: 1\n  timeout: 2\n  period: 10\n  initial_delay: 10\n"
    )
    made = endpoints.begin_create_or_update(load_online_endpoint(work / "endpoint.yml")).result()
    assert made.provisioning_state == "Succeeded" and made.tags == {"a": "b"} and made.auth_mode == "key", made
    assert made.scoring_uri.endswith("/score") and made.openapi_uri, made
    made = deployments.begin_create_or_update(load_online_deployment(work / "blue.yml")).result()
    assert made.provisioning_state == "Succeeded" and made.request_settings.request_timeout_ms == 3000, made
with case("traffic, all at once and through the endpoint got before"):
    endpoint = endpoints.get("bank-endpoint")
    endpoint.traffic = {"blue": 100}
    endpoint.description = "changed"
    endpoint = endpoints.begin_create_or_update(endpoint).result()
    assert endpoint.traffic == {"blue": 100} and endpoints.get("bank-endpoint").description == "changed", endpoint.traffic
with case("it is invoked: a file, a deployment by name, a body of one's own"):
    answer = json.loads(endpoints.invoke("bank-endpoint", request_file=request))
    assert len(answer) == 2 and set(answer) <= {"yes", "no"}, answer
    assert json.loads(endpoints.invoke("bank-endpoint", request_file=request, deployment_name="blue")) == answer
    keys = endpoints.get_keys("bank-endpoint")
    body = json.dumps({"input_data": rows, "params": {}}).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + keys.primary_key, "azureml-model-deployment": "blue"}
    with urllib.request.urlopen(urllib.request.Request(endpoint.scoring_uri, body, headers)) as response:
        assert json.loads(response.read()) == answer
    with urllib.request.urlopen(urllib.request.Request(endpoint.openapi_uri, headers=headers)) as response:
        assert "/score" in json.loads(response.read())["paths"]
with case("keys are replaced one by one, and the old one is worth nothing"):
    old = endpoints.get_keys("bank-endpoint")
    endpoints.begin_regenerate_keys("bank-endpoint", key_type="primary").result()
    new = endpoints.get_keys("bank-endpoint")
    assert new.primary_key != old.primary_key and new.secondary_key == old.secondary_key
    assert endpoints.get_keys("bank-endpoint").primary_key == new.primary_key
    try:
        urllib.request.urlopen(urllib.request.Request(endpoint.scoring_uri, body, {**headers, "Authorization": "Bearer " + old.primary_key}))
        raise AssertionError("the old key opens it")
    except urllib.error.HTTPError as error:
        assert error.code == 401, error.code
with case("a second deployment: mirrored traffic, then a share, then all of it"):
    made = deployments.begin_create_or_update(blue("green", tags={"k": "v"}, app_insights_enabled=True)).result()
    assert made.tags == {"k": "v"} and made.app_insights_enabled, made
    endpoint = endpoints.get("bank-endpoint")
    endpoint.mirror_traffic = {"green": 10}
    assert endpoints.begin_create_or_update(endpoint).result().mirror_traffic == {"green": 10}
    endpoint = endpoints.get("bank-endpoint")
    endpoint.mirror_traffic, endpoint.traffic = {"green": 0}, {"blue": 90, "green": 10}
    assert endpoints.begin_create_or_update(endpoint).result().traffic == {"blue": 90, "green": 10}
    endpoint.traffic = {"blue": 0, "green": 100}
    endpoints.begin_create_or_update(endpoint).result()
    assert endpoints.get("bank-endpoint").traffic["green"] == 100
    assert {each.name for each in deployments.list("bank-endpoint")} == {"blue", "green"}
with case("traffic that does not sum, or to nothing, is refused"):
    for traffic in ({"green": 70}, {"nothing": 100}):
        endpoint = endpoints.get("bank-endpoint")
        endpoint.traffic = traffic
        with refusal(400):
            endpoints.begin_create_or_update(endpoint).result()
with case("a deployment is scaled and changed"):
    green = deployments.get("green", "bank-endpoint")
    green.instance_count = 2
    green.environment_variables = {"LEVEL": "debug"}
    green.request_settings = OnlineRequestSettings(request_timeout_ms=10000, max_concurrent_requests_per_instance=2)
    green.readiness_probe = ProbeSettings(initial_delay=3, period=5)
    made = deployments.begin_create_or_update(green).result()
    assert made.instance_count == 2 and made.provisioning_state == "Succeeded", made
    again = deployments.get("green", "bank-endpoint")
    assert again.request_settings.max_concurrent_requests_per_instance == 2 and again.readiness_probe.period == 5, again.readiness_probe
    assert json.loads(endpoints.invoke("bank-endpoint", request_file=request))
with case("its log is read"):
    assert "azmlinfsrv" in deployments.get_logs("green", "bank-endpoint", lines=100) or deployments.get_logs("green", "bank-endpoint", lines=50)
    assert deployments.get_logs("blue", "bank-endpoint", lines=10, container_type="inference-server")
with case("a deployment that has traffic is not deleted; one that has none is"):
    with refusal(409):
        deployments.begin_delete("green", "bank-endpoint").result()
    deployments.begin_delete("blue", "bank-endpoint").result()
    assert {each.name for each in deployments.list("bank-endpoint")} == {"green"}

with case("a model folder of one's own, uploaded with the deployment, and a registered one by its label"):
    client.models.download("bank", version=model.version, download_path=work / "bank")
    folder = next((work / "bank").rglob("MLmodel")).parent
    for name, given in (("own", Model(path=str(folder), type=AssetTypes.MLFLOW_MODEL)), ("labelled", "azureml:bank@latest")):
        deployment = ManagedOnlineDeployment(
            name=name, endpoint_name="bank-endpoint", model=given, instance_type="Standard_DS3_v2", instance_count=1
        )
        assert deployments.begin_create_or_update(deployment).result().provisioning_state == "Succeeded"
        assert len(json.loads(endpoints.invoke("bank-endpoint", request_file=request, deployment_name=name))) == 2

code = work / "code"
code.mkdir()
(code / "score.py").write_text(
    "import json, logging, os\n\ndef init():\n    global root\n    root = os.environ['AZUREML_MODEL_DIR']\n    logging.info('init of %s', os.environ['FLAVOUR'])\n"
    "\ndef run(raw):\n    data = json.loads(raw)['data']\n    logging.info('asked for %d', len(data))\n"
    "    return [sum(row) for row in data] if data else 1 / 0\n"
)
(work / "conda.yml").write_text("name: env\ndependencies:\n  - python=3.10\n  - pip:\n    - azureml-inference-server-http\n")
(work / "model.pkl").write_text("x")
environment = Environment(name="score-env", image="mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference", conda_file=str(work / "conda.yml"))
with case("score.py with a code folder, a model in place and an Environment object"):
    endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="scripted", auth_mode="key")).result()
    deployment = ManagedOnlineDeployment(
        name="blue", endpoint_name="scripted", model=Model(path=str(work / "model.pkl")), environment=environment,
        code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
        environment_variables={"FLAVOUR": "vanilla"}, instance_type="Standard_DS2_v2", instance_count=1,
    )
    made = deployments.begin_create_or_update(deployment).result()
    assert made.provisioning_state == "Succeeded" and made.code_configuration.scoring_script == "score.py", made
    (work / "sums.json").write_text(json.dumps({"data": [[1, 2], [3, 4]]}))
    assert json.loads(endpoints.invoke("scripted", request_file=work / "sums.json", deployment_name="blue")) == [3, 7]
    assert "init of vanilla" in deployments.get_logs("blue", "scripted", lines=200)
    assert "score-env" in str(deployments.get("blue", "scripted").environment)
with case("a script that fails in run() answers 424, and the log says why"):
    (work / "none.json").write_text(json.dumps({"data": []}))
    with refusal(424):
        endpoints.invoke("scripted", request_file=work / "none.json", deployment_name="blue")
    assert "ZeroDivisionError" in deployments.get_logs("blue", "scripted", lines=200)
with case("a script that fails in init() fails the deployment, with a sentence"):
    (work / "broken").mkdir()
    (work / "broken" / "score.py").write_text("def init():\n    raise ValueError('no such model')\n\ndef run(raw):\n    return 1\n")
    deployment = ManagedOnlineDeployment(
        name="broken", endpoint_name="scripted", model=Model(path=str(work / "model.pkl")), environment=environment,
        code_configuration=CodeConfiguration(code=str(work / "broken"), scoring_script="score.py"),
        instance_type="Standard_DS2_v2", instance_count=1,
    )
    try:
        deployments.begin_create_or_update(deployment).result()
        raise AssertionError("it was deployed")
    except HttpResponseError as error:
        assert "no such model" in str(error), error
    assert deployments.get("broken", "scripted").provisioning_state == "Failed"
    assert "no such model" in deployments.get_logs("broken", "scripted", lines=200)
with case("a trial's own scoring file and conda file, as the AutoML notebook deploys them"):
    client.jobs.download(f"{job.name}_0", download_path=work / "trial")
    files = next((work / "trial").rglob("scoring_file_v_2_0_0.py")).parent
    path = f"azureml://jobs/{job.name}_0/outputs/artifacts/outputs/model.pkl"
    registered = client.models.create_or_update(Model(name="trial", path=path))
    deployment = ManagedOnlineDeployment(
        name="automl", endpoint_name="scripted", model=registered.id,
        environment=Environment(name="automl-tabular-env", image="mcr.microsoft.com/azureml/x", conda_file=str(files / "conda_env_v_1_0_0.yml")),
        code_configuration=CodeConfiguration(code=str(files), scoring_script="scoring_file_v_2_0_0.py"),
        instance_type="Standard_DS2_V2", instance_count=1,
    )
    assert deployments.begin_create_or_update(deployment).result().provisioning_state == "Succeeded"
    records = [dict(zip(rows["columns"], each)) for each in rows["data"]]
    (work / "records.json").write_text(json.dumps({"Inputs": {"data": records}, "GlobalParameters": {"method": "predict"}}))
    answer = json.loads(endpoints.invoke("scripted", request_file=work / "records.json", deployment_name="automl"))
    assert len(answer["Results"]) == 2 and set(answer["Results"]) <= {"yes", "no"}, answer

with case("an endpoint with a token"):
    endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="tokened", auth_mode="aml_token")).result()
    deployments.begin_create_or_update(blue("blue", "tokened")).result()
    endpoint = endpoints.get("tokened")
    assert endpoint.auth_mode == "aml_token", endpoint.auth_mode
    endpoint.traffic = {"blue": 100}
    endpoints.begin_create_or_update(endpoint).result()
    token = endpoints.get_keys("tokened")
    assert token.access_token and token.expiry_time_utc, token
    # The client goes on sending the deployment that an earlier call named, unless it is told another.
    assert json.loads(endpoints.invoke("tokened", request_file=request, deployment_name="blue"))
with case("endpoints are listed and deleted, with their deployments"):
    assert {"bank-endpoint", "scripted", "tokened"} <= {each.name for each in endpoints.list()}
    for name in ("bank-endpoint", "scripted", "tokened"):
        endpoints.begin_delete(name).result()
    assert not list(endpoints.list())
    try:
        endpoints.get("bank-endpoint")
        raise AssertionError("it is there")
    except ResourceNotFoundError:
        pass
with case("a deployment to no endpoint, or of no model, is refused"):
    for deployment in (blue(endpoint="nowhere"), ManagedOnlineDeployment(name="b", endpoint_name="e1", model="azureml:none:1")):
        try:
            deployments.begin_create_or_update(deployment).result()
            raise AssertionError("it was deployed")
        except (ResourceNotFoundError, HttpResponseError) as error:
            assert error.status_code in (400, 404), error
report()
