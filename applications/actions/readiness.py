"""Keeping the result of a readiness check for a city."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from applications.actions import MoveNotAllowedError
from applications.models import Call, ReadinessResult
from applications.readiness import READ_BY_ANSWER
from cities.models import City
from cities.permissions import speaks_for
from network.models import User


def keep_readiness(call: Call, city: City, answers: Mapping[str, str], *, by: User) -> ReadinessResult:
    """Keeps what the city's team says to a call; it replaces what was kept before. Who may: the city's team.

    Raises MoveNotAllowedError where the person does not work for the city.
    """
    if not speaks_for(by, city):
        raise MoveNotAllowedError(_("You do not work for this city in the portal. Ask its team to take you in."))
    known = {one.key: answers[one.key] for one in call.pack.readiness if answers.get(one.key) in READ_BY_ANSWER}
    kept, _made = ReadinessResult.objects.update_or_create(
        call=call, city=city, defaults={"answers": known, "saved_by": by}
    )
    return kept
