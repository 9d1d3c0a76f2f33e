"""Conflicts of interest, found from what the portal knows and from what was declared: for many people and many
applications at once, each with its reason. The queries of applications.models.barring hold the same rules."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import AnswerVersion, Application, Conflict, Event, ReviewerStatement
from applications.models.barring import BARRED, MEMBERSHIP
from applications.workflow import GONE, Role
from cities.models import TeamEvent, TeamMember
from network.models import User

type Pair = tuple[int, int]  # primary keys of a person and an application


class Kind(StrEnum):
    """What a conflict comes from."""

    DECLARED = "declared"
    TEAM = "team"
    FORMER_TEAM = "former_team"
    STATED = "stated"
    COMPETING = "competing"
    HAND = "hand"
    LAND = "land"
    COUNTRY = "country"
    PREDECESSOR = "predecessor"


# What bars somebody from judging, though not from coordinating.
JUDGING = (Kind.LAND, Kind.COUNTRY, Kind.PREDECESSOR)


@dataclass(frozen=True)
class Found:
    """One conflict, and the reason as a sentence about the person in the reader's language."""

    kind: Kind
    reason: str


def conflicts_of(people: Iterable[User], applications: Iterable[Application]) -> dict[Pair, list[Found]]:
    """Why these people must not judge these applications; pairs without a conflict are left out. A fixed number of
    queries. The applications have city, its Land and country, and pack version loaded."""
    facts = _Facts([person.pk for person in people], list(applications))
    found = {(person, one.pk): list(facts.of(person, one)) for person in facts.people for one in facts.applications}
    return {pair: conflicts for pair, conflicts in found.items() if conflicts}


def conflicts_of_coordination(people: Iterable[User], applications: Iterable[Application]) -> dict[Pair, list[Found]]:
    """The same for those who coordinate: where they come from does not matter."""
    found = conflicts_of(people, applications)
    kept = {pair: [one for one in conflicts if one.kind not in JUDGING] for pair, conflicts in found.items()}
    return {pair: conflicts for pair, conflicts in kept.items() if conflicts}


def conflicted_pairs(pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs that are in conflict. One query, however many there are; for none at all none."""
    wanted = list(pairs)
    if not wanted:
        return set()
    people, applications = zip(*wanted, strict=True)
    named = "pairs AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS named(person, application))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT person, application FROM (WITH {named}, {BARRED} SELECT * FROM barred) AS found",  # noqa: S608
            (list(people), list(applications)),
        )
        return set(cursor.fetchall())


def with_facts(applications: "Iterable[Application]") -> list[Application]:
    """The applications of a QuerySet with what the rules look at. One query."""
    rows = applications.select_related("call__network", "city__country", "city__land", "pack_version")  # type: ignore[attr-defined]
    return list(rows.defer("pack_version__document"))


@dataclass(frozen=True)
class _Person:
    """What the portal knows of somebody: keys of cities (with the name of those in whose team they are now), of
    countries and Länder."""

    teams: Mapping[int, str]
    worked_on: Collection[int]  # applications, for the city
    coordinated: Collection[int]
    former: Collection[int]
    stated: Collection[int]
    countries: Collection[str]
    lands: Collection[str]
    declared: Mapping[int, tuple[str, User]]  # applications: the reason, and who has declared it


def _people(keys: Collection[int], applications: Sequence[Application]) -> dict[int, _Person]:
    """By primary key of the person. One query."""
    own = {"user": OuterRef("pk")}
    city = JSONObject(pk="city", de="city__name_de", en="city__name_en", country="city__country", land="city__land")
    events = TeamEvent.objects.order_by().filter(person=OuterRef("pk"), kind__in=MEMBERSHIP)
    stated = ReviewerStatement.objects.filter(**own, cities__isnull=False)
    pks = {one.pk for one in applications} | {one.earlier_id for one in applications if one.earlier_id}
    pks = pks or {0}  # of nothing at all Django makes NULL instead of an empty array
    acts = Event.objects.order_by().filter(actor=OuterRef("pk"), application__in=pks).values("application").distinct()
    answers = AnswerVersion.objects.order_by().filter(by=OuterRef("pk"), application__in=pks)
    declared = Conflict.objects.order_by().filter(person=OuterRef("pk"), application__in=pks)
    said = JSONObject(
        application="application",
        reason="reason",
        pk="by",
        name="by__name",
        email="by__email",
        deleted_at="by__deleted_at",
    )
    rows = User.objects.filter(pk__in=keys).values_list(
        "pk",
        ArraySubquery(TeamMember.objects.filter(**own).values(json=city)),
        ArraySubquery(events.values("city")),
        ArraySubquery(stated.values("cities")),
        ArraySubquery(acts.filter(role__in=[Role.EDITOR, Role.LEAD])),
        ArraySubquery(acts.filter(role=Role.COORDINATOR)),
        ArraySubquery(answers.values("application").distinct()),
        ArraySubquery(declared.values(json=said)),
        "reviewer_statement__country",
        "reviewer_statement__land",
    )
    language = "en" if get_language() == "en" else "de"
    return {
        pk: _Person(
            teams={one["pk"]: one[language] or one["de"] for one in teams},
            worked_on={*acted, *wrote},
            coordinated=set(coordinated),
            former=set(former),
            stated=set(cities),
            countries={country, *(one["country"] for one in teams)},
            lands={land, *(one["land"] for one in teams)} - {None},
            declared={one.pop("application"): (one.pop("reason"), User(**one)) for one in said_so},
        )
        for pk, teams, former, cities, acted, coordinated, wrote, said_so, country, land in rows
    }


class _Facts:
    """What is known of these people that matters for these applications."""

    def __init__(self, people: Sequence[int], applications: Sequence[Application]) -> None:
        self.people, self.applications = people, applications
        self._known = _people(people, applications) if applications else {}
        self._rivals = self._rivals_of(applications)

    def _rivals_of(self, applications: Sequence[Application]) -> dict[tuple[int, int], str]:
        """The field of each application of the people's cities to these calls, by call and city."""
        cities = {city for person in self._known.values() for city in person.teams}
        rows = Application.objects.filter(call__in={one.call_id for one in applications}, city__in=cities)
        return {
            (call, city): field
            for call, city, field in rows.exclude(state__in=GONE).values_list("call", "city", "field")
        }

    def of(self, person: int, application: Application) -> Iterator[Found]:
        """The conflicts of one pair, the declared one first."""
        yield from self._by_declaration(person, application)
        yield from self._by_city(person, application)
        yield from self._by_competition(person, application)
        if application.pk in self._known[person].worked_on:
            yield Found(Kind.HAND, _("Has worked on this application for the city."))
        yield from self._by_origin(person, application)
        if application.earlier_id in self._known[person].coordinated:
            yield Found(Kind.PREDECESSOR, _("Coordinated the city’s earlier application."))

    def _by_declaration(self, person: int, application: Application) -> Iterator[Found]:
        reason, by = self._known[person].declared.get(application.pk, ("", None))
        if by is None:
            return
        if by.pk == person:
            yield Found(Kind.DECLARED, _("Declared by the person: “%(reason)s”") % {"reason": reason})
        else:
            yield Found(Kind.DECLARED, _("Recorded by %(name)s: “%(reason)s”") % {"name": by, "reason": reason})

    def _by_city(self, person: int, application: Application) -> Iterator[Found]:
        city, known = application.city, self._known[person]
        if city.pk in known.teams:
            yield Found(Kind.TEAM, _("Is in the team of %(city)s.") % {"city": city.name})
        elif city.pk in known.former:
            yield Found(Kind.FORMER_TEAM, _("Was in the team of %(city)s.") % {"city": city.name})
        if city.pk in known.stated:
            sentence = _("Works or has worked for %(city)s, by their own statement.")
            yield Found(Kind.STATED, sentence % {"city": city.name})

    def _by_competition(self, person: int, application: Application) -> Iterator[Found]:
        for city, name in self._known[person].teams.items():
            field = self._rivals.get((application.call_id, city))
            if city != application.city_id and field == application.field:
                sentence = (
                    _("Is in the team of %(city)s, which applies for the same field.")
                    if application.field
                    else _("Is in the team of %(city)s, which applies to the same call.")
                )
                yield Found(Kind.COMPETING, sentence % {"city": name})

    def _by_origin(self, person: int, application: Application) -> Iterator[Found]:
        known, city = self._known[person], application.city
        if application.pack.national and city.land_id in known.lands:
            yield Found(Kind.LAND, _("Comes from the same Land: %(land)s.") % {"land": city.land})
        if not application.pack.national and city.country_id in known.countries:
            yield Found(Kind.COUNTRY, _("Comes from the same country: %(country)s.") % {"country": city.country})
