"""Data, models, environments, components, datastores, computes and the workspace, as the SDK's documentation shows them."""

import sys
import tempfile
from pathlib import Path

from azure.ai.ml import Input, MLClient, command, load_component, load_compute, load_data, load_datastore, load_environment, load_model
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    BuildContext,
    ComputeInstance,
    Data,
    Environment,
    Model,
    Workspace,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from cases import case, mltable, refusal, report, workspace_client

csv = sys.argv[1]
work = Path(tempfile.mkdtemp(prefix="assets-"))
client = workspace_client()


def text(name, content):
    (work / name).write_text(content)
    return work / name


with case("the workspace is got, listed, and there when it is to be created"):
    workspace = client.workspaces.get(client.workspace_name)
    assert workspace.name == client.workspace_name and workspace.mlflow_tracking_uri.startswith("azureml://")
    assert [each.name for each in client.workspaces.list()] == [client.workspace_name]
    assert [each.name for each in client.workspaces.list(scope="subscription")] == [client.workspace_name]
    made = client.workspaces.begin_create(Workspace(name=client.workspace_name, location="eastus", tags={"a": "b"})).result()
    assert made.name == client.workspace_name
    client.workspaces.get_keys(client.workspace_name)
with case("a client from config.json, and one with a managed identity"):
    (work / "config.json").write_text('{"subscription_id": "s", "resource_group": "g", "workspace_name": "w"}')
    configured = MLClient.from_config(DefaultAzureCredential(), path=str(work))
    assert configured.workspaces.get("w").name == "w"
    assert list(MLClient(ManagedIdentityCredential(), "s", "g", "w").compute.list()) is not None
with case("the workspace is not deleted"):
    with refusal(501):
        client.workspaces.begin_delete(client.workspace_name, delete_dependent_resources=True).result()

with case("a file, a folder and an mltable become data; the version counts up"):
    first = client.data.create_or_update(Data(name="a-file", path=csv, type=AssetTypes.URI_FILE, tags={"k": "v"}))
    assert (first.name, first.version, first.type) == ("a-file", "1", "uri_file"), first
    text("more.csv", Path(csv).read_text().upper())
    second = client.data.create_or_update(Data(name="a-file", path=str(work / "more.csv"), type=AssetTypes.URI_FILE))
    assert second.version == "2", second.version
    folder = client.data.create_or_update(Data(name="a-folder", path=mltable(work / "folder", csv), type=AssetTypes.URI_FOLDER))
    table = client.data.create_or_update(
        Data(name="a-table", version="2026.1", path=mltable(work / "table", csv), type=AssetTypes.MLTABLE, description="d")
    )
    assert (folder.type, table.version, table.description) == ("uri_folder", "2026.1", "d")
with case("data is loaded from YAML"):
    yml = text("data.yml", "$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\nname: from-yaml\nversion: 7\n"
               f"description: From YAML\ntags: {{origin: yaml}}\ntype: uri_file\npath: {csv}\n")
    made = client.data.create_or_update(load_data(yml))
    assert (made.version, made.tags["origin"]) == ("7", "yaml"), made
with case("data is got by version and by label, and listed"):
    assert client.data.get("a-file", version="1").tags == {"k": "v"}
    assert client.data.get("a-file", label="latest").version == "2"
    assert [each.version for each in client.data.list(name="a-file")] == ["2", "1"]
    assert {"a-file", "a-folder", "a-table"} <= {each.name for each in client.data.list()}
    assert next(each for each in client.data.list() if each.name == "a-file").latest_version == "2"
with case("data is archived and comes back, a version or all of it"):
    client.data.archive("a-file", version="1")
    assert [each.version for each in client.data.list(name="a-file")] == ["2"]
    client.data.restore("a-file", version="1")
    assert len(list(client.data.list(name="a-file"))) == 2
    client.data.archive("a-folder")
    assert "a-folder" not in {each.name for each in client.data.list()}
    client.data.restore("a-folder")
    assert "a-folder" in {each.name for each in client.data.list()}
with case("tags and description of data change, its path does not"):
    data = client.data.get("a-file", version="1")
    data.tags["more"] = "yes"
    data.description = "later"
    changed = client.data.create_or_update(data)
    assert (changed.tags, changed.description) == ({"k": "v", "more": "yes"}, "later"), changed
    assert client.data.get("a-file", version="1").description == "later"
    try:
        client.data.create_or_update(Data(name="a-file", version="1", path=str(work / "more.csv"), type=AssetTypes.URI_FILE))
        raise AssertionError("other data under the same version")
    except HttpResponseError as error:
        assert error.status_code in (400, 409), error
with case("a file of a datastore becomes data by its address"):
    path = client.data.get("a-file", version="1").path
    made = client.data.create_or_update(Data(name="by-address", path=path, type=AssetTypes.URI_FILE))
    assert made.path == path, made.path
    short = "azureml://datastores/workspaceblobstore/paths/" + path.split("/paths/")[1]
    client.data.create_or_update(Data(name="by-short-address", path=short, type=AssetTypes.URI_FILE))
with case("an address that is not there is an error of the caller's"):
    for path in ("https://127.0.0.1:9/none.csv", "azureml://datastores/workspaceblobstore/paths/nowhere/x.csv"):
        try:
            client.data.create_or_update(Data(name="nowhere", path=path, type=AssetTypes.URI_FILE))
            raise AssertionError("it was taken")
        except HttpResponseError as error:
            assert error.status_code == 400, error
with case("what is not there is not found"):
    for ask in (
        lambda: client.data.get("nothing", version="1"),
        lambda: client.models.get("nothing", version="1"),
        lambda: client.compute.get("nothing"),
        lambda: client.datastores.get("nothing"),
        lambda: client.environments.get("nothing", version="1"),
        lambda: client.online_endpoints.get("nothing"),
    ):
        try:
            ask()
            raise AssertionError("something was found")
        except ResourceNotFoundError:
            pass

with case("a model of a file and of a folder, with a version of its own or the next"):
    pickle = text("model.pkl", "not really")
    model = client.models.create_or_update(
        Model(name="m", path=str(pickle), type=AssetTypes.CUSTOM_MODEL, description="a file", tags={"a": "1"}, properties={"p": "q"})
    )
    assert (model.version, model.type, model.tags) == ("1", "custom_model", {"a": "1"}), model
    assert client.models.create_or_update(Model(name="m", path=str(work / "folder"))).version == "2"
    yml = text("model.yml", "$schema: https://azuremlschemas.azureedge.net/latest/model.schema.json\nname: m\nversion: 9\n"
               f"path: {pickle}\ntype: custom_model\ndescription: From YAML\n")
    assert client.models.create_or_update(load_model(yml)).version == "9"
with case("models are got, listed, downloaded, archived and restored"):
    assert client.models.get("m", label="latest").version == "9"
    assert [each.version for each in client.models.list(name="m")] == ["9", "2", "1"]
    assert "m" in {each.name for each in client.models.list()}
    client.models.download("m", version="1", download_path=work / "down")
    assert (work / "down" / "m" / "model.pkl").read_text() == "not really"
    client.models.download("m", version="2", download_path=work / "down2")
    assert list((work / "down2").rglob("MLTable"))
    client.models.archive("m", version="1")
    assert [each.version for each in client.models.list(name="m")] == ["9", "2"]
    client.models.restore("m", version="1")
    client.models.archive("m")
    assert "m" not in {each.name for each in client.models.list()}
    client.models.restore("m")
    changed = client.models.get("m", version="1")
    changed.tags["b"] = "2"
    assert client.models.create_or_update(changed).tags == {"a": "1", "b": "2"}

conda = text("conda.yml", "name: env\nchannels: [conda-forge]\ndependencies:\n  - python=3.10\n  - pip:\n    - pandas\n")
with case("environments of an image, of conda, of a build context, from YAML"):
    made = client.environments.create_or_update(
        Environment(name="e", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", conda_file=str(conda), description="d")
    )
    assert (made.name, made.version) == ("e", "1") and made.conda_file["dependencies"][0] == "python=3.10", made
    assert client.environments.create_or_update(Environment(name="e", image="mcr.microsoft.com/other")).version == "2"
    (work / "context").mkdir()
    (work / "context" / "Dockerfile").write_text("FROM scratch\n")
    assert client.environments.create_or_update(Environment(name="built", build=BuildContext(path=str(work / "context")))).build
    yml = text("environment.yml", "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\nname: y\nversion: 3\n"
               "image: mcr.microsoft.com/x\nconda_file: conda.yml\n")
    assert client.environments.create_or_update(load_environment(yml)).version == "3"
    assert client.environments.get("e", label="latest").version == "2"
    assert [each.version for each in client.environments.list(name="e")] == ["2", "1"]
    assert {"e", "built", "y"} <= {each.name for each in client.environments.list()}
    client.environments.archive("e", version="1")
    assert [each.version for each in client.environments.list(name="e")] == ["2"]
    client.environments.restore("e", version="1")
with case("components are kept and come back"):
    yml = text("component.yml", "$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\n"
               "name: train\nversion: 1\ndisplay_name: Train\ntype: command\ninputs:\n  data: {type: uri_file}\n  rate: {type: number, default: 0.1}\n"
               "outputs:\n  model: {type: uri_folder}\ncode: ./folder\nenvironment: azureml:e:2\n"
               "command: python train.py --data ${{inputs.data}} --rate ${{inputs.rate}} --out ${{outputs.model}}\n")
    made = client.components.create_or_update(load_component(yml))
    assert (made.name, made.version, made.display_name) == ("train", "1", "Train"), made
    again = client.components.get("train", version="1")
    assert again.command.startswith("python train.py") and set(again.inputs) == {"data", "rate"}, again
    assert client.components.get("train").version == "1"
    assert "train" in {each.name for each in client.components.list()}
    client.components.archive("train", version="1")
    client.components.restore("train", version="1")

with case("datastores: the workspace's own, and another account's kept without its secrets"):
    assert client.datastores.get_default().name == "workspaceblobstore"
    assert client.datastores.get("workspaceartifactstore").type == "AzureBlob"
    mine = AzureBlobDatastore(
        name="mine", account_name="acct", container_name="c", credentials=AccountKeyConfiguration(account_key="c2VjcmV0")
    )
    assert client.datastores.create_or_update(mine).name == "mine"
    yml = text("datastore.yml", "$schema: https://azuremlschemas.azureedge.net/latest/azureBlob.schema.json\nname: theirs\ntype: azure_blob\n"
               "account_name: acct\ncontainer_name: c\n")
    client.datastores.create_or_update(load_datastore(yml))
    assert {"mine", "theirs", "workspaceblobstore"} <= {each.name for each in client.datastores.list()}
    client.datastores.delete("mine")
    assert "mine" not in {each.name for each in client.datastores.list()}

with case("a cluster from YAML is created, scaled, listed and deleted"):
    yml = text("compute.yml", "$schema: https://azuremlschemas.azureedge.net/latest/amlCompute.schema.json\nname: low-pri\ntype: amlcompute\n"
               "size: STANDARD_DS3_v2\nmin_instances: 0\nmax_instances: 2\nidle_time_before_scale_down: 120\ntier: low_priority\n")
    made = client.compute.begin_create_or_update(load_compute(yml)).result()
    assert (made.tier.lower(), made.max_instances, made.idle_time_before_scale_down) == ("low_priority", 2, 120), made
    cluster = client.compute.get("low-pri")
    cluster.max_instances = 4
    cluster.tags = {"t": "1"}
    assert client.compute.begin_update(cluster).result().max_instances == 4
    assert client.compute.get("low-pri").max_instances == 4
    assert "low-pri" in {each.name for each in client.compute.list(compute_type="AmlCompute")}
    assert list(client.compute.list_nodes("low-pri")) == []
    assert client.compute.list_sizes() is not None
    assert client.compute.list_usage() is not None
    client.compute.begin_delete("low-pri").wait()
    assert "low-pri" not in {each.name for each in client.compute.list()}
with case("a compute instance, and starting, stopping and attaching, are refused"):
    with refusal(501):
        client.compute.begin_create_or_update(ComputeInstance(name="ci", size="Standard_DS3_v2")).result()
    client.compute.begin_create_or_update(AmlCompute(name="c1", size="Standard_DS3_v2", max_instances=1)).result()
    for method in (client.compute.begin_stop, client.compute.begin_start, client.compute.begin_restart):
        with refusal(501):
            method("c1").result()
    client.compute.begin_delete("c1", action="Detach").wait()
with case("command jobs and registries are refused"):
    job = command(
        code=str(work / "folder"), command="python train.py ${{inputs.data}}", environment="azureml:e:2", compute="serverless",
        inputs={"data": Input(type="uri_file", path=csv)},
    )
    with refusal(501):
        client.jobs.create_or_update(job)
    with refusal(501):
        list(client.registries.list())
with case("connections, features and other things without a port are refused, not missing"):
    for ask in (
        lambda: list(client.connections.list()),
        lambda: list(client.feature_sets.list()),
        lambda: list(client.batch_endpoints.list()),
        lambda: list(client.schedules.list()),
        lambda: list(client.serverless_endpoints.list()),
    ):
        with refusal(501):
            ask()

report()
