"""Asks a scoring endpoint about the two people in payload.json, and prints what it answers.

    python3 endpoint.py --uri http://127.0.0.1:PORT/score --key KEY
    SCORING_URI=... SCORING_KEY=... python3 endpoint.py

Works against Malachite, on this machine or another, and against an Azure Machine Learning online endpoint: the request is the same.
Needs Python 3.9 or newer and nothing else. Exit status: 0 answered, 1 not answered, 2 called wrongly.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
TIMEOUT_SECONDS = 60


class NotAnswered(Exception):
    """The endpoint gave no prediction; the message says why and what to do."""


def score(uri, key, payload, timeout=TIMEOUT_SECONDS):
    """Posts `payload` (bytes of JSON) to `uri` and returns the prediction and the request id (None when the server sent none).

    A model deployed without code answers a JSON string that holds JSON; it is unwrapped here, so that both kinds print alike.
    Raises NotAnswered.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(uri, data=payload, headers=headers, method="POST")
    try:
        with opener_for(uri).open(request, timeout=timeout) as response:
            return unwrap(response.read()), response.headers.get("x-request-id")
    except urllib.error.HTTPError as error:
        raise NotAnswered(explain(error, uri, key)) from error
    except (OSError, HTTPException) as error:  # a URLError is an OSError and carries the real one as its reason
        raise NotAnswered(explain_unreachable(getattr(error, "reason", error), uri)) from error


def opener_for(uri):
    """A proxy set in the environment is for the world outside; it cannot reach this machine's own loopback address."""
    handlers = [urllib.request.ProxyHandler({})] if urlsplit(uri).hostname in LOOPBACK else []
    return urllib.request.build_opener(*handlers)


def unwrap(body):
    try:
        answer = json.loads(body)
        return json.loads(answer) if isinstance(answer, str) else answer
    except ValueError:
        return body.decode("utf-8", "replace")


def explain(error, uri, key):
    """One sentence for an answer that is not a prediction, with the server's own words and the request id to look up in the log."""
    if error.code == 401:
        said = "the key is wrong or no longer valid" if key else "it wants a key and none was given"
        return f"{uri} refused the request (401): {said}. Pass the endpoint's primary or secondary key as --key or SCORING_KEY."
    answer = unwrap(error.read())
    words = answer.get("message", answer) if isinstance(answer, dict) else answer
    request_id = error.headers.get("x-request-id")
    return f"{uri} answered {error.code} {error.reason}: {words}" + (f" (request id {request_id})" if request_id else "")


def explain_unreachable(reason, uri):
    if isinstance(reason, ConnectionRefusedError):
        return f"Nothing listens at {uri} (connection refused). Is the endpoint running, and is the port the one it printed?"
    if isinstance(reason, TimeoutError):
        return f"{uri} did not answer in {TIMEOUT_SECONDS} s."
    return f"{uri} cannot be reached or does not speak HTTP: {reason}"


def arguments():
    parser = argparse.ArgumentParser(description="Send the rows of a JSON file to a scoring endpoint and print its answer.")
    parser.add_argument("--uri", default=os.environ.get("SCORING_URI"), help="scoring URI (default: SCORING_URI)")
    parser.add_argument("--key", default=os.environ.get("SCORING_KEY"), help="primary or secondary key (default: SCORING_KEY)")
    parser.add_argument("--data", type=Path, default=Path(__file__).with_name("payload.json"), help="request body (default: payload.json)")
    given = parser.parse_args()
    if not given.uri:
        parser.error("no scoring URI: pass --uri or set SCORING_URI")
    if urlsplit(given.uri).scheme not in ("http", "https"):
        parser.error(f"the scoring URI must start with http:// or https://, not {given.uri!r}")
    if not given.data.is_file():
        parser.error(f"no such file: {given.data}")
    return given


def main():
    given = arguments()
    try:
        answer, request_id = score(given.uri, given.key, given.data.read_bytes())
    except NotAnswered as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(answer))
    print(f"request id: {request_id or 'none sent'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
