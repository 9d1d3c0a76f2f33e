"""One letter a day for those who want letters about cases gathered. A duty of the daily job."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.daily import Window
from network.ending import Ending
from network.models import Letter, User
from network.outbox import post

State = Letter.State


def gather(window: Window) -> None:
    """Lists to each such person what was written since the last such letter; at most one a day (Berlin).

    Takes whatever is not gathered yet, so nothing depends on the window. Who has chosen "never" meanwhile reads the
    letters in the portal.
    """
    readers = Letter.objects.filter(state=State.GATHERED, digest=None).exclude(not_before__gt=window.now).values("to")
    for reader in User.objects.filter(pk__in=readers).order_by("pk"):
        with transaction.atomic():
            _gather_for(reader, window)


def _gather_for(reader: User, window: Window) -> None:
    waiting = Letter.objects.filter(to=reader, state=State.GATHERED, digest=None).exclude(not_before__gt=window.now)
    if not reader.is_active or reader.letters == User.Letters.NEVER:
        waiting.update(state=State.WITHHELD)
        return
    key = f"digest:{reader.pk}:{timezone.localdate(window.now)}"
    if Letter.objects.filter(key=key).exists():  # today's is written; these are in tomorrow's
        return
    letters = list(waiting.order_by("created_at", "pk"))
    digest = post(
        "digest", to=reader, context={"letters": letters}, key=key, urgency=Letter.Urgency.DEADLINE,
        ends=("digest", reader.pk),
    )  # fmt: skip
    waiting.filter(pk__in=[letter.pk for letter in letters]).update(digest=digest)


def _about(pk: int) -> str | None:
    if not User.objects.filter(pk=pk, letters=User.Letters.DAILY, is_active=True).exists():
        return None
    return _("the daily letter that gathers what was written to you. You then read it in the portal.")


def _end(pk: int) -> None:
    User.objects.filter(pk=pk, letters=User.Letters.DAILY).update(letters=User.Letters.NEVER)


ENDING = Ending(_about, _end)
