"""Legal pages and the report of a barrier."""

import datetime

import pytest
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone, translation

from network.actions import REPORTS_PER_HOUR
from network.models import BarrierReport, Letter
from network.views.legal import TITLES
from tests.letters import work

pytestmark = pytest.mark.django_db
OPERATOR = {
    "name": "Stadt Muster", "address": "Weg 1", "email": "betrieb@example.org", "phone": "1",
    "representative": "E. M.", "supervisory": "Amt",
}  # fmt: skip


def report(client, **changes):
    data = {"text": "Die Karte lässt sich nicht bedienen.", "page": "/de/cities/", "name": "", "email": ""}
    return client.post(reverse("legal:barrier"), data | changes)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", TITLES)
def test_legal_pages_are_open_to_everybody_in_both_languages(client, name, language):
    with translation.override(language):
        response = client.get(reverse(f"legal:{name}"))
        page = response.content.decode()
        assert response.status_code == 200
        assert page.count("<h1") == 1
        assert str(TITLES[name]) in page


def test_demo_says_where_the_operator_is_missing_and_a_real_one_stands(client, settings):
    settings.OPERATOR = dict.fromkeys(OPERATOR, "")
    with translation.override("en"):
        assert "Name of the operator (not set in the demo)" in client.get(reverse("legal:imprint")).content.decode()
        settings.OPERATOR = OPERATOR  # takes effect with the next start, which keeps no page
        caches["pages"].clear()
        page = client.get(reverse("legal:imprint")).content.decode()
    assert "Stadt Muster" in page
    assert "not set in the demo" not in page


def test_report_is_stored_with_the_day_of_its_answer(client):
    response = report(client, name="Erika", email="erika@example.org")
    stored = BarrierReport.objects.get()
    assert (stored.text, stored.page) == ("Die Karte lässt sich nicht bedienen.", "/de/cities/")
    assert (stored.name, stored.email, stored.language) == ("Erika", "erika@example.org", "de")
    assert stored.due_on == timezone.localdate() + datetime.timedelta(days=30)
    assert stored.answered_on is None
    page = client.get(response.headers["Location"]).content.decode()
    assert str(stored.pk) in page
    assert "Die Karte" not in page
    assert "erika@example.org" not in page


def test_report_is_mailed_to_the_operator_with_the_way_to_answer(client, settings):
    settings.OPERATOR = OPERATOR
    with translation.override("en"):
        report(client, email="erika@example.org")
    work()
    letter = mail.outbox[0]
    assert letter.to == ["betrieb@example.org"]
    assert letter.reply_to == ["erika@example.org"]
    assert "Die Karte lässt sich nicht bedienen." in letter.body
    assert f"/de/desk/network/barrierreport/{BarrierReport.objects.get().pk}/change/" in letter.body


def test_without_an_operators_address_nothing_is_mailed(client, settings):
    settings.OPERATOR = OPERATOR | {"email": ""}
    report(client)
    work()
    assert BarrierReport.objects.count() == 1
    assert mail.outbox == []


def test_a_mail_server_that_fails_does_not_lose_the_report(client, settings):
    settings.OPERATOR = OPERATOR
    away = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "network.mailers.SMTP", "OPTIONS": away}}
    assert report(client).status_code == 302
    work()
    assert BarrierReport.objects.count() == 1
    assert Letter.objects.get().state == Letter.State.WAITING


@pytest.mark.parametrize(("field", "value"), [("text", ""), ("email", "keine adresse"), ("text", "x" * 5001)])
def test_an_error_keeps_what_was_typed_and_is_tied_to_its_field(client, field, value):
    response = report(client, **({"name": "Erika Muster", "page": "Startseite"} | {field: value}))
    page = response.content.decode()
    assert response.status_code == 422
    assert not BarrierReport.objects.exists()
    assert 'value="Erika Muster"' in page
    assert 'value="Startseite"' in page
    assert 'aria-invalid="true"' in page
    assert f'id="id_{field}_error"' in page
    assert f'href="#id_{field}"' in page


def test_the_hidden_field_stops_programs_and_lets_people_try_again(client):
    response = report(client, homepage="https://spam.example/")
    page = response.content.decode()
    assert response.status_code == 422
    assert not BarrierReport.objects.exists()
    assert "Die Karte lässt sich nicht bedienen." in page
    assert "spam.example" not in page


def test_too_many_reports_from_one_connection_are_refused_others_are_not(client):
    for _ in range(REPORTS_PER_HOUR):
        assert report(client).status_code == 302
    response = report(client)
    assert response.status_code == 429
    assert "Die Karte lässt sich nicht bedienen." in response.content.decode()
    assert BarrierReport.objects.count() == REPORTS_PER_HOUR
    assert client.post(
        reverse("legal:barrier"), {"text": "Anders"}, headers={"x-forwarded-for": "203.0.113.9"}
    ).status_code == 302  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("/de/cities/?q=a", "/de/cities/?q=a"), ("https://evil.example/", ""), ("//evil.example/", ""), ("<b>", "")],
)
def test_the_page_is_filled_in_only_for_own_paths(client, asked, shown):
    response = client.get(reverse("legal:barrier"), {"page": asked})
    assert response.context["form"].initial["page"] == shown


def test_a_guessed_receipt_is_404(client):
    BarrierReport.objects.create(text="Karte")
    assert client.get(reverse("legal:barrier_thanks", args=["1"])).status_code == 404


def test_an_unknown_address_has_a_page_with_search(client):
    response = client.get("/de/gibt-es-nicht/")
    assert response.status_code == 404
    assert 'role="search"' in response.content.decode()
