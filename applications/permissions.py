"""What a person is to an application, and what follows. Private by default: a stranger meets 404."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from applications.models import Application, Call, Document
from applications.workflow import Move, Role, moves_for
from cities.models import City, TeamMember
from network.models import User
from network.permissions import coordinates, is_operator

SPEAKERS = (TeamMember.Role.LEAD, TeamMember.Role.DEPUTY)


def roles_of(user: User | AnonymousUser, application: Application) -> set[Role]:
    """All a person is to this application. Nobody coordinates the application of their own city; operators run the
    portal and decide nothing."""
    if not (isinstance(user, User) and user.is_active):
        return set()
    place = TeamMember.objects.filter(user=user, city=application.city_id).values_list("role", flat=True).first()
    if place is not None:
        return {Role.EDITOR, Role.LEAD} if place in SPEAKERS else {Role.EDITOR}
    return {Role.COORDINATOR} if coordinates(user, application.call.network) else set()


def moves_of(user: User | AnonymousUser, application: Application) -> list[Move]:
    """The buttons of a person on this application."""
    return moves_for(application.state, roles_of(user, application))


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
    city's own work, everybody else what was part of a submission."""
    if may_read_inside(user, document.application):
        return True
    submitted = Q(content__documents__contains=[{"id": document.pk}]) | Q(
        content__endorsements__contains=[{"document": document.sha256}]
    )
    return document.application.submissions.filter(submitted).exists()


def cities_to_apply_for(user: User | AnonymousUser, call: Call) -> list[City]:
    """The person's own cities that have no application to this call; demo cities only where the call is one."""
    if not (isinstance(user, User) and user.is_active):
        return []
    cities = City.objects.filter(team__user=user).exclude(applications__call=call)
    return list(cities if call.is_demo else cities.filter(is_demo=False))
