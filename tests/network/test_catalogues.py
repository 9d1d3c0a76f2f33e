"""Catalogues are compiled without gettext, and only when that is needed."""

import gettext
import os

from network.catalogues import compile_all

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "City"
msgstr "Stadt"

msgid "%(number)s city"
msgid_plural "%(number)s cities"
msgstr[0] "%(number)s Stadt"
msgstr[1] "%(number)s Städte"

#, fuzzy
msgid "Village"
msgstr "Stadt"
"""


def write(folder, text):
    place = folder / "de" / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    (place / "django.po").write_text(text)
    return place


def test_compile_all_then_gettext_reads_words_and_plurals_but_nothing_fuzzy(tmp_path):
    place = write(tmp_path, CATALOGUE)

    compiled = compile_all([tmp_path])

    german = gettext.translation("django", tmp_path, ["de"])
    assert compiled == [place / "django.mo"]
    assert german.gettext("City") == "Stadt"
    assert german.ngettext("%(number)s city", "%(number)s cities", 2) == "%(number)s Städte"
    assert german.gettext("Village") == "Village"
    assert sorted(path.name for path in place.iterdir()) == ["django.mo", "django.po"]


def test_compile_all_when_nothing_has_changed_then_nothing_is_compiled(tmp_path):
    write(tmp_path, CATALOGUE)
    compile_all([tmp_path])

    assert compile_all([tmp_path]) == []


def test_compile_all_when_the_source_is_newer_then_it_is_compiled_again(tmp_path):
    place = write(tmp_path, CATALOGUE)
    compile_all([tmp_path])
    os.utime(place / "django.mo", (1, 1))

    assert compile_all([tmp_path]) == [place / "django.mo"]
