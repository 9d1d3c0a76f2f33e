"""Signing pages: prepared, printed, signed outside, uploaded, and renewed where what was signed has changed."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from applications.actions import MoveNotAllowedError
from applications.actions.documents import add_document, remove_document
from applications.actions.drafting import save_answers
from applications.actions.endorsing import prepare_sheet, record_endorsement
from applications.completeness import gaps
from applications.documents import faults_of_files
from applications.freezing import file_of
from applications.log import faults
from applications.models import Application, Document, Endorsement
from applications.pack import fingerprint
from applications.workflow import State
from network.actions import RefusedError
from tests import factories_applications as factories
from tests.applications import bad_files as made
from tests.applications.submitting import fresh, page, text_of
from tests.factories import a_city
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_pack_document,
    a_pdf,
    an_application,
    an_editor,
)
from tests.factories_applications import a_pack_version as pack_version
from tests.guards import problems

pytestmark = pytest.mark.django_db


def write(application: Application, **values: Any) -> None:
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, values, seen=versions, by=a_lead(application.city))


def sign(application: Application, **particulars: Any) -> Endorsement:
    named = {"signatory": "Erika Muster", "office": "Oberbürgermeisterin", "scan": a_pdf("signiert.pdf")}
    return factories.sign(application, by=a_lead(application.city), **(named | particulars))


def sent(**values: object) -> dict[str, object]:
    """What the form of the upload sends."""
    particulars = {"signed_on": timezone.localdate().isoformat(), "signatory": "Erika Muster", "office": "OB"}
    return particulars | {"scan": a_pdf("scan.pdf")} | values


def address(application: Application, link: str = "mayor") -> str:
    with override("de"):
        return reverse("applications:sheet", args=[application.pk, link])


def links_with_gaps(application: Application) -> list[str]:
    with override("en"):
        return [gap.sentence for gap in gaps(file_of(fresh(application))) if not gap.section]


# --- preparing and printing


def test_sheet_when_it_is_prepared_twice_without_a_change_then_it_is_the_same(client):
    application = an_application()
    client.force_login(an_editor(application.city))
    for _time in range(2):
        assert client.post(address(application), {"prepare": "1"}).status_code == 302
    sheet = application.endorsements.get()
    assert sheet.sha256 == fingerprint(sheet.covered) == fingerprint(file_of(application).covered(_mayor(application)))
    assert application.events.filter(kind="sheet_prepared").count() == 1


def _mayor(application: Application):
    return next(link for link in application.pack.endorsements if link.key == "mayor")


def test_sheet_when_it_is_printed_then_city_call_statement_code_and_lines_are_on_it_in_both_languages(client):
    application = an_application()
    write(application, vision="Alle lernen.", plan_file=None)
    lead = a_lead(application.city)
    document = add_document(application, "plan_file", a_pdf("Plan 2030.pdf"), by=lead)
    sheet = prepare_sheet(application, "mayor", by=lead)
    client.force_login(lead)
    for language in ("de", "en"):
        response = page(client, "sheet_print", application, "mayor", sheet.pk, language=language)
        assert problems(response, language) == []
        words = text_of(response)
        for told in (
            "Musterstadt", "Aufruf runde Call runde", "Netz gnlc" if language == "de" else "Network gnlc", "small 1",
            "Unsere Stadt bekennt sich.", "Our city is committed.", sheet.code, sheet.sha256, "Plan 2030.pdf",
            document.sha256[:12], "Signature", "Official stamp", "Oberbürgermeister*in Mayor", str(application.pk),
        ):  # fmt: skip
            assert told in words, told
        assert "Alle lernen." not in words
    response = page(client, "sheet_print", application, "mayor", sheet.pk)
    client.get(response.request["PATH_INFO"])
    with_answers = client.get(response.request["PATH_INFO"] + "?answers=1")
    assert "Alle lernen." in text_of(with_answers)
    assert problems(with_answers, "en") == []


def test_sheet_when_it_was_prepared_then_it_still_says_what_it_said_then(client):
    application = an_application()
    write(application, vision="Alle lernen.")
    lead = a_lead(application.city)
    sheet = prepare_sheet(application, "mayor", by=lead)
    write(application, vision="Etwas anderes.")
    client.force_login(lead)
    path = reverse("applications:sheet_print", args=[application.pk, "mayor", sheet.pk])
    words = text_of(client.get(f"{path}?answers=1"))
    assert "Alle lernen." in words
    assert "Etwas anderes." not in words


def test_sheet_when_parts_of_it_are_missing_then_the_page_warns_before_it_is_signed(client):
    application = an_application()
    client.force_login(a_lead(application.city))
    assert "2 things are missing still in these parts." in text_of(page(client, "sheet", application, "mayor"))


@pytest.mark.parametrize("who", ["stranger", "coordinator", "nobody"])
def test_sheet_when_somebody_else_asks_then_they_do_not_meet_it(client, who):
    application = an_application()
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    printed = reverse("applications:sheet_print", args=[application.pk, "mayor", sheet.pk])
    if who != "nobody":
        person = a_lead(a_city("fern")) if who == "stranger" else a_coordinator(application.call.network)
        client.force_login(person)
    status = 302 if who == "nobody" else 404
    assert [client.get(path).status_code for path in (address(application), printed)] == [status, status]
    assert client.post(address(application), {"prepare": "1"}).status_code == status


def test_sheet_when_the_link_or_the_number_is_unknown_then_404(client):
    application = an_application()
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    assert client.get(address(application, "gibtesnicht")).status_code == 404
    for link, number in (("commission", sheet.pk), ("mayor", sheet.pk + 1)):
        assert client.get(reverse("applications:sheet_print", args=[application.pk, link, number])).status_code == 404


def test_sheet_when_the_link_is_not_the_citys_then_the_page_says_when_it_comes_and_nothing_can_be_prepared(client):
    application = an_application()
    client.force_login(a_lead(application.city))
    response = page(client, "sheet", application, "commission")
    assert "This comes after submission." in text_of(response)
    assert 'name="prepare"' not in response.content.decode()
    assert client.post(address(application, "commission"), {"prepare": "1"}).status_code == 404
    assert Endorsement.objects.count() == 0


def test_sheet_when_the_application_is_closed_then_it_can_only_be_read(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_lead(application.city))
    response = page(client, "sheet", application, "mayor")
    assert "Signed by E. Muster" in text_of(response)
    assert "<form" not in response.content.decode().partition("<main")[2]
    client.post(address(application), {"prepare": "1"})
    assert client.post(address(application), sent()).status_code == 200
    assert (application.endorsements.count(), application.documents.count()) == (1, 1)


# --- the signed page


def test_signed_sheet_when_it_is_uploaded_then_it_is_tied_to_what_it_covers(client):
    application = an_application()
    editor = an_editor(application.city)
    client.force_login(editor)
    client.post(address(application), {"prepare": "1"})
    sheet = application.endorsements.get()
    response = client.post(address(application), sent(sheet=sheet.pk))
    assert response.status_code == 302
    given = application.endorsements.get()
    assert given.document is not None
    assert (given.signatory, given.office, given.signed_on) == ("Erika Muster", "OB", timezone.localdate())
    assert (given.recorded_by, given.document.name, given.document.kind) == (editor, "scan.pdf", "pdf")
    assert given.document.question == "endorsement:mayor"
    assert links_with_gaps(application) == []
    event = application.events.latest("sequence")
    assert (event.kind, event.data) == (
        "endorsement_recorded", {"link": "mayor", "sha256": sheet.sha256, "document": given.document.sha256},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"scan": ""}, "Choose the file with the signed page."),
        ({"signed_on": ""}, "Give the date of the signature."),
        ({"signed_on": "gestern"}, "This is not a date. Example: 2027-05-31."),
        ({"signatory": "  "}, "Give the name of the person who has signed."),
        ({"office": ""}, "Give the office of the person who has signed."),
        ({"signed_on": "2999-01-01"}, "The signature cannot be from the future. Check the date."),
        (
            {"signed_on": "2020-01-01"},
            "The signature cannot be older than the page that was signed. Check the date.",
        ),
        ({"scan": SimpleUploadedFile("scan.pdf", b"")}, "The file is empty. Choose it once more."),
        (
            {"scan": SimpleUploadedFile("scan.pdf", made.a_docx())},
            "This file is of the kind DOCX (Word). Possible here: PDF, JPEG, PNG.",
        ),
    ],
)
def test_signed_sheet_when_something_is_wrong_then_it_says_what_and_nothing_typed_is_lost(
    client, folder, spoilt, sentence
):
    application = an_application()
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    with override("en"):
        path = reverse("applications:sheet", args=[application.pk, "mayor"])
    response = client.post(path, sent(sheet=sheet.pk, office="Bürgermeisterin von Musterstadt") | spoilt)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert problems(response, "en") == []
    assert ("optional" in text_of(response)) == ("scan" not in spoilt)  # once it is uploaded, it need not be sent again
    if "office" not in spoilt:
        assert "Bürgermeisterin von Musterstadt" in response.content.decode()
    is_kept = "scan" not in spoilt
    assert (Document.objects.count(), len(list(folder.rglob("documents/*")))) == (is_kept, is_kept)
    assert ("need not choose it again" in text_of(response)) == is_kept
    assert not application.endorsements.get().is_given


def test_signed_sheet_when_the_date_was_wrong_then_the_scan_need_not_be_chosen_again(client):
    application = an_application()
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    client.post(address(application), sent(sheet=sheet.pk, signed_on="2020-01-01"))
    kept = application.documents.get()
    again = {name: value for name, value in sent(sheet=sheet.pk, kept=kept.pk).items() if name != "scan"}
    assert client.post(address(application), again).status_code == 302
    assert application.endorsements.get().document == kept


def test_signed_sheet_when_it_names_a_scan_of_another_application_then_nothing_is_recorded(client):
    application, other = an_application(), an_application(city=a_city("fern"))
    foreign = add_document(other, "endorsement:mayor", a_pdf(), by=a_lead(other.city))
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    again = {name: value for name, value in sent(sheet=sheet.pk, kept=foreign.pk).items() if name != "scan"}
    assert client.post(address(application), again).status_code == 422
    assert not application.endorsements.get().is_given


def test_signed_sheet_when_it_is_a_picture_then_that_is_fine():
    application = an_application()
    given = sign(application, scan=SimpleUploadedFile("foto.jpg", made.a_picture()))
    assert given.document is not None
    assert (given.document.kind, given.document.width) == ("jpeg", 60)


def test_signed_sheet_when_an_answer_changes_then_it_is_to_be_renewed_with_the_difference_shown(client):
    application = an_application()
    write(application, vision="Alle lernen hier gern.")
    sign(application)
    assert links_with_gaps(application) == []
    write(application, vision="Alle lernen dort gern.")
    assert links_with_gaps(application) == ["What was signed has changed since: it must be signed anew."]
    client.force_login(a_lead(application.city))
    response = page(client, "sheet", application, "mayor")
    assert problems(response, "en") == []
    html = response.content.decode()
    assert "To be renewed. What Erika Muster signed on" in text_of(response)
    assert "<del>hier</del>" in html
    assert "<ins>dort</ins>" in html
    write(application, vision="Alle lernen hier gern.")
    assert links_with_gaps(application) == []
    assert "The signature covers what the application says now." in text_of(page(client, "sheet", application, "mayor"))


def test_signed_sheet_when_something_it_does_not_cover_changes_then_it_stays_valid():
    application = an_application()  # the mayor signs the section "plan"
    sign(application)
    write(application, council_body="Hauptausschuss")
    assert links_with_gaps(application) == []


def test_signed_sheet_when_a_document_it_covers_changes_then_it_is_to_be_renewed():
    application = an_application()
    lead = a_lead(application.city)
    sign(application)
    document = add_document(application, "plan_file", SimpleUploadedFile("a.pdf", made.a_pdf(2)), by=lead)
    assert len(links_with_gaps(application)) == 1
    remove_document(document, by=lead)
    assert links_with_gaps(application) == []


def test_signed_sheet_when_a_better_scan_comes_then_the_later_one_counts_and_both_are_kept(client, folder):
    application = an_application()
    first = sign(application)
    client.force_login(a_lead(application.city))
    better = SimpleUploadedFile("besser.pdf", made.a_pdf(2))
    assert client.post(address(application), sent(sheet=first.pk, scan=better)).status_code == 302
    file = file_of(fresh(application))
    document = file.endorsements["mayor"].document
    assert document is not None
    assert document.name == "besser.pdf"
    assert file.is_current(file.endorsements["mayor"])
    assert (application.endorsements.count(), len(list(folder.rglob("documents/*")))) == (2, 2)
    with pytest.raises(MoveNotAllowedError):
        remove_document(application.documents.earliest("pk"), by=a_lead(application.city))
    assert (list(faults()), list(faults_of_files())) == ([], [])


def test_signed_sheet_when_several_were_prepared_then_the_code_says_which_was_signed(client):
    application = an_application()
    write(application, vision="Erste Fassung.")
    lead = a_lead(application.city)
    old = prepare_sheet(application, "mayor", by=lead)
    write(application, vision="Zweite Fassung.")
    new = prepare_sheet(application, "mayor", by=lead)
    client.force_login(lead)
    words = text_of(page(client, "sheet", application, "mayor"))
    assert "Which page was signed?" in words
    assert old.code in words
    assert client.post(address(application), sent()).status_code == 422
    assert client.post(address(application), sent(sheet=old.pk)).status_code == 302
    assert links_with_gaps(application) == ["What was signed has changed since: it must be signed anew."]
    assert client.post(address(application), sent(sheet=new.pk)).status_code == 302
    assert links_with_gaps(application) == []


def test_signed_sheet_when_it_names_a_sheet_of_another_application_then_nothing_is_recorded(client):
    application = an_application()
    other = an_application(city=a_city("fern"))
    foreign = prepare_sheet(other, "mayor", by=a_lead(other.city))
    prepare_sheet(application, "mayor", by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    assert client.post(address(application), sent(sheet=foreign.pk)).status_code == 422
    assert not other.endorsements.get().is_given


def test_signed_sheet_when_somebody_else_records_it_then_it_is_refused(folder):
    application = an_application()
    sheet = prepare_sheet(application, "mayor", by=a_lead(application.city))
    others = (a_lead(a_city("fern")), a_coordinator(application.call.network))
    for person in others:
        with pytest.raises(RefusedError):
            add_document(application, "endorsement:mayor", a_pdf(), by=person)
    assert list(folder.rglob("*/*")) == []
    scan = add_document(application, "endorsement:mayor", a_pdf(), by=a_lead(application.city))
    for person in others:
        with pytest.raises(RefusedError):
            record_endorsement(sheet, scan, signed_on=timezone.localdate(), signatory="E", office="OB", by=person)
    assert not application.endorsements.get().is_given


def test_signed_sheet_when_the_day_is_another_in_the_zone_of_the_call_then_that_day_counts(monkeypatch):
    now = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)  # already 2 March in Kiritimati
    monkeypatch.setattr(timezone, "now", lambda: now)
    application = an_application(call=a_call(zone="Pacific/Kiritimati", opens_at=now - datetime.timedelta(days=1)))
    given = sign(application, signed_on=datetime.date(2027, 3, 2))
    assert given.signed_on == datetime.date(2027, 3, 2)
    tomorrow, document = datetime.date(2027, 3, 3), given.document
    assert document is not None
    with pytest.raises(MoveNotAllowedError):
        record_endorsement(given, document, signed_on=tomorrow, signatory="E", office="OB", by=a_lead(application.city))


def test_signed_sheet_when_all_documents_together_are_limited_then_it_counts():
    size = a_pdf("signiert.pdf").size
    assert size is not None
    fits, does_not = (
        an_application(call=a_call(f"runde-{most}", pack=pack_version(key=f"most-{most}", max_bytes=most)))
        for most in (size, size - 1)
    )
    for application in (fits, does_not):
        sign(application, scan=a_pdf("signiert.pdf"))
    assert ["Dokumente" in {gap.label for gap in gaps(file_of(fresh(one)))} for one in (fits, does_not)] == [
        False,
        True,
    ]


def test_chain_when_it_has_several_links_then_each_has_its_own_page_and_all_are_needed(client):
    document = a_pack_document()
    letter = document["endorsements"][0] | {"key": "association", "covers": []}
    letter["role"] = {"de": "Fachverband", "en": "Professional association"}
    document["endorsements"].insert(1, letter)
    application = an_application(call=a_call(pack=pack_version(**document)))
    lead = a_lead(application.city)
    sign(application)
    assert links_with_gaps(application) == ["The signed page is missing."]
    client.force_login(lead)
    words = text_of(page(client, "sheet", application, "association"))
    assert "Signature: Professional association" in words
    assert "Resolution" in words  # covers everything but the step of submitting
    assert "Consent" not in words.partition("With it")[2].partition("Prepare")[0]
    factories.sign(application, "association", by=lead)
    assert links_with_gaps(application) == []
    assert {one["link"] for one in file_of(fresh(application)).content["endorsements"]} == {"mayor", "association"}
