"""Cases of a program over azure-ai-ml: each is tried, whatever became of the one before; the last line says what came of all.

A program is written as its users write it; the only thing added is `with case("what it does"):` around the steps.
"""

import functools
import inspect
import json
import os
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

from azure.ai.ml import MLClient
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

outcomes = {}
answered = set()
refused = set()
known = set()


def workspace_client():
    """The client as everybody makes it; the methods of its operations note that they answered."""
    client = MLClient(
        DefaultAzureCredential(),
        os.environ["AZURE_SUBSCRIPTION_ID"],
        os.environ["AZURE_RESOURCE_GROUP"],
        os.environ["AZUREML_WORKSPACE_NAME"],
    )
    for name, operations in inspect.getmembers(MLClient, lambda member: isinstance(member, property)):
        if type(operations).__name__ == "property":
            watch(name, getattr(client, name, None))
    return client


def watch(group, operations):
    if not type(operations).__name__.endswith("Operations"):
        return
    for name, method in inspect.getmembers(operations, callable):
        if name.startswith("_"):
            continue
        known.add(f"{group}.{name}")
        setattr(operations, name, watched(f"{group}.{name}", method))


def watched(name, method):
    @functools.wraps(method)
    def call(*args, **kwargs):
        try:
            result = method(*args, **kwargs)
        except HttpResponseError as error:
            if error.status_code == 501:
                refused.add(name)
            raise
        if inspect.isgenerator(result) or hasattr(result, "by_page"):
            return listed(name, result)
        answered.add(name)
        return result

    return call


def listed(name, items):
    """A list is asked for when it is read."""
    try:
        yield from items
    except HttpResponseError as error:
        if error.status_code == 501:
            refused.add(name)
        raise
    answered.add(name)


@contextmanager
def case(name):
    begun = time.perf_counter()
    try:
        yield
        outcomes[name] = "passed"
    except Exception:  # noqa: BLE001 - whatever it is, it is this case's and not the next one's
        outcomes[name] = traceback.format_exc()
    if "CASES_VERBOSE" in os.environ:
        print(f"{time.perf_counter() - begun:6.2f} {name}: {outcomes[name]}", flush=True)


@contextmanager
def refusal(status):
    """The steps end with an error of that status, with ARM's code and a sentence."""
    try:
        yield
    except HttpResponseError as error:
        assert error.status_code == status, error
        assert error.message, error
        if status == 501:
            assert "coverage" in str(error), error
        return
    raise AssertionError(f"It was not refused with {status}.")


def report():
    # The client leaves a line of dots unended.
    print("\nCASES " + json.dumps({"cases": outcomes, "answered": sorted(answered), "refused": sorted(refused), "known": sorted(known)}))


def mltable(folder, csv):
    """A folder with a table and the MLTable that reads it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data.csv").write_bytes(Path(csv).read_bytes())
    (folder / "MLTable").write_text(
        "paths:\n  - file: ./data.csv\ntransformations:\n  - read_delimited:\n"
        "      delimiter: ','\n      encoding: 'ascii'\n      header: all_files_same_headers\n"
    )
    return str(folder)
