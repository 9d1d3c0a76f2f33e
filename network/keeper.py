"""Keeps the demo's worker running and does the daily job every hour: `python -m network.keeper`, started by `demo`.

Needs no Django itself. It ends with the demo, however that ends, and takes the worker along.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
HOUR = 3600.0
SHORT, LONG = 3.0, 60.0  # seconds until the worker is started again: twice as long each time, if it keeps falling
GRACE = 10.0


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(MANAGE), *words])  # noqa: S603 - our own commands


def end(process: subprocess.Popen[bytes]) -> None:
    """Let it finish the letter at hand, but not for ever."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def keep(demo: int) -> None:
    """Until the process `demo`, our parent, is gone or somebody stops us."""
    worker, began, pause = start("worker", "--no-reload"), time.monotonic(), SHORT
    daily: subprocess.Popen[bytes] | None = None
    daily_at = time.monotonic()
    try:
        while os.getppid() == demo:
            if worker.poll() is not None:
                pause = SHORT if time.monotonic() - began > LONG else pause
                sys.stderr.write(f"The worker fell (exit {worker.returncode}); it is started again in {pause:.0f} s.\n")
                time.sleep(pause)
                worker, began, pause = start("worker", "--no-reload"), time.monotonic(), min(2 * pause, LONG)
            if time.monotonic() >= daily_at and (daily is None or daily.poll() is not None):
                daily, daily_at = start("daily", "--verbosity=0"), time.monotonic() + HOUR
            time.sleep(0.5)
    finally:
        for process in filter(None, [worker, daily]):
            end(process)


def stop_when_told() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))


if __name__ == "__main__":
    stop_when_told()
    keep(os.getppid())
