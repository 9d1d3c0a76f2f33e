"""A mail server of our own for tests: it takes letters, or refuses, hangs or falls where a test wants it to."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

HANG, CLOSE, TAKE_AND_CLOSE, PAUSE = "hang", "close", "take and close", "pause"


class MailServer(socketserver.ThreadingTCPServer):
    """`script` says what to do instead of taking a letter: the beginning of a line, and an answer or one of the above.

    The line `.` is the end of a letter, `BODY` its first line.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation, bind_and_activate=False)
        # so little that a long letter is still leaving when the server falls
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.server_bind()
        self.server_activate()
        self.script: dict[str, str] = {}
        self.received: list[EmailMessage] = []
        self.lines: list[str] = []
        self.at_hang = threading.Event()
        self.released = threading.Event()

    @property
    def settings(self) -> dict[str, dict[str, object]]:
        """Django's MAILERS for this server, with little patience."""
        options = {"host": "127.0.0.1", "port": self.server_address[1], "timeout": 1}
        return {"default": {"BACKEND": "network.mailers.SMTP", "OPTIONS": options}}

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.received]

    def planned(self, line: str) -> str | None:
        return next((plan for start, plan in self.script.items() if line.upper().startswith(start.upper())), None)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is what some tests want."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example.org ESMTP")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.lines.append(line)
            if line.upper() == "DATA" and not self.server.planned(line):
                self.say("354 go on")
                if not self.take(self.rfile):
                    return
            elif not self.follow(self.server.planned(line)):
                return
            if line.upper() == "QUIT":
                return

    def take(self, lines: Iterator[bytes]) -> bool:
        """One letter, up to the line with a dot; whether the conversation goes on."""
        body = b""
        for line in lines:
            if line == b".\r\n":
                plan = self.server.planned(".")
                if plan in {None, TAKE_AND_CLOSE}:
                    message = message_from_bytes(body, policy=policy.default)
                    assert isinstance(message, EmailMessage)
                    self.server.received.append(message)
                return self.follow(plan)
            if not body and not self.follow(self.server.planned("BODY"), quietly=True):
                return False
            body += line[1:] if line.startswith(b".") else line
        return False

    def follow(self, plan: str | None, *, quietly: bool = False) -> bool:
        if plan in {HANG, PAUSE}:
            self.server.at_hang.set()
            self.server.released.wait(20)
        if plan in {HANG, CLOSE, TAKE_AND_CLOSE}:
            # without the rest of what the client says: the connection is reset at once
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return False
        if not quietly:
            self.say("250 ok" if plan in {None, PAUSE} else plan)
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
