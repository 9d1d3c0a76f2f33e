"""The German catalogue is complete: gathered from templates and code as makemessages does it, without gettext."""

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from babel.messages.extract import extract_python
from django.utils.translation import template

ROOT = Path(__file__).resolve().parent.parent
APPS = ("network", "cities", "exchange", "applications")
CATALOGUE = ROOT / "locale/de/LC_MESSAGES/django.po"
PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
WITH_PLURAL = ("ngettext", "ngettext_lazy")
WITH_CONTEXT = ("pgettext", "pgettext_lazy")
WITH_BOTH = ("npgettext", "npgettext_lazy")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", re.I)

type Key = tuple[str | None, str, str | None]  # context, text, plural


def _key(function: str, message: Any) -> Key:
    words = [message] if isinstance(message, str) else list(message)
    if function in WITH_BOTH:
        return words[0], words[1], words[2]
    if function in WITH_CONTEXT:
        return words[0], words[1], None
    if function in WITH_PLURAL:
        return None, words[0], words[1]
    return None, words[0], None


@cache
def _messages() -> dict[Key, str]:
    """Every text to translate, with the first file it stands in."""
    found: dict[Key, str] = {}
    functions = dict.fromkeys((*PLAIN, *WITH_PLURAL, *WITH_CONTEXT, *WITH_BOTH))
    for path in sorted([*(path for app in APPS for path in ROOT.glob(f"{app}/**/*.py")), *ROOT.glob("templates/**/*")]):
        if not path.is_file() or "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is not to be translated becomes a row of X; Python minds only how far it stands from the left.
            source = "\n".join(line.strip() for line in template.templatize(source).splitlines())
        for _line, function, message, _comments in extract_python(io.BytesIO(source.encode()), functions, (), {}):
            if message is None:  # a variable: its texts are gathered where they stand
                continue
            key = _key(str(function), message)
            if key[1]:
                found.setdefault(key, str(path.relative_to(ROOT)))
    return found


@cache
def _catalogue() -> dict[Key, polib.POEntry]:
    if not CATALOGUE.exists():
        pytest.fail(
            f"there is no {CATALOGUE.relative_to(ROOT)}: run makemessages, which finds {len(_messages())} texts"
        )
    return {(e.msgctxt, e.msgid, e.msgid_plural or None): e for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}


def _said(key: Key) -> str:
    context, text, plural = key
    return f"{context + ': ' if context else ''}{text}{' / ' + plural if plural else ''}"


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_texts_then_they_are_gathered_from_templates_and_code():
    files = set(_messages().values())
    assert len(_messages()) > 150
    assert any(file.startswith("templates/") for file in files)
    assert any(file.endswith(".py") for file in files)
    assert any(plural for _context, _text, plural in _messages())
    assert any(context for context, _text, _plural in _messages())


def test_catalogue_then_no_text_is_missing():
    # One entry serves a text with and without its plural.
    there = {*_catalogue(), *((context, text, None) for context, text, _plural in _catalogue())}
    assert [f"{file}: {_said(key)}" for key, file in _messages().items() if key not in there] == []


def test_catalogue_then_no_text_is_left_over():
    assert [_said(key) for key in _catalogue() if key not in _messages()] == []
    assert [entry.msgid for entry in polib.pofile(str(CATALOGUE)).obsolete_entries()] == []


def test_catalogue_then_nothing_is_empty_or_fuzzy():
    assert [_said(key) for key, entry in _catalogue().items() if not all(_translations(entry))] == []
    assert [_said(key) for key, entry in _catalogue().items() if entry.fuzzy] == []


def test_catalogue_then_placeholders_are_those_of_the_text():
    wrong = []
    for key, entry in _catalogue().items():
        allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for number, text in enumerate(_translations(entry)):
            there = set(PLACEHOLDER.findall(text))
            # The form for one may leave the number out ("Eine Stadt"); all others need every placeholder.
            complete = there == allowed or (entry.msgid_plural and number == 0 and there <= allowed)
            if not complete:
                wrong.append(f"{_said(key)} → {text}")
    assert wrong == []


def test_catalogue_then_space_and_line_ends_at_the_edges_are_kept():
    def edges(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert [_said(key) for key, entry in _catalogue().items()
            if any(edges(text) != edges(entry.msgid) for text in _translations(entry))] == []  # fmt: skip


def test_catalogue_then_german_quotation_marks_and_no_straight_ones():
    def wrong(text: str) -> bool:
        plain = re.sub(r"<[^>]*>", "", text)
        return '"' in plain or "”" in plain or text.count("„") != text.count("“")

    assert [text for entry in _catalogue().values() for text in _translations(entry) if wrong(text)] == []


def test_german_then_readers_are_addressed_formally():
    texts = [text for entry in _catalogue().values() for text in _translations(entry)]
    texts += [path.read_text(encoding="utf-8") for path in ROOT.glob("templates/**/*.de.html")]
    for path in ROOT.glob("network/content/*.json"):
        texts += _german(json.loads(path.read_text(encoding="utf-8")))
    assert [found[0] for text in texts if (found := INFORMAL.search(re.sub(r"<[^>]*>|\{[^}]*\}", " ", text)))] == []


def _german(content: Any) -> list[str]:
    """The German texts of a network's file: all under a key that ends in _de."""
    if isinstance(content, list):
        return [text for part in content for text in _german(part)]
    if not isinstance(content, dict):
        return []
    own = [value for key, value in content.items() if key.endswith("_de") and isinstance(value, str)]
    return own + [text for value in content.values() for text in _german(value)]
