"""Every test of applications has an empty folder of uploads."""

import pytest


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An empty folder of uploads."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
