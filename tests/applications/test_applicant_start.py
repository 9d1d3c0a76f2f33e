"""Beginning an application: from a call, or from an earlier application of the same city."""

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions.documents import add_document
from applications.actions.drafting import save_answers, start
from applications.models import Application
from applications.workflow import State
from cities.models import TeamMember
from tests.applications.browsing import opened, section_url, send
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_lead,
    a_pack_document,
    a_pack_version,
    a_pdf,
    an_application,
    text,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db


def url(call) -> str:
    return reverse("applications:start", args=[call.slug])


def begin(client, call, **fields: str):
    return client.post(url(call), fields)


def test_start_then_the_task_list_of_a_draft_opens(client):
    call, city = a_call(), a_city("musterstadt")
    client.force_login(a_lead(city))
    response = begin(client, call, language_choice="en")
    made = Application.objects.get()
    assert (made.city, made.state, made.language, made.earlier) == (city, State.DRAFT, "en", None)
    assert response.headers["Location"] == reverse("applications:detail", args=[made.pk])


def test_start_then_the_city_and_the_languages_are_called_by_their_names(client):
    city = a_city("musterstadt")
    client.force_login(a_lead(city))
    html = client.get(url(a_call(pack=a_pack_version(answer_languages=["en", "fr"])))).content.decode()
    assert f"<b>{city.name}</b>" in html
    assert re.findall(r"<label[^>]*>\s*(\w+)\s*</label>", html) == ["Englisch", "Französisch"]


def test_start_when_there_is_one_then_the_page_leads_to_it_and_begins_no_second(client):
    made = an_application()
    client.force_login(made.started_by)
    html = client.get(url(made.call)).content.decode()
    assert reverse("applications:detail", args=[made.pk]) in html
    begin(client, made.call, language_choice="de")
    assert Application.objects.count() == 1


def test_start_by_one_in_two_teams_then_the_city_is_asked_for(client):
    call, one, other = a_call(), a_city("musterstadt"), a_city("beispielhausen")
    lead = a_lead(one)
    TeamMember.objects.create(city=other, user=lead, role=TeamMember.Role.EDITOR)
    client.force_login(lead)
    assert begin(client, call, language_choice="de").status_code == 422
    begin(client, call, language_choice="de", city_choice="beispielhausen")
    assert Application.objects.get().city == other


def test_start_for_a_city_of_others_then_nothing_begins(client):
    call = a_call()
    a_city("lyon")
    client.force_login(a_lead(a_city("musterstadt")))
    assert begin(client, call, language_choice="de", city_choice="lyon").status_code in {302, 422}
    assert not Application.objects.filter(city__slug="lyon").exists()


@pytest.mark.parametrize("opens", [-30, 5])
def test_start_before_the_call_opens_or_after_its_end_then_the_page_says_so(client, opens):
    now = timezone.now()
    call = a_call(opens_at=now + datetime.timedelta(days=opens), closes_at=now + datetime.timedelta(days=opens + 20))
    client.force_login(a_lead(a_city("musterstadt")))
    response = client.get(url(call))
    assert '<form class="form"' not in response.content.decode()
    assert problems(response, "de") == []
    begin(client, call, language_choice="de")
    assert not Application.objects.exists()


def test_start_by_one_without_a_city_then_the_way_to_one_is_shown(client):
    client.force_login(a_person(Role.OPERATOR))
    assert reverse("cities:mine") in client.get(url(a_call())).content.decode()


def test_start_of_a_call_that_is_not_published_then_404(client):
    client.force_login(a_lead(a_city("musterstadt")))
    assert client.get(url(a_call(published_at=None))).status_code == 404


# --- from an earlier application


@pytest.fixture
def earlier(client) -> Application:
    """One that was refused with a reason, in a pack with facts and choices; its lead is signed in."""
    document = a_pack_document()
    document["steps"][2]["sections"][1]["questions"].append(
        {"key": "people", "kind": "city_fact", "label": text("Bevölkerung", "Population"), "fact": "population"}
    )
    made = an_application(State.NOT_ENDORSED, call=a_call("alt", pack=a_pack_version(steps=document["steps"])))
    client.force_login(made.started_by)
    return made


@pytest.fixture
def new(earlier) -> Application:
    call = a_call("neu", pack=earlier.pack_version)
    return start(call, earlier.city, by=earlier.started_by, language="de", earlier=earlier)


def stored(application: Application) -> dict[str, Any]:
    return dict(application.answers.values_list("question", "value"))


def may_be_taken(html: str) -> list[str]:
    """The questions whose earlier answers have a button."""
    return re.findall(r'name="take"\s+value="(\w+)"', html)


def test_start_then_earlier_applications_of_the_city_are_offered_and_none_of_others(client, earlier):
    others = an_application(State.SUBMITTED, call=a_call("anders"), city=a_city("lyon"))
    call = a_call("neu")
    client.force_login(earlier.started_by)
    html = client.get(url(call)).content.decode()
    assert f'value="{earlier.pk}"' in html
    assert f'value="{others.pk}"' not in html
    begin(client, call, language_choice="de", earlier_choice=str(others.pk))
    assert not Application.objects.filter(call=call).exists()
    begin(client, call, language_choice="de", earlier_choice=str(earlier.pk))
    assert Application.objects.get(call=call).earlier == earlier


def test_begun_from_an_earlier_one_then_nothing_is_taken_over_unasked(new):
    assert stored(new) == {}


def test_begun_from_an_earlier_one_then_its_answers_and_reasons_stand_beside_the_questions(client, new):
    page = client.get(section_url(new, "plan"))
    html = page.content.decode()
    assert problems(page, "de") == []
    assert "Lernen gelingt in jedem Alter." in html
    assert "vision" in may_be_taken(html)
    assert "Begründung." in html
    assert "Begründung." in client.get(reverse("applications:detail", args=[new.pk])).content.decode()


def test_answer_when_taken_over_then_it_is_the_persons_own_and_what_was_typed_elsewhere_is_saved(client, new):
    form = opened(client, new, "plan")
    response = send(client, new, "plan", form, take="vision", q__has_plan="no")
    assert stored(new) == {"vision": "Lernen gelingt in jedem Alter.", "has_plan": "no"}
    assert response.headers["Location"].endswith("#question.vision")
    assert "vision" not in may_be_taken(client.get(section_url(new, "plan")).content.decode())


def test_answer_when_taken_over_then_what_stood_there_is_in_the_history(client, new):
    form = opened(client, new, "plan")
    send(client, new, "plan", form, take="vision", q__vision="Schon getippt.")
    versions = new.versions.filter(question="vision").order_by("version").values_list("value", flat=True)
    assert list(versions) == ["Schon getippt.", "Lernen gelingt in jedem Alter."]


def test_confirmations_and_facts_then_they_are_given_anew(client, new):
    html = client.get(section_url(new, "rules")).content.decode()
    assert may_be_taken(html) == []
    send(client, new, "rules", opened(client, new, "rules"), take="rules_read")
    assert stored(new) == {}
    send(client, new, "people", opened(client, new, "people"), take="people")
    people = stored(new)["people"]
    assert people["value"] == "330579"
    assert people["confirmed"] is False
    send(client, new, "people", opened(client, new, "people"), take="mayor")
    mayor = stored(new)["mayor"]
    assert mayor["name"] == "E. Muster"
    assert mayor["consent"] is False


def test_choice_that_is_no_longer_offered_then_it_cannot_be_taken_over(client, earlier):
    document = a_pack_document()
    document["steps"][2]["sections"][0]["questions"][1]["choices"] = [
        {"key": "perhaps", "label": text("Vielleicht", "Perhaps")},
        {"key": "never", "label": text("Nie", "Never")},
    ]
    document["steps"][2]["sections"][0]["questions"][2].pop("only_if")
    call = a_call("neu", pack=a_pack_version(steps=document["steps"]))
    new = start(call, earlier.city, by=earlier.started_by, language="de", earlier=earlier)
    assert "has_plan" not in may_be_taken(client.get(section_url(new, "plan")).content.decode())
    send(client, new, "plan", opened(client, new, "plan"), take="has_plan")
    assert stored(new) == {}


def test_document_when_taken_over_then_it_is_a_copy_of_its_own(client, earlier):
    old = an_application(call=a_call("mit-datei"), city=a_city("lyon"))
    lead = old.started_by
    document = add_document(old, "plan_file", a_pdf("plan.pdf"), by=lead)
    new = start(a_call("neu"), old.city, by=lead, language="de", earlier=old)
    client.force_login(lead)
    send(client, new, "plan", opened(client, new, "plan"), take="plan_file")
    copy = new.documents.get()
    assert copy.pk != document.pk
    assert (copy.name, copy.sha256) == (document.name, document.sha256)
    assert stored(new) == {"plan_file": [copy.pk]}


def test_earlier_answer_that_is_the_same_then_it_is_not_offered(client, new):
    save_answers(new, {"vision": "Lernen gelingt in jedem Alter."}, seen={}, by=new.started_by)
    assert "vision" not in may_be_taken(client.get(section_url(new, "plan")).content.decode())
