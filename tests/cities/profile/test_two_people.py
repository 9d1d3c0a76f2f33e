"""Two people write at the same time: whose text stays."""

import pytest

from cities.actions import ProfileChangedError, edit_profile
from cities.models import City, ProfileEdit
from cities.particulars import Population, particulars
from tests.cities.profile.forms import NUMBER, an_editor, errors, everything, opened, said, send, where

pytestmark = pytest.mark.django_db


def test_both_changed_other_things_then_both_stay(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    response = client.post(where(), form | {"name_de": "Bundesstadt Bonn"}, follow=True)
    city = City.objects.get(slug="bonn")
    assert (city.name_de, city.website) == ("Bundesstadt Bonn", "https://bonn.example")
    assert said(response) == [
        "Saved: Name in German.",
        "Somebody else had changed this meanwhile, and it stays: Official website.",
    ]


def a_clash(client, bonn):
    form = opened(client) | {"portrait_de": "Meine Worte.", "name_en": "Bonn on the Rhine"}
    edit_profile(bonn, by=an_editor(bonn), portrait_de="Fremde Worte.")
    before = everything()
    response = send(client, form)
    assert errors(response, 409) == {"keep_portrait_de": ["Choose what stays."]}
    assert everything() == before
    return form, response


def test_clash_shows_both_texts_and_saves_nothing(client, bonn, lead):
    form, response = a_clash(client, bonn)
    page = response.content.decode()
    assert "Somebody else has changed this while you were writing." in page
    assert "keep mine, as it stands below: Meine Worte." in page
    assert "keep the other: Fremde Worte." in page
    assert response.context["form"]["opened"].value() == form["opened"]
    assert response.context["form"]["name_en"].value() == "Bonn on the Rhine"


@pytest.mark.parametrize(("whose", "words"), [("mine", "Meine Worte."), ("theirs", "Fremde Worte.")])
def test_clash_then_the_answer_decides(client, bonn, lead, whose, words):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    answers = dict(zip(("mine", "theirs"), [value for value, _label in question.field.choices], strict=True))
    assert send(client, form, **{question.html_name: answers[whose]}).status_code == 302
    city = City.objects.get(slug="bonn")
    assert (city.portrait_de, city.name_en) == (words, "Bonn on the Rhine")
    mine = ProfileEdit.objects.filter(by=lead).values_list("field", flat=True)
    assert set(mine) == ({"portrait_de", "name_en"} if whose == "mine" else {"name_en"})


def test_answer_about_another_text_does_not_count(client, bonn, lead):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    mine = question.field.choices[0][0]
    City.objects.filter(slug="bonn").update(portrait_de="Dritte Worte.")
    response = send(client, form, **{question.html_name: mine})
    assert list(errors(response, 409)) == [question.html_name]
    assert "keep the other: Dritte Worte." in response.content.decode()
    assert City.objects.get(slug="bonn").portrait_de == "Dritte Worte."


def test_answer_survives_an_error_elsewhere(client, bonn, lead):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    mine = question.field.choices[0][0]
    response = send(client, form, **{question.html_name: mine, "website": "keine"})
    assert response.context["form"].errors.keys() == {"website"}
    assert response.context["form"].questions[0].value() == mine


def test_both_typed_the_same_then_there_is_no_clash(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    assert send(client, form, website="https://bonn.example").status_code == 302
    assert ProfileEdit.objects.count() == 1


def test_number_and_source_are_one_thing_in_a_clash(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), population=Population(1, 2023, "Andere Quelle"))
    assert list(errors(send(client, form, **NUMBER), 409)) == ["keep_population"]


@pytest.mark.parametrize("version", ["", "unfug", "a-b-c-d-e-f"])
def test_form_without_its_version_overwrites_nothing_unasked(client, bonn, lead, version):
    form = opened(client) | {"opened": version}
    assert list(errors(send(client, form, website="https://bonn.example"), 409)) == ["keep_website"]


def test_change_in_the_last_instant_is_refused(bonn, lead):
    seen = particulars(bonn)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    with pytest.raises(ProfileChangedError) as refusal:
        edit_profile(bonn, by=lead, seen=seen, website="https://mine.example", name_de="Bundesstadt Bonn")
    assert refusal.value.now["website"] == "https://bonn.example"
    city = City.objects.get(slug="bonn")
    assert (city.website, city.name_de) == ("https://bonn.example", "Bonn")


def test_change_in_the_last_instant_then_the_page_asks(client, bonn, lead, monkeypatch):
    form, editor = opened(client), an_editor(bonn)

    def late(city):
        """What the view read, just before a colleague saved."""
        before = particulars(city)
        edit_profile(city, by=editor, website="https://bonn.example")
        return before

    monkeypatch.setattr("cities.views.profile.particulars", late)
    found = errors(send(client, form, website="https://mine.example"), 409)
    assert found["__all__"] == ["Somebody else saved at the same moment. Look at the profile and save once more."]
    assert list(found) == ["keep_website", "__all__"]
    assert City.objects.get(slug="bonn").website == "https://bonn.example"
