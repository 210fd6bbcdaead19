"""The response of a script that sets status and headers itself. Source: https://learn.microsoft.com/azure/machine-learning/how-to-deploy-online-endpoints"""
import json


class AMLResponse:
    """`AMLResponse(message, status_code, response_headers={}, json_str=False, run_function_failed=False)`."""

    def __init__(self, message, status_code, response_headers=None, json_str=False, run_function_failed=False):
        headers = dict(response_headers or {})
        content_type = next((name for name in headers if name.lower() == "content-type"), None)
        if message is None or json_str:
            self._body = json.dumps({} if message is None else message).encode()
            content_type_value = "application/json"
        else:
            self._body = message if isinstance(message, bytes) else str(message).encode()
            content_type_value = "text/html; charset=utf-8" if content_type is None else headers.pop(content_type)
        self.status_code = status_code
        self.headers = _HeaderList([("Content-Type", content_type_value), ("x-ms-run-function-failed", run_function_failed)])
        for name, value in headers.items():
            for part in str(value).split(","):
                self.headers.add_header(name, part.strip())

    def get_data(self, as_text=False):
        return self._body.decode() if as_text else self._body


class _HeaderList:
    """Headers in their order; a name may come twice."""

    def __init__(self, pairs):
        self._pairs = list(pairs)

    def items(self):
        return list(self._pairs)

    def get(self, name, default=None):
        return next((value for key, value in self._pairs if key.lower() == name.lower()), default)

    def add(self, name, value):
        self._pairs.append((name, value))

    add_header = add

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name, value):
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != name.lower()] + [(name, value)]
