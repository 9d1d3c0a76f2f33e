"""The database of demo and tests: made once, found again, stopped; and what it says when it cannot."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from network.embedded import server

CALL_ENSURE = """
import sys
from pathlib import Path
from network.embedded import server
print(server.ensure(Path(sys.argv[1]), durable=False))
"""


@pytest.fixture(scope="module")
def folder():
    """A folder under the system's own temporary one, which other users may enter (root must become one somewhere)."""
    path = Path(tempfile.mkdtemp(prefix="embedded-"))
    if os.geteuid() == 0:
        path.chmod(0o711)
    yield path
    for running in path.rglob("postmaster.pid"):
        server.stop(running.parent)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def data(folder, request):
    """A cluster of the test's own; copied from one, which is faster than to make it."""
    pattern = folder / "pattern"
    server.ensure(pattern, durable=False)
    server.stop(pattern)
    path = folder / f"{abs(hash(request.node.name)):x}"
    subprocess.run(["cp", "-a", pattern, path], check=True)
    yield path
    server.stop(path)


def connect(socket):
    return psycopg.connect(host=str(socket), user="portal", dbname="postgres", autocommit=True)


def test_ensure_when_four_processes_call_at_once_then_there_is_one_cluster(folder):
    data = folder / "four"
    calls = [
        subprocess.Popen(
            [sys.executable, "-c", CALL_ENSURE, data], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]

    answers = [call.communicate(timeout=60)[0] for call in calls]

    assert [call.returncode for call in calls] == [0, 0, 0, 0]
    assert answers == [f"{data}\n"] * 4
    assert server.is_ready(data)
    assert sorted(path.name for path in folder.glob("four*")) == ["four", "four.lock"]


def test_ensure_when_it_was_killed_then_the_rows_are_kept(data):
    with connect(server.ensure(data, durable=False)) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('Köln')")
        connection.execute("CHECKPOINT")
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    with connect(server.ensure(data, durable=False)) as connection:
        rows = connection.execute("SELECT name FROM kept").fetchall()

    assert rows == [("Köln",)]


def test_ensure_when_an_earlier_try_was_broken_off_then_it_starts_anew(folder):
    half = folder / "half.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")

    server.ensure(folder / "half", durable=False)

    assert server.is_ready(folder / "half")
    assert not half.exists()


def test_stop_when_a_server_runs_then_it_stops_and_a_second_stop_says_that_none_ran(data):
    server.ensure(data, durable=False)

    assert server.stop(data) is True
    assert server.is_ready(data) is False
    assert server.stop(data) is False


def test_stop_when_there_is_no_cluster_then_none_is_made(tmp_path):
    assert server.stop(tmp_path / "none") is False
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["n" * 130, "a folder, with “signs”"])
def test_ensure_when_the_path_is_long_or_odd_then_the_socket_is_elsewhere_and_closed_to_others(data, name):
    odd = data.parent / name
    data.rename(odd)

    socket = server.ensure(odd, durable=False)

    with connect(socket) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert socket != odd
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    server.stop(odd)
    shutil.rmtree(socket)


def test_ensure_when_another_version_made_the_cluster_then_it_says_what_to_do(data):
    (data / "PG_VERSION").write_text("12\n")

    with pytest.raises(server.NoServerError) as refusal:
        server.ensure(data, durable=False)

    assert f"{data} was made by PostgreSQL 12, but version" in str(refusal.value)
    assert f"Delete the folder {data} to start the demo anew, or set DATABASE_URL." in str(refusal.value)


def test_ensure_then_only_the_owner_may_enter_and_the_folders_above_are_as_they_were(folder):
    parent = folder / "above"
    parent.mkdir(mode=0o711)
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in (parent, *parent.parents)]

    server.ensure(parent / "data", durable=False)

    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in (parent, *parent.parents)] == before
    assert stat.S_IMODE((parent / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_ensure_when_root_may_not_use_namespaces_then_the_server_is_nobodys(folder, monkeypatch):
    monkeypatch.setattr(server, "_namespaces_work", lambda: False)
    data = folder / "nobody"

    with connect(server.ensure(data, durable=False)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert data.stat().st_uid == server.NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_ensure_when_root_may_not_use_namespaces_below_a_closed_folder_then_it_says_so(folder, monkeypatch):
    monkeypatch.setattr(server, "_namespaces_work", lambda: False)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(server.NoServerError, match="other users may not enter"):
        server.ensure(closed / "data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_ensure_when_the_folder_is_somebody_elses_then_it_says_so(folder):
    closed = folder / "read-only"
    closed.mkdir(mode=0o500)

    with pytest.raises(server.NoServerError, match="You may not write to"):
        server.ensure(closed / "data")


def test_server_then_it_listens_on_no_network_address(data):
    with connect(server.ensure(data, durable=False)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
