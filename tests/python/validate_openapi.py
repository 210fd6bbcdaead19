"""Reads a JSON list of [name, document] from stdin; prints how many openapi-spec-validator finds valid, and what is wrong with the others."""
import json
import sys

from openapi_spec_validator import validate

valid, faults = 0, []
for name, document in json.load(sys.stdin):
    try:
        validate(document)
        valid += 1
    except Exception as error:
        faults.append(f"{name}: {type(error).__name__} {error}")
print(json.dumps({"valid": valid, "faults": faults}))
