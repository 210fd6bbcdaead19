"""What Malachite starts in the user's own Python: one scoring script, asked over file descriptor 3.

usage: start.py; the environment is that of the real container: AML_APP_ROOT, AZUREML_ENTRY_SCRIPT, AZUREML_MODEL_DIR.
Needs Python 3.8 and nothing that is not in it.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

from malachite_scoring.serve import serve  # noqa: E402  (found beside this file)

if __name__ == "__main__":
    # The script sees the path as it does in the container; ours only where the real packages are absent.
    sys.path.pop(0)
    sys.path.append(os.environ["AML_APP_ROOT"])
    sys.path.append(os.path.join(HERE, "shims"))
    serve()
