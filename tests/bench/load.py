"""Asks a server as fast as it answers, over eight connections, in a process of its own.

Reads orders from stdin, one JSON object a line, and writes one a line: so the process stays warm between two orders.
Nothing is parsed that need not be: one request costs it about 0.1 ms, a new connection included, so that it can ask
5,000 times a second, more than two workers answer.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nConnection: close", re.IGNORECASE)
PATIENCE = 30.0  # seconds for one answer


class Connection:
    """One connection that always waits for one answer; a server that closes after each gets a new one."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.parts: list[bytes] = []
        self.missing = -1
        self.start = 0.0

    def ask(self, request: bytes) -> None:
        self.parts, self.missing, self.start = [], -1, time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=PATIENCE)
        self.socket.sendall(request)

    def hear(self) -> tuple[int, int] | None:
        """Status and length of the body once the answer is complete."""
        assert self.socket is not None
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        self.parts.append(data)
        if self.missing < 0:
            head, found, body = b"".join(self.parts).partition(b"\r\n\r\n")
            if not found:
                return None
            length = LENGTH.search(head)
            self.status, self.length = int(head[9:12]), int(length[1]) if length else 0
            self.closes = bool(CLOSES.search(head))
            self.missing = self.length - len(body)
        else:
            self.missing -= len(data)
        if self.missing > 0:
            return None
        if self.closes:
            self.close()
        return self.status, self.length

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def requests(order: dict, host: str) -> Iterator[bytes]:
    """One for each of the paths; with `posts` the forms that are sent to them, each with headers of its own."""
    headers = {"Host": host, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip, br"} | order.get("headers", {})
    posts = order.get("posts") or [None] * len(order["paths"])
    made = (_request(path, headers, post) for path, post in zip(order["paths"], posts, strict=True))
    return cycle(list(made)) if order.get("again", True) else iter(list(made))


def _request(path: str, headers: dict[str, str], post: dict | None) -> bytes:
    if post is None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()
    body = urlencode(post["fields"]).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": len(body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | post["headers"] | form).items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def run(order: dict) -> dict:
    """Load for some seconds; answers under way at the end are waited for but not counted."""
    address = (order["host"], order["port"])
    todo = requests(order, f"{order['host']}:{order['port']}")
    times: list[float] = []
    statuses: dict[int, int] = {}
    total = 0
    with selectors.DefaultSelector() as selector:
        start = time.perf_counter()
        end = start + order["seconds"]

        def ask(connection: Connection) -> None:
            request = next(todo, None)
            if request is None or time.perf_counter() >= end:
                connection.close()
                return
            connection.ask(request)
            assert connection.socket is not None
            selector.register(connection.socket, selectors.EVENT_READ, connection)

        for _ in range(order["connections"]):
            ask(Connection(address))
        last = start
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer for {PATIENCE} s")
            for key, _events in ready:
                connection: Connection = key.data
                answer = connection.hear()
                if answer is None:
                    continue
                now = time.perf_counter()
                selector.unregister(key.fileobj)
                if now < end:
                    times.append(now - connection.start)
                    statuses[answer[0]] = statuses.get(answer[0], 0) + 1
                    total += answer[1]
                    last = now
                ask(connection)
    times.sort()
    count = len(times)
    return {
        "rps": count / (last - start) if count else 0.0,
        "p50": times[count // 2] * 1000 if count else 0.0,
        "p95": times[int(count * 0.95)] * 1000 if count else 0.0,
        "bytes": round(total / count) if count else 0,
        "count": count,
        "statuses": statuses,
    }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
