"""`./run test [what pytest takes]`: makes a database in a folder of its own, runs pytest, and removes both."""

import fcntl
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from network import catalogues
from network.embedded import server

PREFIX = "city-networks-tests-"
LOCALE = Path(__file__).resolve().parent.parent / "locale"


def sweep() -> None:
    """Remove what runs have left that were killed; a run that is alive holds its lock."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with suppress(OSError):
            if folder.stat().st_uid != os.geteuid():
                continue
            with (folder / "run.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)


def remove(folder: Path) -> None:
    """Stop the database of the folder and delete all of it."""
    server.stop(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def interrupt(*_: object) -> None:
    """Let the end of a pipeline clean up as Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # where root must really become another user to run a database
    with (folder / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.environ |= {"PORTAL": "demo", "PORTAL_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        try:
            catalogues.compile_all([LOCALE])
            if not os.environ.get("DATABASE_URL"):
                server.ensure(folder / "postgres", durable=False)
            return pytest.main(sys.argv[1:])
        except server.NoServerError as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            remove(folder)


if __name__ == "__main__":
    sys.exit(main())
