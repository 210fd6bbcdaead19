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
known = set()
# The sentences of what was refused as not emulated, and what the client said where it ended before it asked.
refused = {}
unasked = {}


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
        with noted(name):
            result = method(*args, **kwargs)
        if inspect.isgenerator(result) or hasattr(result, "by_page"):
            return listed(name, result)
        if hasattr(result, "add_done_callback"):
            return polled(name, result)
        answered.add(name)
        return result

    return call


@contextmanager
def noted(name):
    try:
        yield
    except HttpResponseError as error:
        if error.response is None:
            unasked[name] = str(error).splitlines()[0][:200]
        elif error.status_code == 501:
            sentence = str(error.message).removeprefix("(NotEmulated) ").split(" See docs/coverage")[0].splitlines()[0]
            refused.setdefault(name, []).append(sentence)
        raise
    except Exception as error:
        unasked[name] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise


def listed(name, items):
    """A list is asked for when it is read."""
    with noted(name):
        yield from items
    answered.add(name)


def polled(name, poller):
    """A long operation has answered when its result is there."""
    result = poller.result

    def noted_result(*args, **kwargs):
        with noted(name):
            value = result(*args, **kwargs)
        answered.add(name)
        return value

    poller.result = noted_result
    answered.add(name)
    return poller


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


@contextmanager
def ended_by_the_client():
    """The steps end with an error of the client's own, before anything is asked."""
    try:
        yield
    except HttpResponseError as error:
        # The client makes some errors of this kind itself, without an answer.
        if error.response is not None:
            raise AssertionError("It was asked.") from error
    except Exception:  # noqa: BLE001 - which one it is the page says
        pass
    else:
        raise AssertionError("It was not ended.")


def report():
    # The client leaves a line of dots unended.
    said = {"cases": outcomes, "answered": sorted(answered), "refused": refused, "unasked": unasked, "known": sorted(known)}
    print("\nCASES " + json.dumps(said))


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
