"""What of the SDK has nothing behind it here: each is refused with a sentence, or ended by the client itself; and what is beside it and works."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path

from azure.ai.ml import Input, command, load_component
from azure.ai.ml import entities as e
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.data_transfer import Database
from azure.ai.ml.entities import Environment, Model
from azure.ai.ml.entities._credentials import PatTokenConfiguration
from azure.ai.ml.entities._indexes import LocalSource, ModelConfiguration
from cases import case, ended_by_the_client, refusal, report, workspace_client

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="refusals-"))
client = workspace_client()
workspace = client.workspace_name


def result(poller):
    return poller.result()


def refused(*asks):
    for ask in asks:
        with refusal(501):
            ask()


with case("batch endpoints and their deployments"):
    endpoints, deployments = client.batch_endpoints, client.batch_deployments
    deployment = e.ModelBatchDeployment(
        name="b", endpoint_name="e", model="azureml:m:1", compute="cpu", settings=e.ModelBatchDeploymentSettings(mini_batch_size=1)
    )
    refused(
        lambda: endpoints.get("e"),
        lambda: endpoints.invoke("e", inputs={"data": Input(type=AssetTypes.URI_FILE, path="azureml:a:1")}),
        lambda: list(endpoints.list_jobs("e")),
        lambda: result(endpoints.begin_delete("e")),
        lambda: result(deployments.begin_create_or_update(deployment)),
        lambda: deployments.get("b", "e"),
        lambda: list(deployments.list("e")),
        lambda: list(deployments.list_jobs("e")),
        lambda: result(deployments.begin_delete("b", "e")),
    )
with case("schedules by the clock"):
    schedules = client.schedules
    refused(
        lambda: schedules.get("s"),
        lambda: schedules.trigger("s"),
        lambda: result(schedules.begin_enable("s")),
        lambda: result(schedules.begin_disable("s")),
        lambda: result(schedules.begin_delete("s")),
    )
with case("registries, and sharing into one"):
    shared = {"share_with_name": "a", "share_with_version": "1", "registry_name": "r"}
    refused(
        lambda: client.registries.get("r"),
        lambda: result(client.registries.begin_create(e.Registry(name="r", location="eastus", replication_locations=[]))),
        lambda: result(client.registries.begin_delete(name="r")),
        lambda: client.data.share("a", "1", **shared),
        lambda: client.models.share("a", "1", **shared),
        lambda: client.environments.share("a", "1", **shared),
    )
with case("templates of deployments lie in registries: the client looks for them in Azure itself, and finds nothing"):
    templates = client.deployment_templates
    template = e.DeploymentTemplate(name="t", version="1", environment="azureml:e:1")
    for ask in (
        lambda: templates.create_or_update(template),
        lambda: templates.get("t", "1"),
        lambda: list(templates.list()),
        lambda: templates.archive("t", "1"),
        lambda: templates.restore("t", "1"),
        lambda: templates.delete("t", "1"),
    ):
        with ended_by_the_client():
            ask()
with case("feature sets and their entities"):
    sets, entities = client.feature_sets, client.feature_store_entities
    (work / "spec").mkdir()
    (work / "spec" / "FeatureSetSpec.yaml").write_text(
        "source:\n  type: parquet\n  path: wasbs://d@s.blob.core.windows.net/*.parquet\n  timestamp_column:\n    name: timestamp\n"
        "features:\n  - name: f\n    type: string\nindex_columns:\n  - name: id\n    type: string\n"
    )
    made = e.FeatureSet(
        name="f", version="1", entities=["azureml:x:1"], specification=e.FeatureSetSpecification(path=str(work / "spec"))
    )
    entity = e.FeatureStoreEntity(name="x", version="1", index_columns=[e.DataColumn(name="id", type=e.DataColumnType.STRING)])
    window = {"feature_window_start_time": datetime(2026, 1, 1), "feature_window_end_time": datetime(2026, 1, 2)}
    refused(
        lambda: result(sets.begin_create_or_update(made)),
        lambda: sets.get("f", "1"),
        lambda: sets.get_feature("f", "1", feature_name="f"),
        lambda: list(sets.list_features("f", "1")),
        lambda: sets.archive("f", "1"),
        lambda: sets.restore("f", "1"),
        lambda: result(sets.begin_backfill(name="f", version="1", data_status=["None"], **window)),
        lambda: result(entities.begin_create_or_update(entity)),
        lambda: entities.get("x", "1"),
        lambda: list(entities.list()),
        lambda: entities.archive("x", "1"),
        lambda: entities.restore("x", "1"),
    )
    assert list(sets.list_materialization_operations("f", "1")) == []
with case("feature stores: there is none"):
    stores = client.feature_stores
    store = e.FeatureStore(name="store", location="eastus")
    assert list(stores.list()) == [] and stores.get("store") is None
    refused(
        lambda: result(stores.begin_create(store)),
        lambda: result(stores.begin_provision_network(feature_store_name="store")),
    )
    for ask in (lambda: stores.begin_update(store), lambda: stores.begin_delete("store")):
        with ended_by_the_client():
            ask()
with case("connections, capability hosts, deployments of Azure OpenAI, indexes"):
    connection = e.WorkspaceConnection(name="x", type="git", target="https://github.com/x", credentials=PatTokenConfiguration(pat="p"))
    index = e.Index(name="i", version="1", path=str(work / "spec"))
    refused(
        lambda: client.connections.create_or_update(connection),
        lambda: client.connections.get("x"),
        lambda: client.connections.delete("x"),
        lambda: list(client.azure_openai_deployments.list("x")),
        lambda: client.capability_hosts.get("x"),
        lambda: result(client.capability_hosts.begin_delete("x")),
        lambda: client.indexes.create_or_update(index),
        lambda: client.indexes.get("i", version="1"),
        lambda: list(client.indexes.list()),
    )
    with ended_by_the_client():
        client.capability_hosts.begin_create_or_update(e.CapabilityHost(name="x"))
    embeddings = ModelConfiguration(
        api_base="https://127.0.0.1", api_key="k", api_version="1", connection_name=None, connection_type=None,
        model_name="m", deployment_name="d", model_kwargs={},
    )
    refused(
        lambda: client.indexes.build_index(
            name="i", embeddings_model_config=embeddings, input_source=LocalSource(input_data=str(work / "spec"))
        )
    )
with case("models of the catalogue: serverless endpoints and the marketplace"):
    serverless, market = client.serverless_endpoints, client.marketplace_subscriptions
    model_id = "azureml://registries/azureml/models/x"
    refused(
        lambda: result(serverless.begin_create_or_update(e.ServerlessEndpoint(name="s", model_id=model_id))),
        lambda: serverless.get("s"),
        lambda: serverless.get_keys("s"),
        lambda: result(serverless.begin_regenerate_keys("s")),
        lambda: result(serverless.begin_delete("s")),
        lambda: result(market.begin_create_or_update(e.MarketplaceSubscription(name="s", model_id=model_id))),
        lambda: market.get("s"),
        lambda: list(market.list()),
        lambda: result(market.begin_delete("s")),
    )
with case("networks, keys and diagnoses of the workspace; quotas, attached machines and single sign-on"):
    rules = client.workspace_outbound_rules
    rule = e.FqdnDestination(name="r", destination="example.invalid")
    machine = e.VirtualMachineCompute(
        name="vm", resource_id="/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm",
        ssh_settings=e.VirtualMachineSshSettings(admin_username="a", admin_password="b"),
    )
    refused(
        lambda: result(rules.begin_create(workspace, rule)),
        lambda: result(rules.begin_update(workspace, rule)),
        lambda: rules.get(workspace, "r"),
        lambda: list(rules.list(workspace)),
        lambda: result(rules.begin_remove(workspace, "r")),
        lambda: result(client.workspaces.begin_diagnose(workspace)),
        lambda: result(client.workspaces.begin_provision_network(workspace_name=workspace)),
        lambda: result(client.workspaces.begin_sync_keys(workspace)),
        lambda: list(client.compute.list_usage()),
        lambda: client.compute.enable_sso(name="ci"),
        lambda: result(client.compute.begin_attach(machine)),
    )
with case("packages of models, imports of data, deleting a job; mounting, which needs another package"):
    package = e.ModelPackage(target_environment="t", inferencing_server=e.AzureMLOnlineInferencingServer())
    imported = e.DataImport(
        name="x", source=Database(query="q", connection="azureml:c"), path="azureml://datastores/workspaceblobstore/paths/x"
    )
    refused(
        lambda: client.models.package("m", "1", package),
        lambda: client.data.import_data(imported),
        lambda: result(client.jobs.begin_delete("nothing")),
    )
    for ask in (
        lambda: list(client.data.list_materialization_status("x")),
        lambda: client.data.mount("azureml:x:1", mount_point=str(work / "data")),
        lambda: client.datastores.mount("workspaceblobstore", mount_point=str(work / "store")),
    ):
        with ended_by_the_client():
            ask()

with case("deployments that are no model's and no script's: clusters, images with a server, models of a registry, collected data"):
    endpoints, deployments = client.online_endpoints, client.online_deployments
    result(endpoints.begin_create_or_update(e.ManagedOnlineEndpoint(name="refusals")))
    (work / "kept").mkdir()
    (work / "kept" / "weights.txt").write_text("x")
    kept = client.models.create_or_update(Model(name="kept", path=str(work / "kept")))
    route = {"port": 8501, "path": "/"}
    server = Environment(
        name="server", version="1", image="docker.io/x/y",
        inference_config={"liveness_route": route, "readiness_route": route, "scoring_route": route},
    )

    def deployment(name, model=kept, **more):
        return e.ManagedOnlineDeployment(
            name=name, endpoint_name="refusals", model=model, instance_type="Standard_DS3_v2", instance_count=1, **more
        )

    collected = e.DataCollector(collections={"model_inputs": e.DeploymentCollection(enabled="true")})
    refused(
        lambda: result(endpoints.begin_create_or_update(e.KubernetesOnlineEndpoint(name="clustered", compute="k8s", auth_mode="key"))),
        lambda: result(deployments.begin_create_or_update(deployment("container", environment=server))),
        lambda: result(deployments.begin_create_or_update(deployment("bare", model=None, environment=server))),
        lambda: result(deployments.begin_create_or_update(deployment("catalog", model="azureml://registries/azureml/models/x/versions/1"))),
        lambda: result(deployments.begin_create_or_update(deployment("collecting", data_collector=collected))),
    )
    assert list(deployments.list("refusals")) == []
    result(endpoints.begin_delete("refusals"))

with case("jobs and components are validated by the client; a component is downloaded, without its code, and made ready to be signed"):
    (work / "code").mkdir()
    (work / "code" / "run.py").write_text("print('hi')\n")
    client.environments.create_or_update(Environment(name="plain", version="1", image="mcr.microsoft.com/x"))
    (work / "component.yml").write_text(
        "name: hello\nversion: 1\ntype: command\ncommand: python run.py\ncode: ./code\nenvironment: azureml:plain:1\n"
    )
    component = load_component(work / "component.yml")
    assert client.components.validate(component).passed
    client.components.create_or_update(component)
    # The client takes code from hosts of the public cloud only.
    with ended_by_the_client():
        client.components.download("hello", work / "down", version="1")
    (work / "bare.yml").write_text("name: bare\nversion: 1\ntype: command\ncommand: echo hi\nenvironment: azureml:plain:1\n")
    client.components.create_or_update(load_component(work / "bare.yml"))
    client.components.download("bare", work / "bare", version="1")
    assert list((work / "bare").rglob("component_spec.yaml")), list((work / "bare").rglob("*"))
    client.components.prepare_for_sign(load_component(work / "component.yml"))
    assert client.jobs.validate(command(command="echo", environment="azureml:plain:1", compute="serverless")).passed
with case("an evaluator is a model with a property"):
    (work / "evaluator").mkdir()
    (work / "evaluator" / "flow.flex.yaml").write_text("entry: run:main\n")
    properties = {"is-evaluator": "true", "is-promptflow": "true"}
    made = client.evaluators.create_or_update(Model(name="evaluator", version="1", path=str(work / "evaluator"), properties=properties))
    assert made.properties["is-evaluator"] == "true", made.properties
    assert client.evaluators.get("evaluator", version="1").name == "evaluator"
    assert [each.version for each in client.evaluators.list("evaluator")] == ["1"]
    client.evaluators.download("evaluator", "1", work / "evaluated")
    assert list((work / "evaluated").rglob("flow.flex.yaml"))

report()
