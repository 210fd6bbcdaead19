"""The request that a run() with @rawhttp sees: Flask's own where the user's Python has Flask, else the shim's."""
from io import BytesIO

try:
    from flask import Flask
except ImportError:
    Flask = None


def request_factory():
    """A function of (request head, body) to a request object."""
    if Flask is None:
        from azureml_inference_server_http.api.aml_request import AMLRequest

        return lambda head, body: AMLRequest(head["method"], head["path"], head["query"], head["headers"], body)
    app = Flask("azmlinfsrv")

    def flask_request(head, body):
        context = app.request_context(_environment(head, body))
        # Left in force: scripts may use flask.request too. The next request replaces it.
        context.push()
        return context.request

    return flask_request


def title_headers(head):
    """Names as WSGI servers write them: `Content-Type`."""
    return {name.title(): value for name, value in head["headers"]}


def _environment(head, body):
    """PEP 3333."""
    environment = {
        "REQUEST_METHOD": head["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": head["path"],
        "QUERY_STRING": head["query"],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": None,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in head["headers"]:
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environment[key] = value
        elif key != "CONTENT_LENGTH":
            environment["HTTP_" + key] = value
    return environment
