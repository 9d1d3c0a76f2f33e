"""Tests of the exchange may use the real data of the directory."""

from tests.data import directory_in_step, real_data, real_rows

__all__ = ["directory_in_step", "real_data", "real_rows"]
