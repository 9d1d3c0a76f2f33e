"""A stand-in for the virus scanner's server: speaks clamd's INSTREAM over a socket of this machine, and knows one
virus, the test file EICAR."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Scanner:
    """What it was sent, and how it behaves: `silent` never answers, `full` says that the file is too large."""

    def __init__(self) -> None:
        self.behaviour = ""
        self.seen: list[bytes] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.place = ("127.0.0.1", self.server.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
        self.seen.append(content)
        if self.behaviour == "silent":
            return
        if self.behaviour == "full":
            connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            connection.sendall(b"stream: Eicar-Signature FOUND\0" if b"EICAR-STANDARD" in content else b"stream: OK\0")


@contextmanager
def running() -> Iterator[Scanner]:
    scanner = Scanner()
    thread = threading.Thread(target=scanner.serve, daemon=True)
    thread.start()
    try:
        yield scanner
    finally:
        scanner.server.shutdown(socket.SHUT_RDWR)
        scanner.server.close()
        thread.join(timeout=5)
