"""A user's scoring script: found, imported, and looked at for how its run() wants to be called."""
import importlib.util
import inspect
import os
import sys

from .arguments import raw_arguments, schema_arguments, text_arguments
from .logs import logger
from .raw_request import request_factory


class UnfitScript(Exception):
    """A script that cannot serve, in words for whoever wrote it."""


class Script:
    """`init`, `run`, `arguments` (a function of request and body), `wants_headers`, `schemas` (for the OpenAPI document)."""

    def __init__(self, module):
        self.init = _function(module, "init")
        self.run = _function(module, "run")
        parameters = list(inspect.signature(self.run).parameters.values())
        if any(p.kind not in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
            raise UnfitScript("run() cannot accept positional-only arguments, *args, or **kwargs.")
        self.wants_headers = any(p.name == "request_headers" for p in parameters)
        parameters = [p for p in parameters if p.name != "request_headers"]
        if not parameters:
            raise UnfitScript("run() needs to accept an argument for input data.")
        self.schemas = _schemas(self.run)
        raw = _raw_http_asked()
        if raw and self.schemas is not None:
            raise UnfitScript("run() cannot be decorated with both @rawhttp and @input_schema")
        if raw:
            self.arguments = raw_arguments(parameters[0], request_factory())
            logger.info("run() is decorated with @rawhttp. It is called with the request object.")
        elif self.schemas is not None:
            self.arguments = schema_arguments(parameters)
            logger.info("run() is decorated with @input_schema. It is called with: %s.", ", ".join(p.name for p in parameters))
        else:
            self.arguments = text_arguments(parameters[0])
            logger.info("run() is not decorated. It is called with the input as a JSON string.")


def load_script():
    """Imports AZUREML_ENTRY_SCRIPT, a path from AML_APP_ROOT, as the real server does. Whatever it raises goes on."""
    path = os.path.join(os.environ["AML_APP_ROOT"], os.environ["AZUREML_ENTRY_SCRIPT"])
    specification = importlib.util.spec_from_file_location("entry_module", path)
    if specification is None or specification.loader is None:
        raise UnfitScript(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    driver = getattr(module, "driver_module", None)
    if inspect.ismodule(driver) and hasattr(driver, "run"):
        module.run = driver.run
    logger.info("Found user script at %s", path)
    return Script(module)


def _function(module, name):
    found = getattr(module, name, None)
    if not callable(found):
        raise UnfitScript(f"The script has no {name}() function.")
    return found


def _raw_http_asked():
    """The decorator leaves its mark on its module; who does not import it does not ask."""
    module = sys.modules.get("azureml_inference_server_http.api.aml_request")
    return bool(getattr(module, "_rawHttpRequested", False))


def _schemas(run):
    """Schemas of a run() decorated by inference_schema, else None."""
    if not any(name == "inference_schema" or name.startswith("inference_schema.") for name in sys.modules):
        return None
    from inference_schema import schema_util

    if not schema_util.is_schema_decorated(run):
        return None
    return {"input": schema_util.get_input_schema(run), "output": schema_util.get_output_schema(run)}
