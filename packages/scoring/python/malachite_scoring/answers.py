"""What run() returned as an HTTP answer: a response object as it is, anything else as JSON."""
import json

SCRIPT_FAILED = "An unexpected error occurred in scoring script. Check the logs for more info."
INTERNAL_ERROR = "An unexpected internal error occurred. Check the logs for more info."
JSON_HEADERS = [["content-type", "application/json"]]


def answer_of(output):
    """(head, body) of a successful run. TypeError or ValueError when the value has no JSON."""
    if is_response(output):
        headers = [[name.lower(), str(value)] for name, value in output.headers.items()]
        told = [value for name, value in headers if name == "x-ms-run-function-failed"]
        return {
            "status": output.status_code,
            "headers": [pair for pair in headers if pair[0] != "x-ms-run-function-failed"],
            "failed": output.status_code >= 500 or told == ["True"],
        }, output.get_data()
    # None is {}: the real server's.
    return {"status": 200, "headers": JSON_HEADERS, "failed": False}, json.dumps({} if output is None else output).encode()


def message_of(status, message, failed):
    return {"status": status, "headers": JSON_HEADERS, "failed": failed}, json.dumps({"message": message}).encode()


def is_response(output):
    """AMLResponse, real or ours, and flask.Response have these."""
    return hasattr(output, "get_data") and hasattr(output, "status_code") and hasattr(output, "headers")
