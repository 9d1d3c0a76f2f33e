"""People register for a session, are reminded, and withdraw. The address of the meeting comes by letter only."""

import datetime

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.actions.acting import ExchangeRefusedError
from exchange.actions.braking import brake
from exchange.models import Registration, Session
from network.daily import Window
from network.ending import Ending
from network.models import Letter, User
from network.outbox import post

SALT = "exchange.registration"
AHEAD = datetime.timedelta(hours=50)  # a daily job that runs once a day still finds the day before
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
KEPT = datetime.timedelta(days=30)  # after the session


def register(
    session: Session, *, name: str, place: str, email: str, language: str, sender: str, user: User | None = None
) -> Registration:
    """Keeps the registration and writes to the address; without its confirmation nobody has a place. Who is signed in
    with this very address has it at once. Raises ExchangeRefusedError where it is too late or no place is left."""
    session = Session.objects.get(pk=session.pk)
    _refuse_if_over(session)
    is_known = user is not None and user.email == email.lower()
    if not is_known:
        brake("registration", sender=sender, email=email)
    with transaction.atomic():
        values = {"name": name, "place": place, "language": language, "consent_at": timezone.now(), "user": user}
        made, is_new = Registration.objects.get_or_create(session=session, email=email.lower(), defaults=values)
        if made.confirmed_at is None and is_known:
            confirm(made)
        elif made.confirmed_at is None or not is_new:  # who has registered before gets the link again
            key = f"registration:{made.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
            _post(made, "session_confirm", key, urgency=Letter.Urgency.ACCOUNT)
    return made


def _refuse_if_over(session: Session) -> None:
    if not session.takes_new or session.published_at is None:
        raise ExchangeRefusedError(_("Registration for this session is over."))
    if session.places is not None and session.registrations.confirmed().count() >= session.places:
        raise ExchangeRefusedError(_("No place is left. Look again later: some people withdraw."))


def confirm(registration: Registration) -> None:
    """The address is right, and there is a place. A second time changes nothing."""
    with transaction.atomic():
        session = Session.objects.select_for_update(of=["self"]).get(pk=registration.session_id)
        held = Registration.objects.get(pk=registration.pk)
        if held.confirmed_at is None:
            _refuse_if_over(session)
            held.confirmed_at = timezone.now()
            held.save(update_fields=["confirmed_at"])
            held.session = session
            _post(held, "session_registered", f"registration:{held.pk}:done")
            post_reminders(session, [held])


def leave(registration: Registration) -> None:
    """Withdrawn: name and address are forgotten, the place is free."""
    with transaction.atomic():
        _reminders_of(registration).delete()
        registration.delete()


def end_reminders(pk: int) -> None:
    """No letters before it begins any more; the place stays."""
    with transaction.atomic():
        for registration in Registration.objects.select_for_update().filter(pk=pk):
            _reminders_of(registration).delete()
            Registration.objects.filter(pk=pk).update(is_reminded=False)


def _about_reminders(pk: int) -> str | None:
    found = Registration.objects.filter(pk=pk, is_reminded=True).select_related("session").first()
    if found is None:
        return None
    return _("reminders of the session “%(title)s”. You keep your place.") % {"title": found.session.title}


ENDING = Ending(_about_reminders, end_reminders)


def token_of(registration: Registration) -> str:
    return signing.dumps(registration.pk, salt=SALT)


def registration_of(token: str) -> Registration | None:
    """The registration that a letter is about; None where the token is none or it was withdrawn."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Registration.objects.select_related("session__programme").filter(pk=pk).first()


# --- letters


def _post(
    registration: Registration,
    kind: str,
    key: str,
    *,
    words: dict[str, object] | None = None,
    not_before: datetime.datetime | None = None,
    urgency: Letter.Urgency = Letter.Urgency.DEADLINE,
    ends: tuple[str, int] | None = None,
) -> None:
    context = {"registration": registration, "session": registration.session, "token": token_of(registration)}
    post(
        kind,
        to=registration.email,
        context=context | (words or {}),
        key=key,
        urgency=urgency,
        language=registration.language,
        not_before=not_before,
        ends=ends,
    )


def tell_registered(session: Session, kind: str, *, about: str, **words: object) -> None:
    """One letter to everybody who has a place; `about` tells this change from others."""
    for registration in session.registrations.confirmed().select_related("session"):
        registration.session = session
        _post(registration, kind, f"registration:{registration.pk}:{kind}:{about}", words=words)


def post_reminders(session: Session, only: list[Registration] | None = None) -> None:
    """The letters of the day before and of the hour before, written ahead, for a public session that begins within
    fifty hours. A second time writes nothing."""
    now = timezone.now()
    begins = session.starts_at
    if begins is None or session.published_at is None or session.cancelled_at or not now < begins <= now + AHEAD:
        return
    for registration in session.registrations.confirmed().filter(is_reminded=True) if only is None else only:
        registration.session = session
        for kind, before in (("session_tomorrow", DAY), ("session_soon", HOUR)):
            if begins - before > now:
                key = f"session:{session.pk}:{kind}:{begins.isoformat()}:{registration.pk}"
                _post(registration, kind, key, not_before=begins - before, ends=("reminders", registration.pk))


def take_reminders_back(session: Session) -> None:
    """Unwrites reminders that have not left, as time or address of the session are others now."""
    _waiting(f"session:{session.pk}:").delete()


def _reminders_of(registration: Registration) -> QuerySet[Letter]:
    return _waiting(f"session:{registration.session_id}:").filter(key__endswith=f":{registration.pk}")


def _waiting(prefix: str) -> QuerySet[Letter]:
    return Letter.objects.filter(key__startswith=prefix, state=Letter.State.WAITING, not_before__gt=timezone.now())


def remind(window: Window) -> None:
    """A duty of the daily job: writes reminders ahead, and forgets registrations a month after the session, and
    unconfirmed ones after a week."""
    for session in Session.objects.published().filter(starts_at__gt=window.now, starts_at__lte=window.now + AHEAD):
        post_reminders(session)
    Registration.objects.filter(session__day__lt=(window.now - KEPT).date()).delete()
    Registration.objects.filter(confirmed_at=None, consent_at__lt=window.now - datetime.timedelta(days=7)).delete()
