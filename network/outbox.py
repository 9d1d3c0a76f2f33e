"""The outbox: every letter the portal writes goes through `post`. It leaves after the commit, by the worker."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override

from network.delivery import queue
from network.ending import path_of
from network.models import Letter, User

State = Letter.State
_posted: ContextVar[list[Letter] | None] = ContextVar("letters posted in this context", default=None)


def post(
    kind: str,
    *,
    to: User | str,
    context: dict[str, object],
    key: str,
    urgency: Letter.Urgency = Letter.Urgency.CASE,
    language: str | None = None,
    not_before: datetime.datetime | None = None,
    secret: bool = False,
    reply_to: str = "",
    ends: tuple[str, int] | None = None,
) -> Letter | None:
    """Write `templates/letters/<kind>.txt` to a person or to a bare address, in the caller's transaction.

    The template's first line is the subject; it knows `context`, `site` (the portal's address, without a slash) and
    `reader`. The language is the person's own; for a bare address `language`, else German.

    `key` says what the letter is about, for all time (`returned:17:3`). A second post with the same key writes
    nothing and returns the first letter. None where nobody can get it: no address, or the account is closed.

    Letters about a CASE obey `User.letters`: at once, gathered once a day, or only in the portal. Others always leave.
    Until `not_before` a letter is neither sent nor shown. A `secret` one (password, code) is never shown, and its text
    is gone once it was sent. Where the reader can end letters of this kind, `ends` is the name of the ending
    (network.ending) and the row it is about; decisions and other duties have none. Raises ValidationError for what is
    no e-mail address.
    """
    address = to.email if isinstance(to, User) else to
    if not address or (isinstance(to, User) and not to.is_active):
        return None
    first = Letter.objects.filter(key=key).first()
    if first is not None:
        return first
    for each in filter(None, [address, reply_to]):
        validate_email(each)
    language = to.language if isinstance(to, User) else language or settings.LANGUAGE_CODE
    subject, text = rendered(kind, context | {"reader": to}, language)
    state = _beginning(to, urgency)
    values = {
        "kind": kind, "to": to if isinstance(to, User) else None, "address": address, "reply_to": reply_to,
        "language": language, "subject": subject, "text": text, "urgency": urgency, "secret": secret,
        "not_before": not_before, "state": state, "next_try_at": not_before if state == State.WAITING else None,
        "ends_at_path": path_of(*ends, language) if ends else "",
    }  # fmt: skip
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(key=key, defaults=values)
        if is_new and state == State.WAITING:
            queue(letter)
    if is_new and (posted := _posted.get()) is not None:
        posted.append(letter)
    return letter


def forget(*kinds: str, before: datetime.datetime) -> int:
    """Takes address and words from letters to people without an account that were written before a moment and will
    not be tried again; how many. `kinds` are the beginnings of the kinds this is about."""
    meant = Q(*((("kind__startswith", kind)) for kind in kinds), _connector=Q.OR)
    done = Letter.objects.filter(meant, to=None, created_at__lt=before).exclude(address="")
    return done.filter(state__in=[State.SENT, State.FAILED]).update(
        address="", reply_to="", subject="", text="", ends_at_path=""
    )


def _beginning(to: User | str, urgency: Letter.Urgency) -> Letter.State:
    """What the reader wants to happen with such a letter."""
    if urgency != Letter.Urgency.CASE or not isinstance(to, User):
        return State.WAITING
    return {User.Letters.DAILY: State.GATHERED, User.Letters.NEVER: State.WITHHELD}.get(
        User.Letters(to.letters), State.WAITING
    )


def rendered(kind: str, context: dict[str, object], language: str) -> tuple[str, str]:
    """Subject and text of a letter, without posting it; as in `post`, but for `reader`, who is then not known. Plain
    text: nothing is escaped, for the HTML is made from it later."""
    template = get_template(f"letters/{kind}.txt").template  # type: ignore[attr-defined]  # stubs know no backend
    with override(language):
        whole = template.render(Context(context | {"site": settings.SITE_ADDRESS}, autoescape=False))
    subject, _end, text = whole.strip().partition("\n")
    assert subject, f"letters/{kind}.txt has no subject in its first line"
    return " ".join(subject.split())[:200], re.sub(r"\n[ \t]*\n\s*\n", "\n\n", text.strip())


@contextmanager
def counted() -> Iterator[list[Letter]]:
    """The letters that are new by `post` inside the block."""
    posted: list[Letter] = []
    token = _posted.set(posted)
    try:
        yield posted
    finally:
        _posted.reset(token)
