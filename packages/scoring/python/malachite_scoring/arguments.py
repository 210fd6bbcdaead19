"""What run() is called with. The real server's three ways: the body as text, the parameters of a schema, the request itself."""
import inspect
import json
from urllib.parse import parse_qsl


class BadInput(Exception):
    """The caller's fault, in the real server's words."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def text_arguments(parameter):
    """An undecorated run() gets the body as it is, or a query as JSON."""

    def arguments(request, body):
        if request["method"] == "GET":
            return {parameter.name: json.dumps(query_values(request["query"]))}
        try:
            return {parameter.name: str(body, "utf-8")}
        except UnicodeDecodeError as error:
            raise BadInput(400, f"Input cannot be decoded as UTF-8: {error}") from None

    return arguments


def schema_arguments(parameters):
    """A run() with @input_schema gets the values of a JSON object by name."""

    def arguments(request, body):
        values = query_values(request["query"]) if request["method"] == "GET" else json_object(request, body)
        found = {parameter.name: values.get(parameter.name, parameter.default) for parameter in parameters}
        for name, value in found.items():
            if value is inspect.Parameter.empty:
                raise BadInput(400, f"A value is not provided for the {name!r} parameter.")
        return found

    return arguments


def raw_arguments(parameter, to_request):
    """A run() with @rawhttp gets the request."""
    return lambda request, body: {parameter.name: to_request(request, body)}


def json_object(request, body):
    """The body of a POST. BadInput when it is no JSON object, or not sent as one."""
    if not is_json(header(request, "content-type")):
        raise BadInput(415, "Expects Content-Type to be application/json")
    if not body:
        raise BadInput(400, "POST body is empty. Expecting a JSON dictionary.")
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput(400, f"POST body could not be decoded as JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadInput(400, "POST body should be a JSON dictionary.")
    return values


def query_values(query):
    """`a=1&b=x&a=2` is {"a": [1, 2], "b": "x"}: each value is read as JSON where it is some."""
    found = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(_json_or_text(text))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def header(request, name):
    return next((value for key, value in request["headers"] if key.lower() == name), "")


def is_json(content_type):
    media_type = content_type.split(";", 1)[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _json_or_text(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
