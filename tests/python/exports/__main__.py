"""Makes exports of every kind with Python's own tools, and asks Python's onnxruntime: `python tests/python/exports FOLDER`.

Prints the names of what was made as a JSON list.
"""
import importlib
import json
import multiprocessing
import pathlib
import sys
import warnings

MODULES = ["classifiers", "regressors", "pipelines", "boosters", "graphs", "operators"]


def make(module: str, folder: pathlib.Path) -> list[str]:
    warnings.simplefilter("ignore")
    made = []
    for export in importlib.import_module(module).exports():
        export.write(folder)
        made.append(export.name)
    return made


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        made = pool.starmap(make, [(module, folder) for module in MODULES], chunksize=1)
    print(json.dumps(sum(made, [])))
