"""The settings of production, with the static files in the bench's own folder and one more address."""

from pathlib import Path

from network.settings import *  # noqa: F403 - a settings file on top of the other
from network.settings import MEDIA

STATIC_ROOT = Path(MEDIA) / "static"
ROOT_URLCONF = "tests.bench.urls"
