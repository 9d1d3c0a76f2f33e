"""What a person is to an application, and what follows. Private by default: a stranger meets 404."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Q

from applications.models import Application, Call, Document
from applications.models.barring import left_to_colleagues
from applications.models.document import SHEETS
from applications.workflow import GONE, Move, Role, moves_for
from cities.models import City, TeamMember
from network.models import Office, User
from network.permissions import is_operator

SPEAKERS = (TeamMember.Role.LEAD, TeamMember.Role.DEPUTY)


def roles_of(user: User | AnonymousUser, application: Application) -> set[Role]:
    """All a person is to this application. Nobody coordinates or reviews one they are in conflict with; operators run
    the portal and decide nothing."""
    if not (isinstance(user, User) and user.is_active):
        return set()
    place = TeamMember.objects.filter(user=user, city=application.city_id).values_list("role", flat=True).first()
    if place is not None:
        return {Role.EDITOR, Role.LEAD} if place in SPEAKERS else {Role.EDITOR}
    this = Application.objects.filter(pk=application.pk)
    coordinated = this.filter(call__network__in=user.offices.filter(role=Office.Role.COORDINATOR).values("network"))
    coordinates, reviews = this.values_list(
        Exists(coordinated.without_conflicts_of(user)), Exists(this.assigned_to(user))
    ).get()
    return {role for role, holds in ((Role.COORDINATOR, coordinates), (Role.REVIEWER, reviews)) if holds}


def moves_of(user: User | AnonymousUser, application: Application) -> list[Move]:
    """The buttons of a person on this application."""
    moves = moves_for(application.state, roles_of(user, application))
    return [move for move in moves if fits_call(move, application.call)]


def fits_call(move: Move, call: Call) -> bool:
    """Whether there is this move in the call: one that ends with the endorsement has no jury."""
    return not (move.by_jury and call.pack.next_pack)


def may_decide(user: User | AnonymousUser, call: Call) -> bool:
    """Whether the person may see, prepare and release decisions of this call: coordinators of its network who are in
    conflict with none of the applications. Since these compete, one conflict touches the decisions on all."""
    if not (isinstance(user, User) and user.is_active):
        return False
    if not user.offices.filter(role=Office.Role.COORDINATOR, network=call.network_id).exists():
        return False
    left = left_to_colleagues(user)
    competing = Application.objects.filter(call=call, submitted_at__isnull=False).exclude(state__in=GONE)
    return not (left and competing.filter(pk__in=left).exists())


def may_write(user: User | AnonymousUser, application: Application) -> bool:
    """Whether the person may change answers and documents now."""
    return application.is_writable and Role.EDITOR in roles_of(user, application)


def may_submit(user: User | AnonymousUser, application: Application) -> bool:
    """Whether the person may speak for the city: lead and deputy."""
    return Role.LEAD in roles_of(user, application)


def may_read_inside(user: User | AnonymousUser, application: Application) -> bool:
    """Whether the person sees the city's own work before and between its submissions: its team, and operators."""
    return Role.EDITOR in roles_of(user, application) or is_operator(user)


def may_read(user: User | AnonymousUser, document: Document) -> bool:
    """Whether somebody who may see the application may read this document of it, removed or not: whoever sees the
    city's own work, everybody else what was part of a submission, or was given after it by others than the city."""
    if may_read_inside(user, document.application) or is_from_outside(document):
        return True
    submitted = Q(content__documents__contains=[{"id": document.pk}]) | Q(
        content__endorsements__contains=[{"document": document.sha256}]
    )
    return document.application.submissions.filter(submitted).exists()


def is_from_outside(document: Document) -> bool:
    """Whether it is the paper of an endorsement that others than the city give, recorded by the coordination."""
    links = document.application.pack.endorsements
    return document.question in {f"{SHEETS}{link.key}" for link in links if not link.by_city}


def cities_to_apply_for(user: User | AnonymousUser, call: Call) -> list[City]:
    """The person's own cities that have no application to this call; demo cities only where the call is one."""
    if not (isinstance(user, User) and user.is_active):
        return []
    cities = City.objects.filter(team__user=user).exclude(applications__call=call)
    return list(cities if call.is_demo else cities.filter(is_demo=False))


def own_applicants(user: User, call: Call) -> list[City]:
    """The person's own cities that apply in this call, drafts too: who speaks for one does not move its dates."""
    applying = Application.objects.filter(call=call).exclude(state__in=GONE)
    return list(City.objects.filter(team__user=user, applications__in=applying).distinct())


def impartial_coordinators(call: Call) -> list[User]:
    """Who coordinates the call's network and speaks for no city that applies in it."""
    offices = Office.objects.filter(network=call.network_id, role=Office.Role.COORDINATOR)
    applying = Application.objects.filter(call=call).exclude(state__in=GONE).order_by()
    speaking = TeamMember.objects.filter(city__in=applying.values("city")).order_by()
    people = User.objects.filter(offices__in=offices, is_active=True).exclude(pk__in=speaking.values("user"))
    return list(people.distinct().order_by("name", "email"))


def colleagues_of(user: User) -> list[User]:
    """Everybody who coordinates a network that the person coordinates, the person too."""
    own = user.offices.filter(role=Office.Role.COORDINATOR).values("network")
    people = User.objects.filter(offices__network__in=own, offices__role=Office.Role.COORDINATOR, is_active=True)
    return list(people.distinct().order_by("name", "email"))
