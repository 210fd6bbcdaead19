"""Prints and log records in the real inference server's layout: `2022-12-24 07:37:53,779 I [32756] azmlinfsrv.print - text`."""
import builtins
import logging
import os
import sys
import time

LAYOUT = "%(asctime)s %(levelname).1s [%(process)d] %(name)s - %(message)s"

logger = logging.getLogger("azmlinfsrv")

_print = builtins.print
_print_logger = logging.getLogger("azmlinfsrv.print")


def _printed(*values, sep=" ", end="\n", file=None, flush=False):
    """print() of the script: what goes to the standard output becomes a record, the rest goes where it should."""
    if file is None or file is sys.stdout:
        _print_logger.info((" " if sep is None else sep).join(map(str, values)))
    else:
        _print(*values, sep=sep, end=end, file=file, flush=flush)


def begin_logs():
    """AZUREML_LOG_LEVEL is the real server's variable; INFO."""
    formatter = logging.Formatter(LAYOUT)
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AZUREML_LOG_LEVEL", "INFO").upper()
    root.setLevel(level if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL") else "INFO")
    builtins.print = _printed
