"""How the code is laid out. Who may import whom is checked by import-linter (`./run check`)."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("network", "cities", "exchange", "applications")
MODULES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and path.read_text(encoding="utf-8").strip()
)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
OWN_STATICS = sorted(
    path
    for path in (ROOT / "static").rglob("*")
    if path.suffix in {".css", ".js", ".svg"} and "vendor" not in path.parts
)
MODULE_LENGTH, VIEW_LENGTH = 400, 25


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- Python


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_then_it_says_in_one_sentence_what_it_is_for_and_is_short(path):
    text = path.read_text(encoding="utf-8")
    purpose = ast.get_docstring(ast.parse(text))
    assert purpose, "no docstring"
    assert purpose.splitlines()[0].rstrip().endswith((".", ":", ")", "?")) or "\n" in purpose
    assert len(text.splitlines()) <= MODULE_LENGTH, "past this length a module becomes a package split by noun"


def _views() -> list[tuple[str, int, str]]:
    """(where, lines, source) of every public function of the modules of views, and of every method of their classes."""
    found = []
    for path in MODULES:
        if path.parent.name != "views" and not path.stem.startswith("views"):
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                source = ast.get_source_segment(text, node) or ""
                found.append((f"{name(path)}: {node.name}", node.end_lineno - node.lineno + 1, source))
    return found


def test_views_then_each_is_short():
    assert _views()
    assert [(where, lines) for where, lines, _source in _views() if lines > VIEW_LENGTH] == []


def test_views_then_they_build_no_conditions_ask_no_flags_and_send_no_mail():
    forbidden = re.compile(r"\bQ\(|is_staff|is_superuser|send_mail|EmailMessage|\.status\s*=[^=]")
    assert [(where, found[0]) for where, _lines, source in _views() if (found := forbidden.search(source))] == []


def test_states_of_applications_then_only_actions_write_them():
    """A move is one function; nobody else assigns a state, nor fills one in by an update."""
    writes = re.compile(
        r"(?<!self)\.state\s*(?:=[^=]|,.*=)|(?<!Q\()\bstate=State\.[A-Z_]+\s*\)\s*$|update\([^)]*\bstate=", re.M
    )
    own = [path for path in MODULES if path.is_relative_to(ROOT / "applications") and path.parent.name != "actions"]
    found = {name(path): writes.findall(path.read_text(encoding="utf-8")) for path in own}
    assert {where: lines for where, lines in found.items() if lines} == {}


@pytest.mark.parametrize("folder", APPS)
def test_modules_then_none_is_a_box_for_everything(folder):
    boxes = {"utils.py", "helpers.py", "mixins.py", "common.py", "misc.py", "signals.py"}
    assert [name(path) for path in (ROOT / folder).rglob("*.py") if path.name in boxes] == []


# --- templates, styles, scripts


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_then_nothing_inline_and_nothing_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    if path.name == "frame.html":  # of a letter: a mail has no other place for its styles
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    assert re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.I) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
    loads = re.findall(r"<(?:script|img|use|iframe|source|link)\b[^>]*?(?:src|href)=[\"'](?:https?:)?//[^\"']*", text)
    assert loads == []
    if path.suffix == ".html":  # a letter is plain text
        assert re.findall(r"\|safe\b|autoescape off", text.replace("field.help_text|safe", "")) == []


@pytest.mark.parametrize("path", OWN_STATICS, ids=name)
def test_style_or_script_then_it_names_no_other_host(path):
    text = (
        path.read_text(encoding="utf-8")
        .replace("http://www.w3.org/2000/svg", "")
        .replace("http://www.w3.org/1999/xlink", "")
    )
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", text, re.I) == []
    assert re.findall(r"\beval\(|innerHTML\s*=|document\.write|new Function", text) == []


# --- colours (WCAG 2.2, relative luminance and contrast ratio)


def _tokens() -> list[dict[str, str]]:
    """The colours of the light and of the dark ground: the first two :root blocks."""
    text = (ROOT / "static/css/base.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root\s*\{(.*?)\}", text, re.S)[:2]
    light, dark = (dict(re.findall(r"--cn-([\w-]+):\s*(#[0-9A-Fa-f]{6})\s*;", block)) for block in blocks)
    return [light, light | dark]


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


ACCENTS = ("petrol", "raspberry", "amber", "violet", "green", "steel", "brick", "olive")
FEEDBACK = ("done", "attention", "error", "info")
PAIRS = (
    [(text, ground, 7.0) for text in ("ink", "muted", "action", *ACCENTS) for ground in ("page", "surface")]
    + [("ink", ground, 7.0) for ground in ("sea", "land", "action-tint")]
    + [("action-hover", "page", 7.0), ("on-action", "action", 7.0), ("on-action", "action-hover", 7.0)]
    + [("on-footer", "footer", 7.0)]
    + [(mark, ground, 3.0) for mark in (*(f"{accent}-mark" for accent in ACCENTS), "other", "control")
       for ground in ("page", "surface", "land", "sea")]
    + [(word, f"{word}-tint", 7.0) for word in FEEDBACK]
    + [(word, "page", 7.0) for word in FEEDBACK]
)  # fmt: skip


@pytest.mark.parametrize("ground", [0, 1], ids=["light", "dark"])
def test_colours_then_every_pair_has_its_contrast(ground):
    tokens = _tokens()[ground]
    weak = {
        f"{text} on {behind}": round(contrast(tokens[text], tokens[behind]), 2)
        for text, behind, least in PAIRS
        if contrast(tokens[text], tokens[behind]) < least
    }
    assert weak == {}


def test_colours_then_the_dark_ground_has_its_own_value_for_every_colour_that_needs_one():
    light, dark = _tokens()
    needed = {text for text, _ground, _least in PAIRS} - {"on-footer"}
    assert {token for token in needed if light[token] == dark[token]} == set()


def test_contrast_then_as_the_standard_computes_it():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21.0
    assert round(contrast("#767676", "#FFFFFF"), 2) == 4.54


def test_accents_and_shapes_then_each_choice_has_its_colour_and_its_drawing():
    from network.models.network import Accent, Shape  # noqa: PLC0415 - the other tests here need no Django

    icons = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    styles = "".join(path.read_text(encoding="utf-8") for path in OWN_STATICS if path.suffix == ".css")
    assert set(Accent.values) == set(ACCENTS)
    assert [shape for shape in Shape.values if f'id="{shape}"' not in icons] == []
    assert [accent for accent in Accent.values if f".accent-{accent}" not in styles] == []


def test_headings_of_pages_then_no_template_skips_a_level_by_itself():
    """Within one file; whole pages are checked as they are drawn (tests/guards.py)."""
    for path in TEMPLATES:
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", path.read_text(encoding="utf-8"))]
        assert [(name(path), a, b) for a, b in pairwise(levels) if b > a + 1] == []
