"""`@rawhttp` and the request it asks for: the part of Flask's request that the documentation uses."""
import json
from urllib.parse import parse_qsl

_rawHttpRequested = False


def rawhttp(run):
    """Decorates a run() that is called with the request itself."""
    global _rawHttpRequested
    _rawHttpRequested = True
    return run


class AMLRequest:
    """`method`, `path`, `full_path`, `url`, `query_string`, `args`, `headers`, `content_type`, `data`, `get_data()`, `json`, `get_json()`."""

    def __init__(self, method, path, query, headers, body):
        self.method = method
        self.path = path
        self.full_path = f"{path}?{query}"
        self.query_string = query.encode()
        self.args = _Arguments(parse_qsl(query, keep_blank_values=True))
        self.headers = _Headers((name.title(), value) for name, value in headers)
        self.url = f"http://{self.headers.get('Host', '127.0.0.1')}{path}" + (f"?{query}" if query else "")
        self.content_type = self.headers.get("Content-Type")
        self.data = body

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        return str(self.data, "utf-8") if as_text else self.data

    def get_json(self, force=False, silent=False, cache=True):
        """None when the body is not sent as JSON; ValueError when it is none."""
        if not force and "json" not in (self.content_type or "").lower():
            return None
        try:
            return json.loads(self.data)
        except ValueError:
            if silent:
                return None
            raise

    @property
    def json(self):
        return self.get_json()


class _Arguments(dict):
    """A query's values by name; the first where a name comes twice, as in Flask."""

    def __init__(self, pairs):
        super().__init__(reversed(pairs))
        self._pairs = pairs

    def getlist(self, name):
        return [value for key, value in self._pairs if key == name]


class _Headers(dict):
    """Names are found in any case."""

    def get(self, name, default=None):
        return super().get(name.title(), default)

    def __getitem__(self, name):
        return super().__getitem__(name.title())

    def __contains__(self, name):
        return super().__contains__(name.title())
