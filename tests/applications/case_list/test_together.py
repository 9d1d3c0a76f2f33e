"""Acts on several applications at once: a preview, what is done, and what is left out."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.moving import perform
from applications.models import Application, Comment, Flag
from applications.workflow import Action, State
from tests.factories_applications import a_lead
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db

LIST = "coordination:list"


def together(client, act: str, picked: list[Application], **data: object):
    where = f"{reverse('coordination:together')}?act={act}&sort=city"
    return client.post(where, {"case": [one.pk for one in picked], **data})


def test_together_then_a_preview_says_who_and_who_not_and_nothing_has_happened(client, cases, coordinator):
    client.force_login(coordinator)
    with translation.override("en"), only_reads():
        response = client.get(reverse("coordination:together"), {"act": "review", "all": "1", "sort": "city"})
    plan = response.context["plan"]
    assert [one.case.line.slug for one in plan.taken] == ["bonn", "koeln"]
    reasons = {one.case.line.slug: one.reason for one in plan.left}
    assert reasons == {
        "aachen": "It is “Under review”.",
        "lyon": "Its formal check says that something is not in order.",
    }
    assert problems(response, "en") == []
    assert Application.objects.filter(state=State.IN_REVIEW).count() == 1


def test_together_when_confirmed_then_done_for_each_and_reported_with_who_was_left_out(client, cases, coordinator):
    client.force_login(coordinator)
    perform(cases["back"], Action.REVIEW, by=coordinator)  # by a colleague, after the preview
    response = together(client, "review", list(cases.values()), note="")
    assert response.headers["Location"] == f"{reverse(LIST)}?sort=city"
    page = client.get(response.headers["Location"]).content.decode()
    assert Application.objects.filter(state=State.IN_REVIEW).count() == 3
    for left in ("Bonn", "Lyon", "Aachen"):
        assert left in page.partition("<h1")[0] + page.partition("messages")[2]
    assert a_lead(cases["new"].city).received_letters.filter(kind="application_moved").count() == 1


def test_together_messages_then_each_team_has_its_own_letter_and_a_withdrawn_city_none(client, cases, coordinator):
    perform(cases["new"], Action.WITHDRAW, by=a_lead(cases["new"].city), note="Wir warten.")
    client.force_login(coordinator)
    together(client, "message", list(cases.values()), text="Die Jury tagt am Montag.")
    assert Comment.objects.filter(kind=Comment.Kind.TO_CITY).count() == 3
    assert a_lead(cases["review"].city).received_letters.filter(kind="application_message").count() == 1
    assert not a_lead(cases["new"].city).received_letters.filter(kind="application_message").exists()


def test_together_flags_then_one_on_each_for_the_chosen_person(client, cases, coordinator):
    client.force_login(coordinator)
    day = (timezone.localdate() + datetime.timedelta(days=3)).isoformat()
    picked = [cases["new"], cases["back"]]
    together(client, "flag", picked, text="Beschluss ansehen", owner=coordinator.pk, due_on=day)
    assert Flag.objects.filter(text="Beschluss ansehen", owner=coordinator).count() == 2


def test_together_with_a_wrong_entry_then_all_is_kept_and_nothing_done(client, cases, coordinator):
    client.force_login(coordinator)
    response = together(client, "message", [cases["new"]], text=" ")
    assert response.status_code == 422
    assert problems(response, "de") == []
    assert f'name="case" value="{cases["new"].pk}"' in response.content.decode()
    assert not Comment.objects.exists()


def test_together_without_a_tick_or_for_what_is_decided_alone_then_back_to_the_list(client, cases, coordinator):
    client.force_login(coordinator)
    for query in ("", "?act=review", "?act=refuse&all=1", "?act=endorse&all=1", "?act=nonsense&case=1"):
        response = client.get(reverse("coordination:together") + query)
        assert response.headers["Location"].startswith(reverse(LIST))
    assert {one.state for one in Application.objects.all()} == {State.SUBMITTED, State.IN_REVIEW}
