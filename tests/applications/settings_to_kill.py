"""The settings of the portal that is killed: as for all tests, but its database keeps what it has acknowledged.

Each web process starts a database that sleeps, so it may be the one that brings a killed database back.
"""

from tests.settings import *  # noqa: F403 - a settings file on top of the other
from tests.settings import DATABASES

DATABASES = {"default": {**DATABASES["default"], "OPTIONS": {}}}
