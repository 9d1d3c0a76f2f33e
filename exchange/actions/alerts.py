"""Saved searches: asked for, confirmed by a letter, told about new practices, ended with one click."""

import datetime

from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cities.directory import directory
from exchange.actions.braking import brake
from exchange.catalogue import Catalogue, catalogue
from exchange.entries import PracticeEntry, entries_of
from exchange.filters import PracticeFilter
from exchange.listing import PracticeListing
from exchange.models import Practice, SavedSearch
from network.daily import Window
from network.ending import Ending
from network.models import Letter
from network.outbox import post

SALT = "exchange.alert"
VALID = datetime.timedelta(days=7)  # to confirm; the same link ends the search for ever after
IN_LETTER = 20
NO_PART = ("page", "view", "sort", "format")


def plain_query(query: QueryDict) -> str:
    """What of a list's address says what is looked for, in one order, so that the same search is the same text."""
    asked = query.copy()
    for name in [name for name in asked if name in NO_PART or not any(asked.getlist(name))]:
        del asked[name]
    return "&".join(sorted(asked.urlencode().split("&")))[:1000]


def ask_for(*, query: str, email: str, language: str, sender: str) -> SavedSearch:
    """Keeps the search and writes to the address; no letter about practices before it is confirmed. Raises
    ExchangeRefusedError where too many came. A second time for the same search sends the first letter's link again."""
    brake("alert", sender=sender, email=email)
    with transaction.atomic():
        search, _is_new = SavedSearch.objects.get_or_create(email=email.lower(), query=query, language=language)
        context: dict[str, object] = {"token": token_of(search)}
        key = f"alert:{search.pk}:confirm:{timezone.now():%Y%m%d%H%M%S}"
        post("alert_confirm", to=email, context=context, key=key, urgency=Letter.Urgency.ACCOUNT, language=language)
    return search


def token_of(search: SavedSearch) -> str:
    return signing.dumps(search.pk, salt=SALT)


def search_of(token: str) -> SavedSearch | None:
    """The search that a letter is about; None where the token is none or the search has ended."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.filter(pk=pk).first()


def confirm(search: SavedSearch) -> None:
    """The address is right: letters about practices published from now on."""
    SavedSearch.objects.filter(pk=search.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def end(search: SavedSearch) -> None:
    """Forgets search and address."""
    search.delete()


def listing_of(search: SavedSearch, now: Catalogue) -> PracticeListing:
    """The list as the search would show it, in the active language."""
    query = QueryDict(search.query)
    return PracticeListing(PracticeFilter(query, now), query)


def words_of(search: SavedSearch) -> str:
    """What is looked for, in the search's language; empty for every new practice."""
    with override(search.language):
        return ", ".join(chip.label for chip in listing_of(search, catalogue(directory())).chips)


def tell(window: Window) -> None:
    """A duty of the daily job: one letter for each search that new practices fit; forgets what was not confirmed."""
    SavedSearch.objects.filter(confirmed_at=None, asked_at__lt=window.now - VALID).delete()
    now = catalogue(directory())
    published = Practice.objects.published().filter(published_at__gt=window.since, published_at__lte=window.now)
    fresh = entries_of(published.order_by("slug").values_list("pk", flat=True), now)
    if not fresh:
        return
    for search in SavedSearch.objects.confirmed().filter(confirmed_at__lte=window.now).order_by("pk"):
        with override(search.language):
            _tell(search, now, fresh, window)


def _tell(search: SavedSearch, now: Catalogue, fresh: list[PracticeEntry], window: Window) -> None:
    assert search.confirmed_at is not None, "only confirmed searches get letters"
    fitting = listing_of(search, now).bits
    found = [e for e in fresh if fitting & now.bits_of([e.pk]) and e.published_at > search.confirmed_at]
    if not found:
        return
    context: dict[str, object] = {
        "entries": found[:IN_LETTER], "more": len(found[IN_LETTER:]), "words": words_of(search), "search": search,
    }  # fmt: skip
    key = f"alert:{search.pk}:{window.now.isoformat()}"
    ends = ("alert", search.pk)
    letter = post("alert", to=search.email, context=context, key=key, language=search.language, ends=ends)
    SavedSearch.objects.filter(pk=search.pk).update(last_letter_at=letter.created_at if letter else None)


def _about(pk: int) -> str | None:
    search = SavedSearch.objects.filter(pk=pk).first()
    if search is None:
        return None
    words = words_of(search)
    if not words:
        return _("letters about all new practices. Your address is then forgotten.")
    return _("letters about new practices for the search “%(words)s”. Your address is then forgotten.") % {
        "words": words
    }


ENDING = Ending(_about, lambda pk: SavedSearch.objects.filter(pk=pk).delete())
