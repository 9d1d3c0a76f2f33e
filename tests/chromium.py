"""Finds a Chromium for the browser tests, or installs the one of Debian where that is possible."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
PLACES = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NONE_HERE = (
    "There is no Chromium here: the browser tests are skipped. "
    "Install one (Debian, Ubuntu: apt install chromium), or name one: CHROMIUM=/path/to/chromium ./run test"
)


def find() -> str | None:
    """The program's path. A wrong CHROMIUM is not passed over in silence: FileNotFoundError."""
    if named := os.environ.get("CHROMIUM"):
        if path := shutil.which(named):
            return path
        raise FileNotFoundError(f"CHROMIUM is {named!r}, but there is no such program.")
    for name in NAMES:
        if path := shutil.which(name):
            return path
    places = [Path(place).expanduser() for place in PLACES]
    return next((str(place) for place in places if place.exists()), None)


def find_or_install(tell: Callable[[str], None]) -> str | None:
    """As `find`, but root on a Debian gets the distribution's own one first."""
    if (path := find()) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return path
    tell("Installing Debian's Chromium for the browser tests (about 120 MB) …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-q", *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            tell(f"apt-get {words[0]} did not succeed: {done.stderr.strip()[-500:]}")
    return find()
