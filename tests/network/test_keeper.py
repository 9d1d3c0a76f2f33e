"""The demo's keeper: the worker runs again after it fell, the daily job runs, and nothing is left at the end."""

import os
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def portal(tmp_path):
    """A manage.py that notes what it is called for; its worker falls the first time."""
    (tmp_path / "manage.py").write_text(
        dedent("""
            import os, sys, time
            from pathlib import Path
            notes = Path(__file__).with_name("notes")
            before = notes.read_text() if notes.exists() else ""
            with notes.open("a") as lines:
                lines.write(f"{sys.argv[1]} {os.getpid()}\\n")
            if sys.argv[1] == "worker":
                sys.exit(3) if "worker" not in before else time.sleep(60)
        """)
    )
    return tmp_path


def a_keeper(portal, demo="os.getppid()"):
    code = f"""
        import os
        from pathlib import Path
        from network import keeper
        keeper.MANAGE, keeper.SHORT = Path({str(portal / "manage.py")!r}), 0.1
        keeper.stop_when_told()
        keeper.keep({demo})
    """
    return subprocess.Popen([sys.executable, "-c", dedent(code)], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def calls(portal, *, at_least):
    """What was called, and in which process."""
    notes = portal / "notes"
    end = time.monotonic() + 20
    while time.monotonic() < end:
        lines = notes.read_text().split("\n")[:-1] if notes.exists() else []
        if len(lines) >= at_least:
            return [(word, int(pid)) for word, pid in (line.split() for line in lines)]
        time.sleep(0.05)
    pytest.fail(f"fewer than {at_least} calls")


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_worker_when_it_falls_then_it_is_said_and_started_again_and_ends_with_the_keeper(portal):
    keeper = a_keeper(portal)
    called = calls(portal, at_least=3)
    assert sorted(word for word, _pid in called) == ["daily", "worker", "worker"]
    second = [pid for word, pid in called if word == "worker"][1]
    assert is_alive(second)
    keeper.terminate()
    _out, said = keeper.communicate(timeout=20)
    assert keeper.returncode == 0
    assert said == "The worker fell (exit 3); it is started again in 0 s.\n"
    assert not is_alive(second)


def test_demo_when_it_is_gone_then_the_keeper_ends_by_itself_and_takes_the_worker_along(portal):
    (portal / "notes").write_text("worker 1\n")  # so that it does not fall
    keeper = a_keeper(portal, demo="-1")
    keeper.communicate(timeout=20)
    assert keeper.returncode == 0
    assert [is_alive(pid) for word, pid in calls(portal, at_least=1)[1:]] in ([], [False])
