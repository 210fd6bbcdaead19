"""The life of a script's process: start, init(), then one request after the other until the other side goes."""
import os
import socket
import sys
import threading
import time
import traceback

from .answers import INTERNAL_ERROR, SCRIPT_FAILED, answer_of, message_of
from .arguments import BadInput
from .frames import Frames
from .logs import begin_logs, logger
from .raw_request import title_headers
from .script import UnfitScript, load_script
from .time_limit import ScoringTimeout, time_limit

OWNER_GONE_SECONDS = 1


def serve():
    frames = Frames(socket.socket(fileno=3))
    begin_logs()
    _end_with_owner()
    script = _start(frames)
    if script is None:
        sys.exit(3)
    timeout_ms = int(os.environ.get("SCORING_TIMEOUT_MS", "3600000"))
    while True:
        message = frames.read()
        if message is None:
            return
        request, body = message
        if "probe" in request:
            frames.write({"type": "alive"})
            continue
        started = time.perf_counter()
        head, answer = _answer(script, request, body, timeout_ms)
        head["runMs"] = (time.perf_counter() - started) * 1000
        frames.write(dict(head, type="answer", id=request["id"]), answer)


def _start(frames):
    """The script after its init(); None when it cannot serve, which has been told then."""
    try:
        script = load_script()
        logger.info("Invoking user's init function")
        script.init()
        logger.info("User's init has completed successfully")
    except BaseException as error:  # SystemExit too: a script may call exit()
        logger.error("The script does not start.\n%s", traceback.format_exc())
        frames.write({"type": "failed", "message": str(error) if isinstance(error, UnfitScript) else _in_a_line(error)})
        return None
    frames.write({"type": "ready", "schemas": script.schemas})
    return script


def _answer(script, request, body, timeout_ms):
    """(head, body). `ran` says whether run() was reached and returned."""
    try:
        arguments = script.arguments(request, body)
        if script.wants_headers:
            arguments["request_headers"] = title_headers(request)
        with time_limit(timeout_ms):
            output = script.run(**arguments)
    except BadInput as error:
        return _told(message_of(error.status, error.message, False), ran=False)
    except ScoringTimeout:
        logger.error("run() took longer than %d ms.\n%s", timeout_ms, traceback.format_exc())
        return _told(message_of(500, f"Scoring timeout after {timeout_ms} ms", True), ran=False)
    except Exception:
        logger.error("run() raised an exception.\n%s", traceback.format_exc())
        return _told(message_of(500, SCRIPT_FAILED, True), ran=False)
    try:
        return _told(answer_of(output), ran=True)
    except Exception:
        logger.error("What run() returned cannot be answered.\n%s", traceback.format_exc())
        return _told(message_of(500, INTERNAL_ERROR, False), ran=False)


def _told(answer, ran):
    head, body = answer
    head["ran"] = ran
    return head, body


def _in_a_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())


def _end_with_owner():
    """A run() that never returns must not outlive a server that was killed."""
    owner = os.getppid()

    def watch():
        while os.getppid() == owner:
            time.sleep(OWNER_GONE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="owner").start()
