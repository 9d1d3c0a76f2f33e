"""Cities that reviewers named in their own words before the portal knew them: where one of such a name applies, the
coordination gets a hint. Whether it is the same city, and so a conflict of interest, people decide."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from applications.conflicts import Pair
from applications.models import Application
from cities.names import spellings
from network.models import User


@dataclass(frozen=True)
class Hint:
    """What somebody has written in their statement that holds the name of the city that applies."""

    person: User
    application: Application
    words: str


def hints_of(people: Iterable[User], applications: Sequence[Application], *, barred: Collection[Pair]) -> list[Hint]:
    """By application, then by person; without pairs that are in conflict anyhow. No query: the people have their
    statements loaded, the applications their cities."""
    stated = [(person, person.reviewer_statement.words) for person in people if hasattr(person, "reviewer_statement")]
    lines = [
        (person, line.strip(), [f" {one} " for one in spellings(line)])
        for person, words in stated
        for line in words.splitlines()
    ]
    if not lines:
        return []
    return [
        Hint(person, application, line)
        for application in applications
        for known in [_names(application)]
        for person, line, typed in lines
        if (person.pk, application.pk) not in barred and any(name in one for name in known for one in typed)
    ]


def _names(application: Application) -> list[str]:
    """The names of the city as whole words, in either language and with or without umlauts."""
    city = application.city
    return [f" {name} " for name in spellings(city.name_de, city.name_en or "")]
