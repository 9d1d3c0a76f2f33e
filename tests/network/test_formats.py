"""Numbers, dates and positions as the reader's language writes them."""

import pytest
from django.utils import translation

from network.dates import readable
from network.templatetags.portal import coordinate, json_ld, number, partial_date


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1005, "1005", "1,005"),
        (9999, "9999", "9,999"),
        (10_000, "10\u202f000", "10,000"),
        (143_345, "143\u202f345", "143,345"),
        (12_400_232, "12\u202f400\u202f232", "12,400,232"),
        (-20_000, "-20\u202f000", "-20,000"),
    ],
)
def test_number_then_thousands_are_set_apart_as_the_language_does(value, german, english):
    with translation.override("de"):
        assert number(value) == german
    with translation.override("en"):
        assert number(value) == english


def test_number_with_decimals_then_the_languages_own_sign():
    with translation.override("de"):
        assert number(1234.5, 1) == "1234,5"
    with translation.override("en"):
        assert number(1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("2025-12-04", "4. Dezember 2025", "4 December 2025"),
        ("2025-12", "Dezember 2025", "December 2025"),
        ("2025", "2025", "2025"),
        ("2026-03-01", "1. März 2026", "1 March 2026"),
    ],
)
def test_partial_date_then_as_much_as_is_known(value, german, english):
    with translation.override("de"):
        assert partial_date(value) == readable(value) == german
    with translation.override("en"):
        assert partial_date(value) == readable(value) == english


@pytest.mark.parametrize(
    ("value", "axis", "german", "english"),
    [
        (49.40768, "lat", "49,41°", "49.41° N"),
        (-33.9, "lat", "33,90°", "33.90° S"),
        (8.69, "lon", "8,69°", "8.69° E"),
        (-70.6, "lon", "70,60°", "70.60° W"),
        (0, "lat", "0,00°", "0.00° N"),
    ],
)
def test_coordinate_then_with_its_direction(value, axis, german, english):
    with translation.override("de"):
        assert coordinate(value, axis).startswith(german)
    with translation.override("en"):
        assert coordinate(value, axis) == english


def test_json_ld_then_nothing_in_it_ends_the_block():
    block = json_ld({"name": "</script><script>alert('ä & b')</script>"})
    assert block.count("<") == 2
    assert block.count(">") == 2
    assert "ä" in block
