"""Programmes: their texts are data that ship with the portal, their counters are counted."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from exchange.content_files import CONTENT
from exchange.models import Programme, ProgrammeFigure, ProgrammePassage, Session
from tests.exchange.test_practices import words
from tests.factories import Role, a_city, a_member, a_network, a_person
from tests.factories_exchange import a_practice, a_programme, a_session

pytestmark = pytest.mark.django_db
NAMES = ["live-learning-experience", "cities-for-global-health", "urban-sustainability-exchange",
         "unesco-learning-city-award"]  # fmt: skip


def load(**options: object) -> str:
    out = io.StringIO()
    call_command("load_exchange", stdout=out, **options)
    return out.getvalue()


def test_load_then_four_programmes_with_texts_in_both_languages_and_a_source():
    load()
    assert list(Programme.objects.values_list("slug", flat=True)) == NAMES
    for programme in Programme.objects.all():
        for name in ("name", "lead", "about", "hosts", "period"):
            assert getattr(programme, f"{name}_de")
            assert getattr(programme, f"{name}_en")
        assert programme.source_label
        kinds = set(programme.passages.values_list("kind", flat=True))
        assert {ProgrammePassage.Kind.PART, ProgrammePassage.Kind.CONDITION, ProgrammePassage.Kind.LINK} <= kinds
    assert not ProgrammeFigure.objects.filter(source_label="").exists()
    assert not Session.objects.filter(source_label="").exists()


def test_load_then_every_page_of_every_programme_and_session_opens(client):
    a_member("swansea", a_network("gnlc"))
    load()
    addresses = [programme.get_absolute_url() for programme in Programme.objects.all()]
    addresses += [session.get_absolute_url() for session in Session.objects.all()]
    for address in addresses:
        for language in ("de", "en"):
            assert client.get(address.replace("/de/", f"/{language}/", 1)).status_code == 200


def test_load_again_then_what_people_edited_stays_unless_it_is_to_be_replaced():
    load()
    Programme.objects.filter(slug=NAMES[0]).update(lead_de="Von Hand.")
    count = ProgrammePassage.objects.count()
    assert f"{NAMES[0]}: exists, left alone." in load()
    assert Programme.objects.filter(lead_de="Von Hand.").exists()
    assert f"{NAMES[0]}: rewritten." in load(replace=True)
    assert not Programme.objects.filter(lead_de="Von Hand.").exists()
    assert ProgrammePassage.objects.count() == count


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("programmes.json", lambda rows: rows[0].pop("lead") and rows[0].update(lead={"de": "nur deutsch"}), "lead"),
        ("programmes.json", lambda rows: rows[1].update(slug=rows[0]["slug"]), "is there already"),
        ("programmes.json", lambda rows: rows[0]["passages"][0].update(kind="rumour"), "passages"),
        ("programmes.json", lambda rows: rows[0].update(purpose="?"), "purpose: not known here"),
        ("sessions.json", lambda rows: rows[0].update(programme="nirgends"), "'nirgends' is not known"),
        ("sessions.json", lambda rows: rows[0].update(day="2020-02-31"), "day, from, to or zone cannot be used"),
        ("sessions.json", lambda rows: rows[0].update({"from": "15:00"}), "day, from, to or zone cannot be used"),
        ("sessions.json", lambda rows: rows[0].update(networks="gnlc"), "must be a list"),
    ],
)
def test_load_when_a_file_is_wrong_then_nothing_is_written_and_the_place_is_named(tmp_path, file, change, said):
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / file
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(CommandError, match=said) as refusal:
        load(folder=tmp_path / "content")
    assert str(refusal.value).startswith(file)
    assert (Programme.objects.count(), Session.objects.count()) == (0, 0)


def test_fifth_programme_then_it_needs_no_code(client):
    a_programme("fuenftes", name_en="A fifth one")
    assert "A fifth one" in words(client.get("/en/programmes/"))
    assert client.get("/en/programmes/fuenftes/").status_code == 200


def test_programme_then_its_counters_are_counted_from_what_is_public(client):
    reihe = a_programme("reihe")
    cork = a_member("cork", a_network("gnlc"))
    for slug, city in (("a", cork), ("b", cork), ("c", a_city("bonn"))):
        a_practice(slug, city=city, programme=reihe)
    a_practice("entwurf", city=cork, programme=reihe, published_at=None)
    a_practice("anderswo", city=cork)
    a_session("eine", programme=reihe)
    for path in ("/en/programmes/", "/en/programmes/reihe/"):
        assert "3 initiatives here 2 cities 1 session here" in words(client.get(path))


def test_programme_then_quoted_figures_stand_apart_with_date_and_source(client):
    reihe = a_programme("reihe")
    ProgrammeFigure.objects.create(
        programme=reihe, label_de="Initiativen", label_en="initiatives", value=600, at_least=True, as_of="2021-03",
        source_label="Metropolis", source_url="https://example.org/",
    )  # fmt: skip
    page = words(client.get("/en/programmes/reihe/"))
    assert "initiatives more than 600 Metropolis" in page
    assert "as of March 2021" in page
    assert "These numbers are those of the sources." in page


def test_programme_without_practices_then_it_says_so_and_leads_on(client):
    a_programme("leer")
    page = words(client.get("/en/programmes/leer/"))
    assert "This portal holds no practice of this programme yet." in page
    assert "Nothing of it is in this portal yet." in page


def test_programmes_when_there_are_none_then_the_page_says_so(client):
    assert "No programme has been described yet." in words(client.get("/en/programmes/"))


def test_coordinator_then_adds_a_fifth_programme_without_code_and_only_for_the_own_network(client):
    gnlc, uccn = a_network("gnlc"), a_network("uccn")
    a_programme("fremd").networks.add(uccn)
    client.force_login(a_person(Role.COORDINATOR, network=gnlc))
    values = {"name_de": "Nachtschule", "slug": "nachtschule", "position": "9", "networks": [gnlc.pk],
              "lead_de": "Lernen am Abend.", "about_de": "Wozu.", "hosts_de": "Ein Netzwerk", "period_de": "seit 2026",
              "source_label": "Ein Netzwerk", "passages-TOTAL_FORMS": "1", "passages-INITIAL_FORMS": "0",
              "passages-0-kind": "part", "passages-0-position": "1", "passages-0-text_de": "Ein Abend.",
              "figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0"}  # fmt: skip
    add = "/de/desk/exchange/programme/add/"
    assert client.post(add, values | {"networks": [uccn.pk]}).status_code == 200  # the form, with what is wrong
    assert client.post(add, values).status_code == 302
    assert [p.slug for p in Programme.objects.order_by("slug")] == ["fremd", "nachtschule"]
    listed = client.get("/de/desk/exchange/programme/").content.decode()
    assert ("Nachtschule" in listed, "Programm fremd" in listed) == (True, False)
    assert "Ein Abend." in client.get("/de/programmes/nachtschule/").content.decode()


def test_home_then_shows_the_newest_practices_and_none_that_is_hidden(client):
    bonn = a_member("bonn", a_network("gnlc"))
    a_practice("sichtbar", city=bonn)
    a_practice("verborgen", city=a_city("koeln"), visibility="hidden")
    text = client.get("/de/").content.decode()
    assert ("Titel sichtbar" in text, "verborgen" in text) == (True, False)
