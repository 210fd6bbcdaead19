"""Messages over a stream: two lengths (unsigned 32 bit, big endian), a head in JSON, a body of any bytes. `src/scripts/frames.ts` is the other side."""
import json
import struct

LENGTHS = struct.Struct(">II")


class Frames:
    """Frames over a connected socket."""

    def __init__(self, connection):
        self._reader = connection.makefile("rb")
        self._connection = connection

    def read(self):
        """The next (head, body); None when the other side has gone."""
        lengths = self._reader.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return None
        head_length, body_length = LENGTHS.unpack(lengths)
        head = self._reader.read(head_length)
        body = self._reader.read(body_length)
        if len(head) < head_length or len(body) < body_length:
            return None
        return json.loads(head), body

    def write(self, head, body=b""):
        encoded = json.dumps(head).encode()
        # One send for small answers; a large body is not copied.
        if len(body) < 65536:
            self._connection.sendall(LENGTHS.pack(len(encoded), len(body)) + encoded + body)
        else:
            self._connection.sendall(LENGTHS.pack(len(encoded), len(body)) + encoded)
            self._connection.sendall(body)
