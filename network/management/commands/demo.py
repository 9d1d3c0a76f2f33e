"""Starts the whole portal in one terminal: database, data, demo people, web server and worker."""

import contextlib
import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.urls import reverse
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from network import catalogues, keeper, statics
from network.embedded import server

ADDRESS = "127.0.0.1"
LOCK = "demo.lock"
LAST_PORT = 65535


def running(folder: Path) -> int | None:
    """The process id of the demo that runs in this folder."""
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        text = (folder / LOCK).read_text()
        return int(text) if text.isdigit() else None
    return None


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; refuse when another demo holds it."""
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandError(
                f"The demo of this folder is running already (process {lock.read()}). Stop it first: ./run stop"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def free_port() -> int:
    """The port to serve on, asked for before the long part of the start."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 0 < int(text) <= LAST_PORT:
        raise CommandError(
            f"PORT is {text!r}, but expects a number from 1 to {LAST_PORT}. Example: PORT=8080 ./run demo"
        )
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, int(text)))
        except PermissionError:
            raise CommandError(f"You may not use port {text}. Choose another one: PORT=8080 ./run demo") from None
        except OSError:
            other = int(text) + 1 if int(text) < LAST_PORT else 8080
            raise CommandError(
                f"Port {text} is in use by another program. Choose another one: PORT={other} ./run demo"
            ) from None
    return int(text)


def _end_with_the_terminal(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def keep_working() -> subprocess.Popen[bytes]:
    """The worker, in a process group of its own: Ctrl-C is for the web server, which ends the rest in order."""
    command = [sys.executable, "-m", keeper.__name__]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn in this very process, so that one signal ends everything."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"{ADDRESS}:{self.port}",
            "workers": 2,
            # Browsers open connections ahead and leave them idle; the plain worker would wait for them and do nothing.
            "worker_class": "gthread",
            "threads": 1,
            "loglevel": "warning",
            "proc_name": "city-networks",
            "control_socket_disable": True,
            "graceful_timeout": 5,
            "when_ready": lambda _: signal.signal(signal.SIGHUP, _end_with_the_terminal),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


class Command(BaseCommand):
    help = "Starts the portal with database, real data and demo people on http://127.0.0.1:8000 (or PORT)."
    requires_system_checks: list[str] = []
    keeper: subprocess.Popen[bytes] | None = None

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo: PORTAL=demo is not set. Without DATABASE_URL, ./run demo sets it.")
        self.speak()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        main = os.getpid()
        embedded = connection.settings_dict["ENGINE"] == "network.embedded"
        with only_one(settings.DEMO_FOLDER):
            port = free_port()
            try:
                self.prepare(embedded=embedded)
                self.invite(port)
                connections.close_all()
                self.keeper = keep_working()
                Web(port).run()
            except KeyboardInterrupt:
                pass
            finally:
                if os.getpid() == main:  # the web server's workers leave through here, too
                    self.end(embedded=embedded)

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Tell which part of the start is under way, and then how long it took."""
        self.stdout.write(f"· {name} ", ending="")
        self.stdout.flush()
        start = time.monotonic()
        yield
        self.stdout.write(f"{'.' * (44 - len(name))} {time.monotonic() - start:4.1f} s")

    def speak(self) -> None:
        """Compile the translations, and begin anew where one was compiled: Django has read the catalogues by now, and
        reads them once only."""
        with self.part("Translations"):
            compiled = catalogues.compile_all()
        if compiled:
            self.stdout.flush()
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - this very command

    def prepare(self, *, embedded: bool) -> None:
        """Make everything that is not there yet, or not up to date."""
        if embedded:
            with self.part("Database"):
                server.ensure(Path(connection.settings_dict["HOST"]))
        with self.part("Tables"):
            call_command("migrate", interactive=False, verbosity=0)
        with self.part("Styles, scripts, fonts"):
            statics.collect()
        with self.part("Networks"):
            call_command("load_networks", verbosity=0, stdout=io.StringIO())
        if not apps.get_model("cities", "City").objects.filter(is_demo=False).exists():
            with self.part("Cities (the first time only)"):
                call_command("import_cities", settings.BASE_DIR / "cities" / "data", verbosity=0, stdout=io.StringIO())
        with self.part("Programmes and sessions"):
            call_command("load_exchange", verbosity=0, stdout=io.StringIO())
        if not apps.get_model("exchange", "Practice").objects.filter(is_demo=False).exists():
            with self.part("Practices (the first time only)"):
                folder = settings.BASE_DIR / "exchange" / "data"
                call_command("import_practices", folder, verbosity=0, stdout=io.StringIO())
        with self.part("Demo people"):
            call_command("seed_demo", verbosity=0)
        with self.part("Demo practices"):
            call_command("seed_practices", verbosity=0)
        with self.part("Demo sessions"):
            call_command("seed_sessions", verbosity=0)
        with self.part("Calls for applications"):
            call_command("seed_applications", verbosity=0)
        if not apps.get_model("applications", "Application").objects.exists():
            with self.part("Twelve applications (the first time only)"):
                call_command("seed_round", verbosity=0)

    def invite(self, port: int) -> None:
        """Say where the portal is and who may sign in."""
        site = f"http://{ADDRESS}:{port}"
        sign_in = reverse("account_login")
        self.stdout.write(f"\nThe portal runs: {site}/   (stop it with Ctrl-C)\n\nTo sign in: {site}{sign_in}")
        call_command("seed_demo", list=True, stdout=self.stdout)
        self.stdout.write("Mail is not sent but shown here, one line each, and to operators under “Outbox”.\n")
        self.stdout.flush()

    def end(self, *, embedded: bool) -> None:
        """Stop the database; a second Ctrl-C does not interrupt this."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        connections.close_all()
        if self.keeper:
            keeper.end(self.keeper)
        if embedded:
            server.stop(Path(connection.settings_dict["HOST"]))
        with contextlib.suppress(OSError):  # the terminal may be gone
            self.stdout.write("\nThe portal has stopped.")
            self.stdout.flush()
