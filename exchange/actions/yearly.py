"""Is it still correct? Asked once a year by letter, and answered with one click."""

import datetime

from django.core import signing
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from cities.models import TeamMember
from exchange.models import Practice, Proposal
from network.daily import Window
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
    """One letter to each of the team, else to whoever wrote it, else to the office. Whether there was anybody."""
    key = f"still-correct:{practice.pk}:{today.isoformat()}"
    context: dict[str, object] = {"practice": practice, "token": signing.dumps(practice.pk, salt=SALT)}
    team = Q(pk__in=TeamMember.objects.filter(city=practice.city_id).values("user_id")) if practice.city_id else Q()
    writer = Q(pk__in=Proposal.objects.filter(practice=practice, by__isnull=False).values("by_id"))
    people = list(User.objects.filter(is_active=True).filter(team | writer if team else writer).order_by("pk"))
    for person in people:
        post("practice_still_correct", to=person, context=context, key=f"{key}:{person.pk}")
    if not people and practice.contact_email:
        language = "en" if practice.original_language == Practice.Original.EN else "de"
        post("practice_still_correct", to=practice.contact_email, context=context, key=key, language=language)
    return bool(people or practice.contact_email)


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
