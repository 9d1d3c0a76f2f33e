"""Tests of the directory may use the real data."""

from tests.data import directory_in_step, real_data, real_rows

__all__ = ["directory_in_step", "real_data", "real_rows"]
