"""Conflicts of interest, found from what the portal knows and from what was declared: for many people and many
applications at once, each with its reason. The queries of applications.models.barring hold the same rules."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Application, Call
from applications.models.barring import BARRED, MEMBERSHIP
from applications.workflow import GONE
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
    found = {pair: list(facts.of(*pair)) for pair in facts.pairs()}
    return {(person, one.pk): conflicts for (person, one), conflicts in found.items() if conflicts}


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
    """The applications of a QuerySet with what the rules look at, and their calls. One query."""
    rows = applications.select_related("call__network", "city__country", "city__land", "pack_version")  # type: ignore[attr-defined]
    return list(rows.defer("pack_version__document"))


# Of an application what the rules and the pages about them look at.
LOOKED_AT = ("state", "call", "field", "earlier", "pack_version__sha256", "city__name_de", "city__name_en",
             "city__country__name_de", "city__country__name_en", "city__land__name_de",
             "city__land__name_en")  # fmt: skip


def of_call(call: Call, applications: QuerySet[Application]) -> list[Application]:
    """The same for pages about applications of one call, which they get; no further columns are read. One query."""
    rows = applications.select_related("city__country", "city__land", "pack_version").only(*LOOKED_AT)
    found = list(rows.fetch_mode(models.FETCH_RAISE))
    for one in found:
        one.call = call
    return found


@dataclass
class _Person:
    """What the portal knows of somebody: keys of cities (with the name of those in whose team they are now), of
    countries and Länder."""

    teams: dict[int, str] = field(default_factory=dict)
    former: set[int] = field(default_factory=set)
    stated: set[int] = field(default_factory=set)
    worked_on: set[int] = field(default_factory=set)  # applications, for the city
    coordinated: set[int] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    lands: set[str] = field(default_factory=set)
    declared: dict[int, tuple[str, User]] = field(default_factory=dict)  # applications: reason, who declared it


# Rows (what, person, key of a city or an application, words, slug of the city) in the order of the slugs.
FACTS = """SELECT * FROM (
SELECT 'team', m.user_id, c.id, ARRAY[c.name_de, c.name_en, c.country_id, c.land_id]::text[], c.slug
FROM cities_teammember m JOIN cities_city c ON c.id = m.city_id WHERE m.user_id = ANY(%(people)s)
UNION ALL
SELECT 'former', person_id, city_id, NULL, '' FROM cities_teamevent
WHERE person_id = ANY(%(people)s) AND kind = ANY(%(kinds)s)
UNION ALL
SELECT 'from', user_id, 0, ARRAY[country_id, land_id]::text[], '' FROM applications_reviewerstatement
WHERE user_id = ANY(%(people)s)
UNION ALL
SELECT 'stated', s.user_id, c.city_id, NULL, '' FROM applications_reviewerstatement s
JOIN applications_reviewerstatement_cities c ON c.reviewerstatement_id = s.id WHERE s.user_id = ANY(%(people)s)
UNION ALL
SELECT CASE role WHEN 'coordinator' THEN 'coordinated' ELSE 'worked on' END, actor_id, application_id, NULL, ''
FROM applications_event WHERE actor_id = ANY(%(people)s) AND application_id = ANY(%(cases)s)
AND role IN ('editor', 'lead', 'coordinator')
UNION ALL
SELECT 'worked on', by_id, application_id, NULL, '' FROM applications_answerversion
WHERE by_id = ANY(%(people)s) AND application_id = ANY(%(cases)s)
UNION ALL
SELECT 'declared', c.person_id, c.application_id, ARRAY[c.reason, u.id::text, u.name, u.email, u.deleted_at::text], ''
FROM applications_conflict c JOIN network_user u ON u.id = c.by_id
WHERE c.person_id = ANY(%(people)s) AND c.application_id = ANY(%(cases)s)
) AS facts (what, person, key, words, slug) ORDER BY slug"""


def _people(keys: Collection[int], applications: Sequence[Application]) -> dict[int, _Person]:
    """By primary key of the person. One query."""
    cases = {one.pk for one in applications} | {one.earlier_id for one in applications if one.earlier_id}
    found = {key: _Person() for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"people": list(keys), "cases": list(cases), "kinds": list(MEMBERSHIP)})
        for what, person, key, words, _slug in cursor.fetchall():
            _learn(found[person], what, key, words)
    return found


def _learn(person: _Person, what: str, key: int, words: Any) -> None:
    """Adds one row of FACTS."""
    match what:
        case "team":
            german, english, country, land = words
            person.teams[key] = (english if get_language() == "en" else german) or german or ""
            _learn(person, "from", 0, (country, land))
        case "from":
            country, land = words
            person.countries |= {country} if country else set()
            person.lands |= {land} if land else set()
        case "declared":
            reason, by, name, email, deleted_at = words
            person.declared[key] = reason or "", User(pk=int(by or 0), name=name, email=email, deleted_at=deleted_at)
        case "former":
            person.former.add(key)
        case "stated":
            person.stated.add(key)
        case "worked on":
            person.worked_on.add(key)
        case "coordinated":
            person.coordinated.add(key)


class _Facts:
    """What is known of these people that matters for these applications."""

    def __init__(self, people: Sequence[int], applications: Sequence[Application]) -> None:
        self.people, self.applications = people, applications
        self._known = _people(people, applications) if people and applications else {}
        self._rivals = self._rivals_of(applications)
        self._places = [(one, one.city_id, _origin(one)) for one in applications]

    def pairs(self) -> Iterator[tuple[int, Application]]:
        """Those between which there is anything: most have nothing in common, and are seen through here."""
        for person, known in self._known.items():
            cities = known.teams.keys() | known.former | known.stated
            cases = known.worked_on | known.declared.keys()
            origins = {(True, land) for land in known.lands} | {(False, country) for country in known.countries}
            for one, city, origin in self._places:
                if city in cities or one.pk in cases or origin in origins or known.teams or known.coordinated:
                    yield person, one

    def _rivals_of(self, applications: Sequence[Application]) -> dict[tuple[int, int], str]:
        """The field of each application of the people's cities to these calls, by call and city."""
        cities = {city for person in self._known.values() for city in person.teams}
        if not cities:
            return {}
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


def _origin(application: Application) -> tuple[bool, str | None]:
    """From where nobody may judge it: whether it is a Land, and which; otherwise which country."""
    national, city = application.pack.national, application.city
    return national, city.land_id if national else city.country_id
