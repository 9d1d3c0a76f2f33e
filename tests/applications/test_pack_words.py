"""Words are counted as people count them; the browser counts the same cases (words.json)."""

import json
from pathlib import Path

import pytest

from applications.answers import count_words

CASES = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_words_then_counted_as_people_do(case):
    assert count_words(case["text"]) == case["words"]


def test_words_when_a_line_of_dashes_never_ends_then_the_answer_does_not_wait():
    assert count_words("-" * 200_000) == 0
    assert count_words("-" * 200_000 + "a") == 1
