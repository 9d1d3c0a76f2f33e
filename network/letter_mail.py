"""Makes the mail of a letter: text and HTML from the same words, and the headers a program's letter carries."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from network.mailers import LINK, LetterMail
from network.models import Letter

ITEM = "- "


def letter_mail(letter: Letter, *, before_body: Callable[[], None]) -> LetterMail:
    """The mail, in the letter's language. `before_body` is called when its body is about to leave."""
    with override(letter.language):
        context = {"letter": letter, "site": settings.SITE_ADDRESS}
        text = render_to_string("letters/frame.txt", context)
        page = render_to_string("letters/frame.html", context | {"body": as_html(letter.text)})
    mail = LetterMail(
        letter.subject,
        text,
        to=[letter.address],  # the address alone: a name could carry anything
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": _message_id(letter),
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday notice answers
            "Content-Language": letter.language,
        }
        | _ending(letter),
    )
    mail.attach_alternative(page, "text/html")
    mail.before_body = before_body
    link = LINK.search(letter.text)
    # a secret can be read nowhere else in a demo
    mail.in_terminal = " ".join(letter.text.split()) if letter.secret else link[0] if link else ""
    return mail


def _ending(letter: Letter) -> dict[str, str]:
    """What lets a mail program end such letters with one click (RFC 2369, RFC 8058)."""
    if not letter.ends_at_path:
        return {}
    address = f"<{settings.SITE_ADDRESS}{letter.ends_at_path}>"
    return {"List-Unsubscribe": address, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _message_id(letter: Letter) -> str:
    """The same at every attempt, so that a reader's mail program can tell a second copy."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<letter.{letter.pk}.{letter.created_at:%Y%m%d%H%M%S}@{host}>"


def as_html(text: str) -> SafeString:
    """Paragraphs from empty lines, lists from lines that begin with `- `, links from addresses; all else as it is."""
    blocks = (block.split("\n") for block in re.split(r"\n\s*\n", text.strip()))
    parts = [part for lines in blocks for part in _parts(lines)]
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _parts(lines: list[str]) -> list[SafeString]:
    found = []
    for is_list, group in groupby(_joined(lines), key=lambda line: line.startswith(ITEM)):
        if is_list:
            items = format_html_join("", "<li>{}</li>", ((_linked(line.removeprefix(ITEM)),) for line in group))
            found.append(format_html("<ul>{}</ul>", items))
        else:
            found.append(format_html("<p>{}</p>", _linked("\n".join(group))))
    return found


def _joined(lines: list[str]) -> list[str]:
    """A line that is set in belongs to the item before it."""
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1].startswith(ITEM) and line.startswith("  "):
            joined[-1] += f"\n{line.strip()}"
        else:
            joined.append(line.strip())
    return joined


def _linked(text: str) -> SafeString:
    """Escaped, with links and line breaks."""
    pieces: list[SafeString] = []
    end = 0
    for link in LINK.finditer(text):
        pieces += [
            _lines(text[end : link.start()]),
            format_html('<a href="{}" rel="external">{}</a>', link[0], link[0]),
        ]
        end = link.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, _lines(text[end:])]))


def _lines(text: str) -> SafeString:
    return format_html_join(mark_safe("<br>\n"), "{}", ((line,) for line in text.split("\n")))
