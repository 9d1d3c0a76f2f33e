"""What every act in a city's team does alike: hold the city, note the act, tell people."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamInvitation, TeamMember
from network.actions import RefusedError
from network.models import User
from network.outbox import post


class TeamRefusedError(RefusedError):
    """`field` is the name of the entry that the sentence belongs beside, empty where it belongs to none."""

    def __init__(self, for_reader: str, *, field: str = "") -> None:
        super().__init__(for_reader)
        self.field = field


@contextmanager
def holding(city: City) -> Iterator[City]:
    """One transaction in which nobody else acts on this city's team: what is asked inside stays true until it ends."""
    with transaction.atomic():
        yield City.objects.select_for_update(no_key=True).get(pk=city.pk)


def member(city: City, user: User) -> TeamMember | None:
    """The person's place in the team."""
    return TeamMember.objects.filter(city=city, user=user).first()


def lead(city: City) -> TeamMember | None:
    """The one who leads the team."""
    return TeamMember.objects.select_related("user").filter(city=city, role=TeamMember.Role.LEAD).first()


def note(
    city: City,
    kind: TeamEvent.Kind,
    *,
    by: User,
    person: User | None = None,
    invitation: TeamInvitation | None = None,
    old: str = "",
    new: str = "",
    reason: str = "",
) -> TeamEvent:
    """One line of the history. Empty `old` or `new` means: not in the team before, or afterwards."""
    return TeamEvent.objects.create(
        city=city, kind=kind, by=by, person=person, invitation=invitation, old_role=old, new_role=new, reason=reason
    )


def refuse_more_than(a_day: int, **acts: object) -> None:
    """A brake against letters without end: so many such acts within 24 hours, counted in the history."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if TeamEvent.objects.filter(at__gt=yesterday, **acts).count() >= a_day:
        sentence = _("That was done %(count)d times within a day. Try it again tomorrow.")
        raise TeamRefusedError(sentence % {"count": a_day})


def tell(event: TeamEvent, people: Iterable[User], letter: str, **context: object) -> None:
    """One letter to each of the people who can still sign in, about one line of the history."""
    words = {"city": event.city, "by": event.by, "person": event.person, "reason": event.reason}
    for person in people:
        if person.is_active:
            post(f"team_{letter}", to=person, context=words | context, key=f"team:{event.pk}:{letter}:{person.pk}")


def role_name(role: str) -> object:
    """The role in words, in whatever language they are read."""
    return TeamMember.Role(role).label


def refuse_unless(allowed: bool, sentence: str = "") -> None:  # noqa: FBT001
    """Refuses somebody whose office has ended since the page was opened."""
    if not allowed:
        raise TeamRefusedError(sentence or _("You may no longer do this in the team of this city."))
