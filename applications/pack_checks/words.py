"""The texts of a pack: both languages there, each its own, nothing left over from drafting."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from applications.answers import count_words
from applications.pack import Pack, texts
from applications.problems import Problem

# Names and titles may be the same in both languages; a sentence hardly ever is.
SAME_WORDS = 4
PLACEHOLDER = re.compile(r"\b(?i:lorem ipsum)\b|\b(?:TODO|FIXME|TBD|XXX+)\b|\?\?\?")


def text_problems(pack: Pack) -> Iterator[Problem]:
    """Findings about every text of the pack."""
    for place, text in texts(pack):
        both = {"de": text.de, "en": text.en}
        for language, words in both.items():
            if not words.strip():
                yield Problem(f"{place}.{language}", _("The text is missing in this language."))
            elif PLACEHOLDER.search(words):
                yield Problem(f"{place}.{language}", _("This text still holds a placeholder."))
        if text.en.strip() == text.de.strip() and count_words(text.de) > SAME_WORDS:
            yield Problem(place, _("German and English are the same. Is one of them not translated yet?"))
