"""What holds for every page: reading it writes nothing; its HTML is sound, accessible and loads nothing from others.

`problems` returns sentences, so that a failing test names all of them at once.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import html5lib
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

READING = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SET CONSTRAINTS|SHOW)\b", re.I)
LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("use", "href"), ("source", "src"), ("video", "src"),
         ("image", "href"), ("object", "data"), ("embed", "src")}  # fmt: skip
LINKS_THAT_LOAD_NOTHING = {"alternate", "canonical", "next", "prev"}


@contextmanager
def only_reads(*, but: tuple[str, ...] = ()) -> Iterator[None]:
    """Fails on any statement that writes; `but` names tables that may be written."""

    def refuse_writing(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        text = str(sql)
        assert READING.match(text) or any(f'"{table}"' in text for table in but), f"a page that is read writes: {text}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_writing):
        yield


def problems(response: HttpResponse, language: str) -> list[str]:
    """Everything that is wrong with a page of HTML in this language."""
    text = response.content.decode()
    policy = response.headers.get("Content-Security-Policy", "")
    found = [] if "default-src 'self'" in policy else ["no Content-Security-Policy"]
    found += [f"the Content-Security-Policy allows {word}" for word in ("unsafe-inline", "unsafe-eval", "*", "http")
              if word in policy]  # fmt: skip
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    lines = text.splitlines()
    found += [f"HTML: {code} {values} near {lines[line - 1][max(0, column - 80) : column + 20]!r}"
              for (line, column), code, values in parser.errors]  # fmt: skip
    if not text.startswith(("<!doctype html>", "<!DOCTYPE html>")):
        found.append("the page does not begin with <!doctype html>")
    return found + _Page(root, language).problems()


class _Page:
    def __init__(self, root: Any, language: str) -> None:
        self.root = root
        self.language = language
        self.elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self.parents = {child: parent for parent in self.elements for child in parent}
        self.ids = Counter(element.get("id") for element in self.elements if element.get("id") is not None)

    def problems(self) -> list[str]:
        found: list[str] = []
        for check in (self._whole, self._headings, self._labels, self._references, self._names, self._inline,
                      self._loads, self._lists, self._links):  # fmt: skip
            found += check()
        return found

    def all(self, *names: str) -> list[Any]:
        return [element for element in self.elements if _name(element) in names]

    def _whole(self) -> Iterator[str]:
        if self.root.get("lang") != self.language:
            yield f"<html lang> is {self.root.get('lang')}, not {self.language}"
        titles = [_text(element) for element in self.all("title") if _name(self.parents[element]) == "head"]
        if len(titles) != 1 or not titles[0]:
            yield f"titles: {titles}"
        if len(self.all("main")) != 1:
            yield "not exactly one <main>"
        yield from (f'the id "{key}" is there {count} times' for key, count in self.ids.items() if count > 1)

    def _headings(self) -> Iterator[str]:
        headings = [(int(_name(h)[1]), _text(h)) for h in self.all("h1", "h2", "h3", "h4", "h5", "h6")]
        if [level for level, _words in headings].count(1) != 1:
            yield f"not exactly one h1: {[words for level, words in headings if level == 1]}"
        before = 0
        for level, words in headings:
            if level > before + 1:
                yield f"h{level} “{words}” follows h{before}"
            if not words:
                yield f"an empty h{level}"
            before = level

    def _labels(self) -> Iterator[str]:
        labels = {label.get("for") for label in self.all("label")}
        for element in self.all(*LABELLED):
            if element.get("type") in NEEDS_NO_LABEL or element.get("aria-label") or element.get("aria-labelledby"):
                continue
            inside = any(_name(above) == "label" and _text(above) for above in self._above(element))
            if not inside and element.get("id") not in labels:
                yield f"no label: <{_name(element)} name={element.get('name')}>"
        yield from ("an empty label" for label in self.all("label") if not _text(label))
        for group in self.all("fieldset"):
            if not any(_name(child) == "legend" and _text(child) for child in group):
                yield "a fieldset without legend"

    def _references(self) -> Iterator[str]:
        for element in self.elements:
            for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                for key in (element.get(name) or "").split():
                    if key not in self.ids:
                        yield f'{name}="{key}" leads nowhere'
            target = element.get("href", "")
            if _name(element) == "a" and target.startswith("#") and target[1:] not in self.ids:
                yield f"the link {target} leads nowhere"

    def _names(self) -> Iterator[str]:
        for element in self.all("a", "button", "summary"):
            if not (element.get("aria-label") or _heard(element)):
                yield f"<{_name(element)} {dict(element.attrib)}> has no words"
        yield from (f"no alt: {dict(image.attrib)}" for image in self.all("img") if image.get("alt") is None)
        for drawing in self.all("svg"):
            if drawing.get("aria-hidden") == "true" or self._hidden(drawing):
                continue
            if drawing.get("role") != "img" or not (drawing.get("aria-label") or drawing.get("aria-labelledby")):
                yield f"a drawing is neither hidden nor named: {dict(drawing.attrib)}"
        for area in self.all("nav"):
            if not (area.get("aria-label") or area.get("aria-labelledby")):
                yield "a <nav> without name"

    def _inline(self) -> Iterator[str]:
        yield from ("a <style> element" for _element in self.all("style"))
        for element in self.elements:
            bad = [name for name in element.attrib if name == "style" or str(name).startswith("on")]
            if bad:
                yield f"<{_name(element)}> has {bad}"
            if any(str(value).strip().lower().startswith("javascript:") for value in element.attrib.values()):
                yield f"<{_name(element)}> runs javascript:"
        for script in self.all("script"):
            if script.get("type") == "application/ld+json":
                json.loads(script.text)
            elif not script.get("src") or (script.text or "").strip():
                yield f"an inline script: {(script.text or '')[:60]!r}"

    def _loads(self) -> Iterator[str]:
        for element in self.elements:
            for name, value in element.attrib.items():
                plain = str(name).rpartition("}")[2].rpartition(":")[2]
                if (_name(element), plain) in LOADS and not _is_own(value):
                    yield f"loads from elsewhere: {value}"
        for link in self.all("link"):
            kinds = set((link.get("rel") or "").split())
            if not kinds <= LINKS_THAT_LOAD_NOTHING and not _is_own(link.get("href", "")):
                yield f"loads from elsewhere: {link.get('href')}"

    def _lists(self) -> Iterator[str]:
        for element in self.all("ul", "ol"):
            if strange := {_name(child) for child in element if isinstance(child.tag, str)} - {"li", "template"}:
                yield f"a list holds {strange}"
            if not len(element):
                yield f"an empty list {dict(element.attrib)}"
        for element in self.all("dl"):
            if strange := {_name(child) for child in element if isinstance(child.tag, str)} - {"dt", "dd", "div"}:
                yield f"a <dl> holds {strange}"
        yield from ("a <th> without scope" for head in self.all("th") if head.get("scope") not in {"col", "row"})

    def _links(self) -> Iterator[str]:
        for element in self.all("a"):
            target = urlsplit(element.get("href", ""))
            if target.scheme in {"http", "https"} and "external" not in (element.get("rel") or "").split():
                yield f"a link to elsewhere without rel=external: {element.get('href')}"
            if element.get("target"):
                yield f"a link opens a window: {element.get('href')}"
            if not target.scheme and not target.netloc and target.path.startswith("/"):
                if target.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
                    continue
                if not _leads_somewhere(target.path):
                    yield f"a link leads nowhere: {target.path}"
        for form in self.all("form"):
            has_token = any(field.get("name") == "csrfmiddlewaretoken" for field in form.iter() if field.tag == "input")
            if (form.get("method") or "get").lower() == "post" and not has_token:
                yield "a form that posts has no token"
            if has_token and (form.get("method") or "get").lower() != "post":
                yield "a form tells its token in the address"

    def _above(self, element: Any) -> Iterator[Any]:
        while (element := self.parents.get(element)) is not None:
            yield element

    def _hidden(self, element: Any) -> bool:
        return any(above.get("aria-hidden") == "true" for above in self._above(element))


def _leads_somewhere(path: str) -> bool:
    language = path.split("/")[1]
    with translation.override(language if language in dict(settings.LANGUAGES) else None):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _heard(element: Any) -> str:
    """The words a screen reader says."""
    if element.get("aria-hidden") == "true":
        return ""
    if element.get("aria-label"):
        return str(element.get("aria-label"))
    words = [element.text or "", element.get("alt") or ""]
    for child in element:
        words += [_heard(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return " ".join("".join(words).split())


def _is_own(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.netloc and (parts.scheme in {"", "data"})
