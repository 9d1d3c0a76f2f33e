"""Is it still correct? Asked once a year by letter, and answered with one click."""

import datetime

from django.core import signing
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Lower, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import TeamMember
from exchange.models import Practice, Proposal, Unasked
from network.daily import Window
from network.ending import Ending
from network.models import User
from network.outbox import post

SALT = "exchange.still-correct"
YEAR = datetime.timedelta(days=365)
VALID = datetime.timedelta(days=180)
PATIENCE = datetime.timedelta(days=30)  # after that an unanswered question is shown on the page


def ask(window: Window) -> None:
    """A duty of the daily job: asks about each practice that nobody has confirmed for a year, once a year."""
    today = timezone.localdate(window.now)
    known = Coalesce(F("confirmed_on"), TruncDate("published_at"))
    waiting = Practice.objects.published().annotate(known=Greatest(known, Coalesce(F("asked_on"), known)))
    for practice in waiting.filter(known__lte=today - YEAR).select_related("city").order_by("pk"):
        if _ask_about(practice, today):
            Practice.objects.filter(pk=practice.pk).update(asked_on=today)


def _ask_about(practice: Practice, today: datetime.date) -> bool:
    """One letter to each of the team, else to whoever wrote it, else to the office. Whether there was anybody.

    Only the office can end the question: it stands in the entry, perhaps from a list, and has asked for nothing. Who is
    in a team or has written the entry answers for it, and leaves that office instead of its letters.
    """
    key = f"still-correct:{practice.pk}:{today.isoformat()}"
    context: dict[str, object] = {"practice": practice, "token": signing.dumps(practice.pk, salt=SALT)}
    team = Q(pk__in=TeamMember.objects.filter(city=practice.city_id).values("user_id")) if practice.city_id else Q()
    writer = Q(pk__in=Proposal.objects.filter(practice=practice, by__isnull=False).values("by_id"))
    people = list(User.objects.filter(is_active=True).filter(team | writer if team else writer).order_by("pk"))
    for person in people:
        post("practice_still_correct", to=person, context=context, key=f"{key}:{person.pk}")
    office = "" if people else _office_of(practice)
    if office:
        language = "en" if practice.original_language == Practice.Original.EN else "de"
        ends = ("yearly", practice.pk)
        post("practice_still_correct", to=office, context=context, key=key, language=language, ends=ends)
    return bool(people or office)


def _office_of(practice: Practice) -> str:
    """The address in the entry, unless it wants no such question."""
    office = practice.contact_email
    return "" if Unasked.objects.filter(pk=office.lower()).exists() else office


def _about(pk: int) -> str | None:
    practice = Practice.objects.filter(pk=pk).first()
    if practice is None or not _office_of(practice):
        return None
    return _("the yearly question whether what the portal says about practices with your address is still right.")


def _end(pk: int) -> None:
    Unasked.objects.get_or_create(email=Practice.objects.get(pk=pk).contact_email.lower())


def forget() -> None:
    """Forgets addresses that no practice names any more."""
    named = Practice.objects.annotate(office=Lower("contact_email")).values("office")
    Unasked.objects.exclude(email__in=named).delete()


ENDING = Ending(_about, _end)


def practice_of(token: str) -> Practice | None:
    """The practice that a letter asks about; None where the token is none or too old, or the practice is not public."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return Practice.objects.published().filter(pk=pk).select_related("city__country", "country").first()


def confirm(practice: Practice) -> None:
    """Whoever has the letter says that everything is still right as of today."""
    Practice.objects.filter(pk=practice.pk).update(confirmed_on=timezone.localdate())


def is_unanswered(practice: Practice) -> bool:
    """Whether the question has waited for a month: then the page says so."""
    asked, answered = practice.asked_on, practice.confirmed_on
    return asked is not None and (answered is None or answered < asked) and timezone.localdate() >= asked + PATIENCE
