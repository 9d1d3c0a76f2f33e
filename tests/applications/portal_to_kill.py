"""A whole portal of its own, web server and database, that a test may kill at any moment and start again."""

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from network.embedded import server

CSRF = "a" * 32
WORLD = "tests.applications.world_to_kill"
SETTINGS = "tests.applications.settings_to_kill"


@dataclass
class Answer:
    """What came back: nothing where the connection broke."""

    status: int
    location: str = ""
    body: str = ""

    def json(self) -> Any:
        return json.loads(self.body)


class Portal:
    """Web server and database in a folder under the system's temporary one."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="city-networks-kill-"))
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
        } | {"PORTAL": "demo", "PORTAL_FOLDER": str(self.folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
        self.log = (self.folder / "web.log").open("ab")
        self.web: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def ask(self, word: str) -> Any:
        """Has the module WORLD make or tell something, in a process of its own with the portal's database."""
        done = subprocess.run(
            [sys.executable, "-m", WORLD, word],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start_database(self) -> None:
        server.ensure(self.folder / "postgres", durable=True)

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "network.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", "2",
                "--log-level", "critical", "--no-control-socket",
            ],
            cwd=settings.BASE_DIR, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def kill_web(self) -> None:
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.kills += 1

    def kill_database(self) -> None:
        pid = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self.kills += 1

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + 60
        while self.post("/", {}, session="").status == 0:
            assert time.monotonic() < end, "the portal does not answer"
            time.sleep(0.1)

    def last_words(self) -> str:
        """The end of what the web server has said."""
        return (self.folder / "web.log").read_bytes()[-3000:].decode(errors="replace")

    def post(self, path: str, fields: dict[str, str], *, session: str) -> Answer:
        """A form sent by a person, as their browser's script does; status 0 where nothing came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "X-Requested-With": "fetch",
            "X-Trace": secrets.token_hex(4),
        }
        try:
            connection.request("POST", path, urlencode(fields), headers)
            response = connection.getresponse()
            return Answer(response.status, response.getheader("Location") or "", response.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()

    def end(self) -> None:
        with suppress(AssertionError, ProcessLookupError):
            self.kill_web()
        self.log.close()
        server.stop(self.folder / "postgres")
        shutil.rmtree(self.folder, ignore_errors=True)
