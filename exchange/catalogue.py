"""All published practices in memory: one bit a practice for every value it can be filtered by.

The same design as the directory of cities (cities/directory.py): a filter is a few `&` and `|`, a count `bit_count()`.
A catalogue belongs to one directory, and so to one content version.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connections
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Greatest

from cities.directory import SHORTEST_GUESS, Directory
from cities.entries import Named, in_english
from cities.models.city import TYPO_LIKENESS
from cities.names import fold, spellings
from cities.selection import CURRENT, UNKNOWN, population_class, union
from exchange.entries import Place, PracticeEntry
from exchange.models import Practice, Programme
from exchange.models.practice import WORDS

GROUPS = ("theme", "goal", "region", "country", "network", "programme", "adopted", "partners", "population", "year",
          "stage", "money", "language")  # fmt: skip
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. Within a group any value fits, groups are joined by *and*."""

    theme: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    found: frozenset[int] | None = None  # primary keys found by words; None: nothing was searched


class Catalogue:
    """All published practices at one content version. Never changed after it was built. Two queries."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.programmes = {p.slug: Named(p.slug, p.name_de, p.name_en or p.name_de) for p in Programme.objects.all()}
        self.entries: list[PracticeEntry] = []
        self.of_value: dict[str, dict[str, int]] = {group: defaultdict(int) for group in GROUPS}
        self.countries: dict[str, Named] = {}
        for practice in _rows():
            self._add(practice)
        self.everything = (1 << len(self.entries)) - 1
        self._orders: dict[tuple[str, str], list[int]] = {}
        for language in ("de", "en"):
            self._order(language)
        self.number = {entry.pk: number for number, entry in enumerate(self.entries)}
        self._spellings = {key: spellings(named.de, named.en) for key, named in self.countries.items()}

    def _add(self, practice: Practice) -> None:
        assert practice.published_at is not None, "only published practices are read"
        place = self._place(practice)
        entry = PracticeEntry(
            practice.pk, practice.slug,
            practice.title_de or "", practice.title_en or "", practice.summary_de or "", practice.summary_en or "",
            frozenset(language for language in ("de", "en") if practice.language_for(language) == language),
            practice.original_language, place, practice.theme, tuple(practice.goals), practice.first_year,
            practice.last_year, practice.stage, practice.programme.slug if practice.programme else "",
            self._networks(practice), practice.money, practice.partners, tuple(practice.transfer_stages),
            practice.licence, practice.source_url, practice.published_at,
            practice.changed_at,
        )  # fmt: skip
        bit = 1 << len(self.entries)
        self.entries.append(entry)
        self.countries.setdefault(place.country.key, place.country)
        for group, values in _values(entry, self.directory.people(place.pk) if place.pk else None).items():
            for value in values:
                self.of_value[group][value] |= bit

    def _place(self, practice: Practice) -> Place:
        city = practice.city
        country = city.country if city else practice.country
        assert country is not None, "the database holds that a practice has one place"
        named = Named(country.iso2, country.name_de, country.name_en or country.name_de)
        if city is None:
            return Place(Named("", practice.authority, practice.authority), named, country.region)
        return Place(
            Named(city.slug, city.name_de, city.name_en or city.name_de), named, country.region, city.pk,
            city.slug if city.pk in self.directory.number else "", (city.latitude, city.longitude),
        )  # fmt: skip

    def _networks(self, practice: Practice) -> frozenset[str]:
        number = self.directory.number.get(practice.city_id or 0)
        memberships = () if number is None else self.directory.entries[number].memberships
        return frozenset(practice.network_slugs) | {m.network.slug for m in memberships if m.status in CURRENT}

    # --- who fits

    def hits(self, wanted: Wanted, *, without: str = "") -> int:
        """The practices that fit, as bits; `without` leaves the choice of one group out."""
        bits = self.everything if wanted.found is None else self.bits_of(wanted.found)
        for group in GROUPS:
            values = getattr(wanted, group)
            if values and group != without:
                bits &= union(self.of_value[group], values)
        return bits

    def counts(self, wanted: Wanted) -> Counts:
        """For every value of every group how many practices there would be with it instead of the group's choice."""
        counts: Counts = {}
        for group, sets in self.of_value.items():
            rest = self.hits(wanted, without=group)
            counts[group] = {value: (rest & bits).bit_count() for value, bits in sets.items()}
        return counts

    def bits_of(self, ids: Iterable[int]) -> int:
        bits = 0
        for pk in ids:
            if (number := self.number.get(pk)) is not None:
                bits |= 1 << number
        return bits

    def listed(self, bits: int, sort: str = "new") -> list[PracticeEntry]:
        """The practices by one of the sorts `new`, `title`, `place` as a reader of the active language has them; newest
        first means that those without a year come last, and the title decides among equals."""
        chosen = f"{bits:b}".zfill(len(self.entries))[::-1]
        order = self._orders["en" if in_english() else "de", sort]
        return [self.entries[n] for n in order if chosen[n] == "1"]

    def _order(self, language: str) -> None:
        """Every practice's place in each list, so that a page sorts nothing."""
        titles, places = [], []
        for entry in self.entries:
            english = language == "en"
            titles.append(fold(entry.title_en if entry.language_in(language) == "en" else entry.title_de))
            places.append(fold(entry.place.name.en if english else entry.place.name.de))
        years = [-(entry.last_year or entry.first_year or 0) for entry in self.entries]
        numbers = range(len(self.entries))
        slugs = [entry.slug for entry in self.entries]
        self._orders[language, "new"] = sorted(numbers, key=lambda n: (years[n], titles[n], slugs[n]))
        self._orders[language, "title"] = sorted(numbers, key=lambda n: (titles[n], slugs[n]))
        self._orders[language, "place"] = sorted(numbers, key=lambda n: (places[n], titles[n], slugs[n]))

    def of(self, group: str, value: str) -> list[PracticeEntry]:
        """The practices with one value."""
        return self.listed(self.of_value[group].get(value, 0))

    def of_city(self, pk: int) -> list[PracticeEntry]:
        """What a city tells."""
        return self.listed(self.bits_of(entry.pk for entry in self.entries if entry.place.pk == pk))

    def cities_of(self, entries: Iterable[PracticeEntry]) -> int:
        """How many places these practices come from."""
        return len({(entry.place.name, entry.place.country) for entry in entries})

    # --- search by words

    def find(self, text: str) -> list[int]:
        """The primary keys of practices in which every word occurs, in either language, in any form of the word or
        inside another one; the name of the place or its country counts too. Best first."""
        typed = fold(text)
        if not typed:
            return []
        everywhere = Q()
        for word in typed.split():
            codes = [code for code, names in self._spellings.items() if any(name.startswith(word) for name in names)]
            everywhere &= (
                Q(folded_de__contains=word)
                | Q(folded_en__contains=word)
                | Q(city__search_text__contains=word)
                | Q(authority__icontains=word)
                | Q(city__country__in=codes)
                | Q(country__in=codes)
                | Q(words=SearchQuery(word, config="german"))
                | Q(words=SearchQuery(word, config="english"))
            )
        query = SearchQuery(typed, config="german") | SearchQuery(typed, config="english")
        rank = Case(
            When(Q(folded_de__startswith=typed) | Q(folded_en__startswith=typed), then=Value(0)),
            When(city__search_text__contains=f"|{typed}|", then=Value(1)),
            When(Q(folded_de__contains=typed) | Q(folded_en__contains=typed), then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        found = (
            Practice.objects.published()
            .annotate(words=WORDS)
            .filter(everywhere)
            .annotate(place=rank, worth=SearchRank(F("words"), query))
        )
        return list(found.order_by("place", "-worth", "slug").values_list("pk", flat=True))

    def find_misspelt(self, text: str) -> list[int]:
        """The primary keys of practices with words like the text, most like first; none for a text so short that
        everything is like it."""
        typed = fold(text)
        if sum(letter.isalnum() for letter in typed) < SHORTEST_GUESS:
            return []
        practices = Practice.objects.published()
        with connections[practices.db].cursor() as cursor:  # the index asks for this likeness, by itself for 0.6
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(TYPO_LIKENESS)])
        like = practices.filter(
            Q(folded_de__trigram_word_similar=typed)
            | Q(folded_en__trigram_word_similar=typed)
            | Q(city__search_text__trigram_word_similar=typed)
        ).annotate(
            likeness=Greatest(
                TrigramWordSimilarity(typed, "folded_de"),
                TrigramWordSimilarity(typed, "folded_en"),
                TrigramWordSimilarity(typed, "city__search_text"),
            )
        )
        rows = list(like.order_by("-likeness", "slug").values_list("pk", "likeness"))
        return [pk for pk, likeness in rows if likeness >= rows[0][1] - 0.1]


def _rows() -> Iterable[Practice]:
    """Published practices by slug with what an entry is made of; one query."""
    return (
        Practice.objects.published()
        .with_networks()
        .with_transfers()
        .select_related("city__country", "country", "programme")
        .defer("folded_de", "folded_en", "imported")
        .order_by("slug")
    )


def _values(entry: PracticeEntry, people: int | None) -> dict[str, Iterable[str]]:
    """Every value by group; `unknown` stands for what is not stated, and for a practice that no other city tries."""
    years: Iterable[str] = (UNKNOWN,)
    if entry.first_year is not None:
        years = map(str, range(entry.first_year, (entry.last_year or entry.first_year) + 1))
    return {
        "theme": (entry.theme,),
        "goal": map(str, entry.goals),
        "region": (entry.place.region,),
        "country": (entry.place.country.key,),
        "network": entry.networks,
        "programme": (entry.programme,) if entry.programme else (),
        "adopted": set(entry.transfers) or (UNKNOWN,),
        "partners": (entry.partners,) if entry.partners else (),
        "population": (population_class(people),),
        "year": years,
        "stage": (entry.stage or UNKNOWN,),
        "money": (entry.money or UNKNOWN,),
        "language": entry.languages,
    }


_kept: WeakKeyDictionary[Directory, Catalogue] = WeakKeyDictionary()
_lock = threading.Lock()


def catalogue(directory: Directory) -> Catalogue:
    """The practices that belong to this directory; read once for each, so after every change of content."""
    with _lock:
        if directory not in _kept:
            _kept[directory] = Catalogue(directory)
        return _kept[directory]
