"""The values that answer the questions of a pack: their shapes, when they are empty, how words are counted.

Shapes (JSON), by kind of question:
short_text, long_text  "text"
number                 {"value": "12.5", "year": 2024}       decimals as text; year only where the question asks it
date                   "2027-05-31"
choice                 "key"
several                ["key", …]
rating                 {"key": 1…5, …}
sdgs                   [4, 11]
city_fact              {"value": "330579", "year": 2023, "source": "…", "url": "…", "confirmed": true}
contact                {"name", "office", "organisation", "email", "phone", "function_address", "consent": true}
links                  [{"url": "https://…", "label": "…"}, …]
table                  [{"column key": "text", …}, …]
stakeholders           [{"name": "…", "sector": "…", "date": "2027-01-31"}, …]
document               [12, 15]                              primary keys of documents, in order
confirm                {"confirmed": true, "version": "2027"}
None stands for no answer at all.
"""

import re
from collections.abc import Mapping

from applications.pack import Kind, Pack, Question

type Value = str | int | float | bool | list[Value] | dict[str, Value] | None
type Answers = Mapping[str, Value]

# The same expression is in static/js/application.js (there [\p{L}\p{N}] for [^\W_]), with the same cases in
# tests/applications/words.json: what stands between white space and holds a letter or a digit. The look behind keeps
# it linear on long lines of dashes.
WORD = re.compile(r"(?<!\S)\S*?[^\W_]\S*")


def count_words(text: str) -> int:
    """Words as people count them: a lone dash, bullet or number sign is none, "well-known" is one, "5 %" is one."""
    return len(WORD.findall(text))


def is_empty(value: Value) -> bool:
    """Whether nothing has been said: no text but white space, no item, only empty parts."""
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(is_empty(item) for item in value)
    if isinstance(value, dict):
        return all(is_empty(item) for item in value.values())
    return False


def is_asked(pack: Pack, question: Question, answers: Answers) -> bool:
    """Whether the question's condition holds for these answers, and the question it looks at is asked itself. One
    without condition is always asked. A condition never looks at a later question (applications.pack_checks)."""
    if question.only_if is None:
        return True
    other = pack.questions[question.only_if.question]
    return is_asked(pack, other, answers) and bool(set(question.only_if.any_of) & said(answers.get(other.key)))


def said(value: Value) -> set[str]:
    """The keys an answer of kind choice, several or confirm names."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, list):
        return {str(item) for item in value}
    if isinstance(value, dict) and value.get("confirmed"):
        return {"yes"}
    return set()


def asked(pack: Pack, answers: Answers) -> list[Question]:
    """The questions of a pack that these answers leave to be asked, in order."""
    return [question for question in pack.questions.values() if is_asked(pack, question, answers)]


def documents_of(pack: Pack, answers: Answers) -> list[int]:
    """Primary keys of all documents that asked questions name."""
    named: list[int] = []
    for question in asked(pack, answers):
        value = answers.get(question.key)
        if question.kind is Kind.DOCUMENT and isinstance(value, list):
            named += [item for item in value if isinstance(item, int)]
    return named
