"""Documents: what comes in as what, limits, the virus scanner, removing, giving out."""

import hashlib
import io
import logging
import socket
import threading

import pikepdf
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from applications.actions import MoveNotAllowedError
from applications.actions.calls import keep_pack
from applications.actions.documents import add_document, remove_document
from applications.actions.moving import perform
from applications.documents import faults_of_files
from applications.models import Application, Event
from applications.workflow import Action, State
from cities.models import TeamMember
from network.actions import RefusedError
from network.documents import FileKind, Rules, clean_name, inspect, virus_scan_configured
from tests.applications import bad_files as made
from tests.applications import clamd
from tests.factories import Role, a_city, a_network, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_pack_document,
    a_pdf,
    an_application,
    an_editor,
)

ANY = Rules(accepts=tuple(FileKind), max_bytes=10 * 1024 * 1024)


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def last_event(application: Application) -> Event:
    return application.events.order_by("-sequence")[0]


def upload(content: bytes, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")  # what a browser says counts for nothing


# --- what comes in


@pytest.mark.parametrize(
    ("content", "kind", "facts"),
    [
        (made.a_pdf(3), "pdf", (3, None, None)),
        (made.a_pdf(encryption=pikepdf.Encryption(owner="x", user="")), "pdf", (1, None, None)),
        (made.a_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf", (1, None, None)),
        (made.a_pdf() + b"\r\n\0\0", "pdf", (1, None, None)),
        (made.a_picture("JPEG", (61, 42)), "jpeg", (None, 61, 42)),
        (made.a_picture("JPEG", (700, 500), progressive=True), "jpeg", (None, 700, 500)),
        (made.a_picture("PNG", (30, 20)), "png", (None, 30, 20)),
        (made.a_docx(), "docx", (None, None, None)),
        (made.an_odt(), "odt", (None, None, None)),
    ],
    ids=["PDF", "PDF that may not be printed", "PDF with packed objects", "PDF with an empty end", "JPEG",
         "progressive JPEG", "PNG", "DOCX", "ODT"],
)  # fmt: skip
def test_inspect_when_a_file_is_sound_then_its_facts_come_from_its_content(content, kind, facts):
    file = upload(content, "anything.exe")
    found = inspect(file, ANY)
    assert (found.kind, found.pages, found.width, found.height) == (kind, *facts)
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (found.virus_checked, file.read()) == (False, content)


def test_inspect_when_the_kind_is_known_but_not_wanted_then_both_are_named():
    only_pictures = Rules(accepts=(FileKind.JPEG, FileKind.PNG), max_bytes=10**6)
    with override("en"), pytest.raises(RefusedError) as refused:
        inspect(upload(made.a_docx()), only_pictures)
    assert refused.value.for_reader == "This file is of the kind DOCX (Word). Possible here: JPEG, PNG."


@pytest.mark.parametrize(
    ("rules", "content", "sentence"),
    [
        (Rules((FileKind.PDF,), 10**6, max_pages=2), made.a_pdf(3), "The PDF has 3 pages, the limit is 2."),
        (
            Rules((FileKind.JPEG,), 10**6, min_pixels=50),
            made.a_picture("JPEG", (90, 49)),
            "The picture has 90 × 49 pixels; the shorter side needs 50 at least.",
        ),
        (
            Rules((FileKind.PDF,), 1024 * 1024),
            made.a_pdf() + b"\n" * (24 * 1024 * 1024),
            "The file is 24 MB, the limit is 1 MB. Everything else you entered is still there.",
        ),
        (
            Rules((FileKind.PDF,), 1024 * 1024),
            b"%PDF-" + b"\n" * (1024 * 1024),
            "The file is 1.01 MB, the limit is 1 MB. Everything else you entered is still there.",
        ),
    ],
    ids=["pages", "pixels", "bytes", "some bytes"],
)
def test_inspect_when_a_limit_is_passed_then_it_says_what_is_and_what_may_be(rules, content, sentence):
    with override("en"), pytest.raises(RefusedError) as refused:
        inspect(upload(content), rules)
    assert refused.value.for_reader == sentence


def test_inspect_when_a_limit_is_just_kept_then_it_comes_in():
    content = made.a_pdf(2)
    exact = Rules((FileKind.PDF,), len(content), max_pages=2)
    assert inspect(upload(content), exact).pages == 2
    assert inspect(upload(made.a_picture("PNG", (90, 50))), Rules((FileKind.PNG,), 10**6, min_pixels=50)).height == 50


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Bildungsplan 2030 (Entwurf).pdf", "Bildungsplan 2030 (Entwurf).pdf"),
        ("Größe & Ärger – 100 %.PDF", "Größe & Ärger – 100 %.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\Windows\\system32\\a.dll", "a.dll.pdf"),
        ("C:\\Users\\erika\\plan.pdf", "plan.pdf"),
        ("/", "document.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("plan.pdf.exe", "plan.pdf.exe.pdf"),
        ("plan\x00.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "plan Set-Cookie_ a=b.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe.pdf"),
        ("\u200bplan\ufeff.pdf", "plan.pdf"),
        ('a<b>c:d"e|f?g*h.pdf', "a_b_c_d_e_f_g_h.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul.pdf"),
        ("lpt1.txt", "_lpt1.txt.pdf"),
        ("plan   2030 .pdf", "plan 2030.pdf"),
        ("計画.pdf", "計画.pdf"),
        ("a" * 400 + ".pdf", "a" * 146 + ".pdf"),
        ("ä" * 400 + ".pdf", "ä" * 98 + ".pdf"),
        ("u\u0308ber.pdf", "über.pdf"),
    ],
)
def test_name_then_it_is_recognisable_and_harmless(name, kept):
    assert clean_name(name, FileKind.PDF) == kept


def test_name_when_it_has_a_suffix_of_its_kind_then_it_keeps_that():
    assert clean_name("Foto.JPEG", FileKind.JPEG) == "Foto.jpeg"
    assert clean_name("Foto.png", FileKind.JPEG) == "Foto.png.jpg"


# --- the virus scanner


def test_scanner_when_none_is_set_then_the_portal_says_so():
    assert not virus_scan_configured()


def test_scanner_when_it_finds_nothing_then_the_file_counts_as_checked(settings):
    content = made.a_pdf()
    with clamd.running() as scanner:
        settings.CLAMAV = scanner.place
        assert virus_scan_configured()
        assert inspect(upload(content), ANY).virus_checked
    assert scanner.seen == [content]


@pytest.mark.django_db
def test_scanner_when_it_finds_a_virus_then_nothing_is_stored(settings, folder):
    application = an_application()
    with clamd.running() as scanner:
        settings.CLAMAV = scanner.place
        infected = upload(made.pdf_with(Note=pikepdf.String(made.EICAR)))
        with override("en"), pytest.raises(RefusedError) as refused:
            add_document(application, "plan_file", infected, by=a_lead(application.city))
    assert refused.value.for_reader == "The virus scanner objects to this file (Eicar-Signature). It was not stored."
    assert (files(folder), application.documents.count()) == ([], 0)


@pytest.mark.parametrize("behaviour", ["silent", "full", "away"])
def test_scanner_when_it_does_not_answer_then_nothing_comes_in_unchecked(settings, caplog, behaviour):
    with clamd.running() as scanner:
        scanner.behaviour = behaviour
        settings.CLAMAV = scanner.place if behaviour != "away" else _nobody()
        with override("en"), pytest.raises(RefusedError) as refused, caplog.at_level(logging.ERROR):
            inspect(upload(made.a_pdf()), ANY)
    assert refused.value.for_reader == (
        "Files are checked for viruses before they are stored, and the check does not answer now. "
        "Try again in some minutes; everything else you entered is still there."
    )
    assert "virus scanner" in caplog.text


def _nobody() -> tuple[str, int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address: tuple[str, int] = server.getsockname()
    return address


def test_scanner_when_it_listens_at_a_path_then_it_is_reached(settings, tmp_path):
    with clamd.running() as scanner:
        scanner.server.close()
        place = str(tmp_path / "clamd.ctl")
        scanner.server = socket.socket(socket.AF_UNIX)
        scanner.server.bind(place)
        scanner.server.listen()
        threading.Thread(target=scanner.serve, daemon=True).start()
        settings.CLAMAV = place
        assert inspect(upload(made.a_pdf()), ANY).virus_checked


# --- adding and removing


@pytest.mark.django_db
def test_document_when_it_is_added_then_file_answer_and_event_are_there(folder):
    application = an_application()
    editor = an_editor(application.city)
    content = made.a_pdf()
    document = add_document(application, "plan_file", upload(content, "../../Plan 2030.pdf"), by=editor)
    assert (document.name, document.kind, document.pages, document.uploaded_by) == ("Plan 2030.pdf", "pdf", 1, editor)
    assert [path.read_bytes() for path in files(folder)] == [content]
    assert "Plan" not in str(files(folder)[0])
    answer = application.answers.get(question="plan_file")
    assert (answer.value, answer.version, answer.changed_by) == ([document.pk], 1, editor)
    event = last_event(application)
    assert (event.kind, event.actor) == (Event.Kind.DOCUMENT_ADDED, editor)
    assert event.data == {
        "question": "plan_file", "document": document.pk, "kind": "pdf", "size": document.size,
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip


@pytest.mark.django_db
def test_document_when_it_is_sent_twice_then_it_is_there_once(folder):
    application = an_application()
    lead = a_lead(application.city)
    content = made.a_pdf()
    first = add_document(application, "plan_file", upload(content, "a.pdf"), by=lead)
    assert add_document(application, "plan_file", upload(content, "b.pdf"), by=lead) == first
    assert (len(files(folder)), application.events.filter(kind="document_added").count()) == (1, 1)


@pytest.mark.django_db
def test_document_when_there_are_as_many_as_may_be_then_no_further_one_comes_in(folder):
    application = an_application()
    lead = a_lead(application.city)
    for pages in (1, 2):
        add_document(application, "plan_file", upload(made.a_pdf(pages)), by=lead)
    with override("en"), pytest.raises(RefusedError) as refused:
        add_document(application, "plan_file", upload(made.a_pdf(3)), by=lead)
    assert refused.value.for_reader == "At most 2 documents are possible here. Remove one first."
    assert len(files(folder)) == 2


def an_application_with(**question: object) -> Application:
    """A draft whose pack has these limits at `plan_file`, or (max_bytes) for all documents together."""
    a_network("gnlc")
    document = a_pack_document()
    if "all_bytes" in question:
        document["max_bytes"] = question.pop("all_bytes")
    document["steps"][2]["sections"][0]["questions"][-1] |= question
    return an_application(call=a_call(pack=keep_pack(document, by=None)))


@pytest.mark.django_db
def test_document_when_there_may_be_one_then_a_new_one_takes_its_place_and_both_stay_in_the_history(folder):
    application = an_application_with(at_most=1)
    lead = a_lead(application.city)
    first = add_document(application, "plan_file", upload(made.a_pdf(1)), by=lead)
    second = add_document(application, "plan_file", upload(made.a_pdf(2)), by=lead)
    first.refresh_from_db()
    assert (first.removed_by, second.removed_at) == (lead, None)
    assert application.answers.get(question="plan_file").value == [second.pk]
    assert last_event(application).data["replaces"] == [first.pk]
    assert len(files(folder)) == 2
    assert list(faults_of_files()) == []


@pytest.mark.django_db
def test_document_when_all_together_would_be_too_large_then_it_stays_out_and_a_replacement_counts_once(folder):
    small, large = made.a_pdf(1), made.a_pdf(1) + b"\n" * 900
    together = len(small) + len(large) - 1
    application = an_application_with(at_most=1, max_bytes=together, all_bytes=together)
    lead = a_lead(application.city)
    add_document(application, "plan_file", upload(small), by=lead)
    add_document(application, "plan_file", upload(large), by=lead)
    tight = an_application_with_city("zweite", at_most=3, max_bytes=together, all_bytes=together)
    lead = a_lead(tight.city)
    add_document(tight, "plan_file", upload(large), by=lead)
    with pytest.raises(RefusedError):
        add_document(tight, "plan_file", upload(small), by=lead)
    assert tight.documents.count() == 1


def an_application_with_city(slug: str, **question: object) -> Application:
    document = a_pack_document(key=slug)
    document["max_bytes"] = question.pop("all_bytes")
    document["steps"][2]["sections"][0]["questions"][-1] |= question
    return an_application(call=a_call(slug, pack=keep_pack(document, by=None)), city=a_city(slug))


@pytest.mark.django_db
def test_document_when_it_is_removed_then_the_answer_loses_it_and_the_history_keeps_it(folder):
    application = an_application()
    lead = a_lead(application.city)
    first = add_document(application, "plan_file", upload(made.a_pdf(1)), by=lead)
    second = add_document(application, "plan_file", upload(made.a_pdf(2)), by=lead)
    remove_document(first, by=lead)
    remove_document(first, by=lead)
    first.refresh_from_db()
    assert first.removed_by == lead
    assert application.answers.get(question="plan_file").value == [second.pk]
    remove_document(second, by=lead)
    assert application.answers.get(question="plan_file").value is None
    assert [event.data["document"] for event in application.events.filter(kind="document_removed")] == [
        first.pk, second.pk,
    ]  # fmt: skip
    assert len(files(folder)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.WITHDRAWN, State.LAPSED, State.ADMITTED])
def test_document_when_the_application_is_closed_then_none_comes_in_or_goes(state, folder):
    application = an_application(state)
    lead, count = a_lead(application.city), len(files(folder))
    with pytest.raises(MoveNotAllowedError):
        add_document(application, "plan_file", a_pdf(), by=lead)
    with pytest.raises(MoveNotAllowedError):
        add_document(application, "endorsement:mayor", a_pdf(), by=lead)
    assert len(files(folder)) == count


@pytest.mark.django_db
def test_document_when_only_other_parts_were_asked_for_then_its_question_is_closed():
    application = an_application(State.RETURNED)  # "vision" is open
    lead = a_lead(application.city)
    with pytest.raises(MoveNotAllowedError):
        add_document(application, "plan_file", a_pdf(), by=lead)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["coordinator", "stranger", "former"])
def test_document_when_somebody_else_adds_it_then_it_is_refused(who, folder):
    application = an_application()
    document = add_document(application, "plan_file", a_pdf(), by=a_lead(application.city))
    if who == "former":
        person = an_editor(application.city)
        TeamMember.objects.filter(user=person).delete()
    else:
        network = application.call.network
        person = a_coordinator(network) if who == "coordinator" else a_person(Role.LEAD, city=a_city("fern"))
    with pytest.raises(MoveNotAllowedError):
        add_document(application, "plan_file", upload(made.a_pdf(2)), by=person)
    with pytest.raises(MoveNotAllowedError):
        remove_document(document, by=person)
    assert len(files(folder)) == 1


@pytest.mark.django_db
def test_document_when_the_question_is_none_of_documents_then_it_is_a_mistake_of_the_caller():
    application = an_application()
    with pytest.raises(ValueError, match="vision"):
        add_document(application, "vision", a_pdf(), by=a_lead(application.city))


@pytest.mark.django_db
def test_document_when_the_application_closes_while_it_is_looked_into_then_no_file_stays(folder, monkeypatch):
    application = an_application()
    lead = a_lead(application.city)
    store = FileSystemStorage.save

    def withdraw_and_store(storage, *args, **kwargs):
        perform(application, Action.WITHDRAW, by=lead, note="Doch nicht.")
        return store(storage, *args, **kwargs)

    monkeypatch.setattr(FileSystemStorage, "save", withdraw_and_store)
    with pytest.raises(MoveNotAllowedError):
        add_document(application, "plan_file", a_pdf(), by=lead)
    assert (files(folder), application.documents.count()) == ([], 0)


# --- giving out


@pytest.mark.django_db
def test_download_when_the_team_asks_then_the_same_bytes_come_as_a_file_and_never_as_a_page(client):
    application = an_application()
    lead = a_lead(application.city)
    content = made.a_pdf()
    document = add_document(application, "plan_file", upload(content, "Größe der Stadt.pdf"), by=lead)
    remove_document(document, by=lead)
    client.force_login(an_editor(application.city))
    response = client.get(reverse("applications:document", args=[application.pk, document.pk]))
    assert response.status_code == 200
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20der%20Stadt.pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_download_when_it_was_not_submitted_then_the_coordination_does_not_get_it(client):
    application = an_application(State.SUBMITTED)
    lead, coordinator = a_lead(application.city), a_coordinator(application.call.network)
    perform(
        application, Action.RETURN, by=coordinator, note="Plan fehlt.", parts=["plan_file"],
        until=application.call.closes_at,
    )  # fmt: skip
    application = Application.objects.for_page().get()
    draft = add_document(application, "plan_file", upload(made.a_pdf(2)), by=lead)
    signed = application.documents.get(question="endorsement:mayor")
    client.force_login(coordinator)
    address = [reverse("applications:document", args=[application.pk, one.pk]) for one in (draft, signed)]
    response = client.get(address[1])
    assert (client.get(address[0]).status_code, response.status_code) == (404, 200)
    response.getvalue()


@pytest.mark.django_db
def test_download_when_a_stranger_or_another_application_asks_then_404(client):
    application = an_application()
    document = add_document(application, "plan_file", a_pdf(), by=a_lead(application.city))
    other = an_application(city=a_city("fern"))
    address = reverse("applications:document", args=[application.pk, document.pk])
    assert client.get(address).status_code == 302
    for person in (
        a_lead(other.city),
        a_coordinator(application.call.network),
        a_person(Role.REVIEWER, network=application.call.network),
    ):
        client.force_login(person)
        assert client.get(address).status_code == 404
    client.force_login(a_lead(other.city))
    assert client.get(reverse("applications:document", args=[other.pk, document.pk])).status_code == 404


@pytest.mark.django_db
def test_download_when_the_file_is_missing_then_404_and_the_operator_learns_of_it(client, folder, caplog):
    application = an_application()
    lead = a_lead(application.city)
    document = add_document(application, "plan_file", a_pdf(), by=lead)
    files(folder)[0].unlink()
    client.force_login(lead)
    assert client.get(reverse("applications:document", args=[application.pk, document.pk])).status_code == 404
    assert f"The file {document.file.name} is missing." in caplog.text


@pytest.mark.django_db
def test_remove_page_then_it_asks_first_and_only_the_team_reaches_it(client):
    application = an_application()
    lead = a_lead(application.city)
    document = add_document(application, "plan_file", a_pdf("Entwurf.pdf"), by=lead)
    address = reverse("applications:document_remove", args=[application.pk, document.pk])
    client.force_login(a_coordinator(application.call.network))
    assert client.post(address).status_code == 404
    client.force_login(lead)
    assert "Entwurf.pdf" in client.get(address).content.decode()
    assert application.documents.get().removed_at is None
    response = client.post(address)
    assert (
        response["Location"] == reverse("applications:section", args=[application.pk, "plan"]) + "#question.plan_file"
    )
    assert application.documents.get().removed_by == lead


# --- comparing afterwards


@pytest.mark.django_db
def test_verify_log_when_a_byte_of_a_document_was_changed_or_a_file_is_missing_then_both_are_named(folder):
    application = an_application()
    lead = a_lead(application.city)
    first = add_document(application, "plan_file", upload(made.a_pdf(1)), by=lead)
    second = add_document(application, "plan_file", upload(made.a_pdf(2)), by=lead)
    out = io.StringIO()
    call_command("verify_log", stdout=out)
    assert out.getvalue() == "Everything fits.\n"
    path = folder / first.file.name
    content = path.read_bytes()
    path.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    (folder / second.file.name).unlink()
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^2 things do not fit\.$"):
        call_command("verify_log", stdout=out)
    assert out.getvalue().splitlines() == [
        f"document {first.pk} of application {application.pk}: its file was changed",
        f"document {second.pk} of application {application.pk}: its file is missing",
    ]
