"""Pictures and documents of practices: what comes in, who meets them, what becomes of them."""

import datetime
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from exchange.actions import moderating, papers, proposing
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import PracticeDocument, PracticePicture, Proposal
from network.actions import RefusedError
from tests.applications import bad_files as made
from tests.applications import clamd
from tests.factories import Role, a_member, a_network, a_person
from tests.factories_exchange import a_proposal
from tests.guards import only_reads

pytestmark = pytest.mark.django_db
ABOUT = {"title_de": "Bericht", "language": "de", "credit": "Amt", "licence": "CC BY 4.0"}
SHOWS = {"alt_de": "Eine Bank", "credit": "E. M.", "licence": "CC0 1.0"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def gnlc():
    return a_network("gnlc")


@pytest.fixture
def bonn(gnlc):
    return a_member("bonn", gnlc)


@pytest.fixture
def lead(bonn):
    return a_person(Role.LEAD, city=bonn)


@pytest.fixture
def coordinator(gnlc):
    return a_person(Role.COORDINATOR, network=gnlc)


@pytest.fixture
def proposal(bonn, lead):
    return a_proposal(bonn, by=lead)


def upload(content: bytes, name: str = "bericht.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")  # what a browser says counts for nothing


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def address(name: str, proposal: Proposal, **more: int) -> str:
    return reverse(f"exchange:{name}", kwargs={"pk": proposal.pk, **more})


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ not a document", made.a_picture(), made.pdf_with_attachment(), made.docx_with_link(),
     made.a_pdf(201), made.a_pdf()[:-900], made.a_docx({"word/vbaProject.bin": "x"})],
    ids=["empty", "program", "picture", "PDF with a file", "DOCX with a link", "many pages", "cut off", "macros"],
)  # fmt: skip
def test_document_when_it_cannot_be_kept_then_said_beside_it_nothing_is_stored_and_nothing_typed_is_lost(
    client, folder, proposal, lead, content
):
    client.force_login(lead)
    answer = client.post(address("document_add", proposal), {"file": upload(content), **ABOUT})
    assert (answer.status_code, list(answer.context["form"].errors), files(folder)) == (422, ["file"], [])
    assert 'value="Bericht"' in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "kind", "served"),
    [
        (made.a_pdf(3), "../<plan>.exe", "pdf", ("plan_.exe.pdf", "application/pdf")),
        (made.an_odt(), "plan.pdf", "odt", ("plan.pdf.odt", "application/vnd.oasis.opendocument.text")),
    ],
)
def test_document_then_told_by_its_content_and_given_out_as_a_file_to_save(
    client, proposal, lead, content, name, kind, served
):
    client.force_login(lead)
    client.post(address("document_add", proposal), {"file": upload(content, name), **ABOUT})
    document = proposal.documents.get()
    assert (document.kind, document.size, len(document.sha256)) == (kind, len(content), 64)
    answer = client.get(reverse("exchange:document", args=[document.pk]))
    assert answer.getvalue() == content
    assert (document.name.endswith(served[0]), answer["Content-Type"]) == (True, served[1])
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_document_then_public_only_with_the_practice_and_after_removal_only_for_who_writes_and_checks(
    client, folder, proposal, lead, coordinator
):
    document = papers.add_document(proposal, upload(made.a_pdf()), by=lead, **ABOUT)
    where = reverse("exchange:document", args=[document.pk])

    def met(*people) -> list[int]:
        found = []
        for person in people:
            client.logout() if person is None else client.force_login(person)
            answer = client.get(where)
            answer.getvalue()  # to the end, so that the file is closed
            found.append(answer.status_code)
        return found

    assert met(lead, coordinator, None, a_person(Role.NEWCOMER)) == [200, 404, 404, 404]
    proposing.propose(proposal, by=lead)
    assert met(coordinator, None) == [200, 404]
    practice = moderating.publish(proposal, by=coordinator)
    assert met(None) == [200]
    page = client.get(practice.get_absolute_url()).content.decode()
    assert (where in page, "Bericht" in page) == (True, True)
    papers.remove_document(PracticeDocument.objects.get(), by=lead)
    assert met(lead, coordinator, None) == [200, 200, 404]
    assert where not in client.get(practice.get_absolute_url()).content.decode()
    client.force_login(lead)
    assert where in client.get(proposal.get_absolute_url()).content.decode()
    papers.forget_removed(timezone.now() + datetime.timedelta(days=89))
    assert len(files(folder)) == 1
    papers.forget_removed(timezone.now() + datetime.timedelta(days=91))
    assert not PracticeDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_when_their_rows_go_then_they_go(folder, proposal, lead):
    papers.add_document(proposal, upload(made.a_pdf()), by=lead, **ABOUT)
    papers.add_picture(proposal, upload(made.a_picture()), by=lead, **SHOWS)
    assert len(files(folder)) == 2
    papers.throw_away(Proposal.objects.all())
    assert (files(folder), Proposal.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("name", "content", "about"),
    [("document", made.a_pdf(), ABOUT), ("picture", made.a_picture("PNG", (90, 60)), SHOWS)],
)
def test_file_when_another_entry_is_wrong_then_it_is_kept_and_stands_against_publishing_until_it_is_right(
    client, proposal, lead, name, content, about
):
    client.force_login(lead)
    first = client.post(address(f"{name}_add", proposal), {"file": upload(content), **about, "credit": "test"})
    kept = getattr(proposal, f"{name}s").get()
    assert (first.status_code, list(first.context["form"].errors), kept.licence) == (422, ["credit"], about["licence"])
    assert 'type="file"' not in first.content.decode()
    with pytest.raises(ExchangeRefusedError, match="Lizenz"):
        proposing.propose(proposal, by=lead)
    edit = address(f"{name}_edit", proposal, number=kept.pk)
    assert edit in first.content.decode()
    assert client.post(edit, about).status_code == 302
    assert proposing.propose(proposal, by=lead).state == "proposed"


def test_words_about_a_public_file_then_they_cannot_be_changed_past_the_check(client, proposal, lead, coordinator):
    picture = papers.add_picture(proposal, upload(made.a_picture()), by=lead, **SHOWS)
    moderating.publish(proposing.propose(proposal, by=lead), by=coordinator)
    client.force_login(lead)
    assert client.post(address("picture_edit", proposal, number=picture.pk), SHOWS).status_code == 404
    with pytest.raises(ExchangeRefusedError):
        papers.describe(picture, by=lead, alt_de="Kauft!")
    assert PracticePicture.objects.get().alt_de == "Eine Bank"


def test_practice_in_english_then_its_files_are_described_in_english(client, bonn, lead):
    proposal = a_proposal(bonn, by=lead, original_language="en", title_en="Bench", title_de="")
    client.force_login(lead)
    words = SHOWS | {"alt_de": "", "alt_en": "A bench"}
    assert client.post(address("picture_add", proposal), {"file": upload(made.a_picture()), **words}).status_code == 302
    assert proposal.pictures.get().alt == "A bench"


def test_documents_then_the_same_content_once_and_eight_at_most(proposal, lead):
    content = made.a_pdf()
    first = papers.add_document(proposal, upload(content), by=lead, **ABOUT)
    assert papers.add_document(proposal, upload(content), by=lead, **ABOUT) == first
    for pages in range(2, 9):
        papers.add_document(proposal, upload(made.a_pdf(pages)), by=lead, **ABOUT)
    with pytest.raises(ExchangeRefusedError):
        papers.add_document(proposal, upload(made.a_pdf(9)), by=lead, **ABOUT)
    papers.remove_document(first, by=lead)
    papers.add_document(proposal, upload(made.a_pdf(9)), by=lead, **ABOUT)
    kinds = list(proposal.notes.values_list("kind", "text").order_by("pk"))
    assert kinds == [("added", "bericht.pdf")] * 8 + [("removed", "bericht.pdf"), ("added", "bericht.pdf")]


def test_files_when_the_scanner_objects_then_neither_is_stored(settings, folder, proposal, lead):
    with clamd.running() as scanner:
        settings.CLAMAV = scanner.place
        clean = papers.add_picture(proposal, upload(made.a_picture()), by=lead, **SHOWS)
        before = files(folder)
        for add, content, words in (
            (papers.add_document, made.pdf_with(Note=pikepdf.String(made.EICAR)), ABOUT),
            (papers.add_picture, made.a_picture() + made.EICAR, SHOWS),
        ):
            with pytest.raises(RefusedError, match="Eicar-Signature"):
                add(proposal, upload(content), by=lead, **words)
    assert (clean.virus_checked, files(folder)) == (True, before)


def test_verify_log_when_files_of_practices_were_changed_or_are_missing_then_they_are_named(folder, proposal, lead):
    picture = papers.add_picture(proposal, upload(made.a_picture()), by=lead, **SHOWS)
    document = papers.add_document(proposal, upload(made.a_pdf()), by=lead, **ABOUT)
    call_command("verify_log", stdout=io.StringIO())
    (folder / str(picture.image.name)).unlink()
    (folder / str(document.file.name)).write_bytes(b"other")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^2 things do not fit\.$"):
        call_command("verify_log", stdout=out)
    assert out.getvalue().splitlines() == [
        f"document {document.pk} of a practice: its file was changed",
        f"picture {picture.pk} of a practice: its file is missing",
    ]


def test_preview_then_as_readers_will_see_it_nothing_is_written_and_strangers_meet_404(client, proposal, lead):
    papers.add_document(proposal, upload(made.a_pdf()), by=lead, **ABOUT)
    client.force_login(lead)
    with only_reads():
        page = client.get(address("preview", proposal)).content.decode()
    assert ("Vorschau" in page, "Bänke wurden zu Klassenzimmern." in page, "Bericht" in page) == (True,) * 3
    client.force_login(a_person(Role.NEWCOMER))
    assert client.get(address("preview", proposal)).status_code == 404
