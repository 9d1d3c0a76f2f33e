"""The cast of the tests of city teams: the team of Bonn, and everybody who might meddle with it."""

import itertools
from dataclasses import dataclass, field

import pytest

from cities.models import City, TeamEvent, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from cities.teams import TeamRefusedError, ask_to_join, invite
from network.models import Letter, Network, User
from tests.factories import Role, a_member, a_network, a_person

EVERYBODY = [
    "lead", "deputy", "editor", "other lead", "coordinator", "other coordinator", "reviewer", "stranger", "operator",
]  # fmt: skip
TABLES = [TeamMember, TeamRequest, TeamInvitation, TeamHandOver, TeamEvent, Letter]
REQUEST = {
    "office": "Bildungsbüro",
    "proof": "Mein Name steht auf bonn.de.",
    "email": "neu@bonn.example",
    "phone": "0228 0",
    "message": "Ich fange im Januar an.",
}
_numbers = itertools.count()


@dataclass
class Cast:
    """Bonn is in one network, Lyon in another; nobody but `other coordinator` and `other lead` belongs to Lyon."""

    bonn: City
    network: Network
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, who: str) -> User:
        return self.people[who]

    def place(self, who: str) -> TeamMember:
        return TeamMember.objects.get(city=self.bonn, user=self.people[who])

    def roles(self) -> dict[str, str]:
        """Who is in the team of Bonn, as what."""
        names = {user.pk: who for who, user in self.people.items()}
        places = TeamMember.objects.filter(city=self.bonn).values_list("user_id", "role")
        return {names.get(user, "somebody new"): role for user, role in places}


def a_cast() -> Cast:
    gnlc, uccn = a_network("gnlc"), a_network("uccn")
    bonn, lyon = a_member("bonn", gnlc), a_member("lyon", uccn, country="FR")
    people = {
        "lead": a_person(Role.LEAD, city=bonn, name="Lea Leitung"),
        "deputy": a_person(Role.DEPUTY, city=bonn, name="Steffi Stellvertretung"),
        "editor": a_person(Role.EDITOR, city=bonn, name="Edi Redaktion"),
        "other lead": a_person(Role.LEAD, city=lyon, name="Luc Lyon"),
        "coordinator": a_person(Role.COORDINATOR, network=gnlc, name="Koko Ordination"),
        "other coordinator": a_person(Role.COORDINATOR, network=uccn, name="Otto Anderswo"),
        "reviewer": a_person(Role.REVIEWER, network=gnlc, name="Gutta Achten"),
        "stranger": a_person(Role.NEWCOMER, name="Fred Fremd"),
        "operator": a_person(Role.OPERATOR, name="Bea Betrieb"),
    }
    return Cast(bonn, gnlc, people)


def a_newcomer(name: str = "Nele Neu") -> User:
    return a_person(Role.NEWCOMER, name=name)


def a_request(city: City, by: User | None = None) -> TeamRequest:
    return ask_to_join(city, by=by or a_newcomer(), **REQUEST)


def an_invitation(city: City, by: User, email: str = "", role: str = "editor") -> TeamInvitation:
    return invite(city, by=by, email=email or f"gast-{next(_numbers)}@example.org", role=role)


def everything() -> list[list[tuple]]:
    """All rows of all tables of teams, and all letters."""
    return [sorted(model._default_manager.order_by().values_list(), key=str) for model in TABLES]


def kinds(city: City) -> list[str]:
    """The history, oldest first."""
    return list(TeamEvent.objects.filter(city=city).order_by("pk").values_list("kind", flat=True))


def told() -> list[tuple[str, str]]:
    """The letters, oldest first: kind, and to whom."""
    return list(Letter.objects.order_by("pk").values_list("kind", "address"))


def refusal(act):
    """The sentence with which an act is refused."""
    with pytest.raises(TeamRefusedError) as refused:
        act()
    return refused.value.for_reader
