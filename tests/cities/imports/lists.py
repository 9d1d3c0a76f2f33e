"""The files of an import for tests: two networks' cities, and what a test changes in them."""

import pytest

from cities.imports import BadFiles, import_files
from cities.models import City, Country, Fact, Membership, MembershipChange, ProfileEdit, Source
from network.models import Figure, Network

COUNTRIES = "iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\nFR,France,Frankreich,europe\n"
LAENDER = "key,name_de,name_en\n05,Nordrhein-Westfalen,North Rhine-Westphalia\n"
SOURCES = "tag,url,what\nlist-2025,https://example.org/list,The list of 2025\npress-2020,,\n"
CITY_HEAD = "slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
BONN = "bonn,Bonn,Bonn,DE,50.73438,7.09549,330579,2946447,https://www.bonn.de\n"
LYON = "lyon,Lyon,Lyon,FR,45.74846,4.84671,,,\n"
NICE = "nice,Nice,Nizza,FR,43.7,7.26,342522,2990440,\n"
MEMBER_HEAD = "city_slug,network,year_joined,creative_field,role,source\n"
BONN_LEARNS = "bonn,gnlc,2019,,member,list-2025\n"
LYON_FILMS = "lyon,uccn,2008,film,president 2020,list-2025+press-2020\n"
EVENT_HEAD = "city_slug,network,kind,happened,old_field,field,note_de,note_en,source_label,source_url\n"
LYON_CHANGED = "lyon,uccn,field,2023-10-31,music,film,Von Musik zu Film,From music to film,News,https://example.org/n\n"
NETWORK_HEAD = (
    "slug,name_en,name_de,abbreviation,founded,host_organisation,secretariat_city,website,member_count,"
    "member_count_as_of\n"
)


def a_network(slug, *, founded):
    return Network.objects.create(
        slug=slug, name_de=slug, short_name_de=slug, member_name_de=slug, abbreviation=slug, founded=founded
    )


def some_files(**changed):
    """Two cities and their memberships; a keyword replaces a file (`city_keys=…`), None takes it away."""
    texts = {
        "countries": COUNTRIES,
        "laender": LAENDER,
        "sources": SOURCES,
        "cities": CITY_HEAD + BONN + LYON,
        "memberships": MEMBER_HEAD + BONN_LEARNS + LYON_FILMS,
    } | changed
    return {
        f"{name}.csv": text if isinstance(text, bytes) else text.encode()
        for name, text in texts.items()
        if text is not None
    }


def a_folder(path, **changed):
    for name, content in some_files(**changed).items():
        (path / name).write_bytes(content)
    return path


def findings(**changed):
    """What an import refuses, as sentences; and proof that it has written nothing."""
    before = everything()
    with pytest.raises(BadFiles) as refusal:
        import_files(some_files(**changed))
    assert everything() == before
    return [str(problem) for problem in refusal.value.problems]


def everything():
    return [
        sorted(model.objects.order_by().values_list())
        for model in (City, Membership, Source, Network, Figure, Fact, MembershipChange, ProfileEdit, Country)
    ]


def changes(difference):
    return [str(change) for change in difference.changes]


def a_team_edit(field="website", new="https://bonn.example"):
    import_files(some_files())
    City.objects.filter(slug="bonn").update(**{field: new})
    ProfileEdit.objects.create(city=City.objects.get(slug="bonn"), field=field, old="", new=new)


def recorded():
    columns = ("kind", "happened", "old_field__slug", "field__slug", "note_de", "note_en", "source_label", "source_url")
    return list(MembershipChange.objects.order_by("happened", "pk").values_list(*columns))
