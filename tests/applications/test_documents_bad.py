"""Bad uploads as a table: each is refused with its sentence, and nothing is left behind."""

import re
from collections.abc import Callable

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from pikepdf import Array, Dictionary, Name, String

from applications.actions.calls import keep_pack
from applications.actions.documents import add_document
from network.actions import RefusedError
from network.documents import FileKind, Rules, inspect
from tests.applications import bad_files as made
from tests.factories import a_network
from tests.factories_applications import a_call, a_lead, a_pack_document, a_pdf, an_application

EMPTY = "The file is empty. Choose it once more."
NO_KIND = (
    "This file is of no kind that can be used here, whatever its name says. "
    "Possible: PDF, JPEG, PNG, DOCX (Word), ODT (OpenDocument)."
)
JUNK = "Something stands before the beginning of this PDF. Open it and save it as a PDF once more."
NO_END = "The end of this PDF is missing. Save it once more and upload it again."
TWO = "There is something else inside this file. Open it in its own program, save it anew and upload that one."
NO_PDF = "This PDF cannot be read. Open it, save it as a PDF once more and upload that one."
PASSWORD = "This PDF is protected by a password. Save it without one, so that others can open it."
SCRIPTS = "This PDF contains scripts or starts other programs. Print it to a new PDF and upload that one."
FILES = "This PDF carries other files inside. Upload those on their own, and the PDF without them."
FORM = "This PDF is a form that few programs can show. Print it to a new PDF and upload that one."
NO_PICTURE = "This picture cannot be read to its end. Save it once more and upload it again."
PIXELS = "The picture has more than 80 million pixels. Save it smaller and upload it again."
NO_TEXT = "This document cannot be read. Open it, save it once more and upload that one."
TEXT_PASSWORD = "This document is protected by a password. Save it without one, so that others can open it."
MACROS = "This document contains macros. Save it without macros, or as a PDF."
REMOTE = "This document loads parts of itself from another computer. Save it as a PDF and upload that one."
BOMB = "This document becomes far too large when it is opened. Save it as a PDF."


def inside(name):
    return f"This document contains other files ({name}). Save it without them, or as a PDF."


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
PDF, JPEG, PNG, ZIP = made.a_pdf(), made.a_picture(), made.a_picture("PNG"), made.a_zip({"a.txt": "A", "b.class": "B"})
DOCX, ODT = made.a_docx(), made.an_odt()
LIMITED = pikepdf.Encryption(user="geheim", owner="geheim")

BAD: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    # of no kind, or none at all
    "empty": (b"", EMPTY),
    "only white space": (b" \n\t\n" * 20, NO_KIND),
    "text": (b"Sehr geehrte Damen und Herren", NO_KIND),
    "test virus": (made.EICAR, NO_KIND),
    "page of the web": (b"<!doctype html><script>alert(1)</script>", NO_KIND),
    "drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', NO_KIND),
    "program for Windows": (b"MZ\x90\0" + b"\0" * 500, NO_KIND),
    "program for Linux": (b"\x7fELF" + b"\0" * 500, NO_KIND),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", NO_KIND),
    "GIF": (made.a_picture("GIF"), NO_KIND),
    "GIF that is an archive": (made.a_picture("GIF") + ZIP, NO_KIND),
    "TIFF": (made.a_picture("TIFF"), NO_KIND),
    "WebP": (made.a_picture("WEBP"), NO_KIND),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NO_KIND),
    "rich text": (rb"{\rtf1 Text}", NO_KIND),
    "PostScript": (b"%!PS-Adobe-3.0\n", NO_KIND),
    "archive": (ZIP, NO_KIND),
    "program for Java": (made.a_zip({"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": b"\xca\xfe"}), NO_KIND),
    "spreadsheet": (made.a_zip({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}), NO_KIND),
    "ODT with its kind packed": (made.a_zip({"content.xml": "<a/>", "mimetype": made.ODT_TYPE}), NO_KIND),
    "presentation": (made.a_zip({"mimetype": "application/vnd.oasis.opendocument.presentation"}), NO_KIND),
    "RAR": (b"Rar!\x1a\x07\x01\0" + b"\0" * 100, NO_KIND),
    "GZIP": (b"\x1f\x8b\x08" + b"\0" * 100, NO_KIND),
    # PDF
    "PDF with junk before": (b"junk\n" + PDF, JUNK),
    "PDF after a page of the web": (b"<html></html>\n" + PDF, JUNK),
    "PDF in a shell script": (b"#!/bin/sh\n" + PDF, JUNK),
    "only the head of a PDF": (b"%PDF-1.7\n", NO_END),
    "half a PDF": (PDF[: len(PDF) // 2], NO_END),
    "PDF without its last line": (PDF.replace(b"%%EOF", b"%%"), NO_END),
    "PDF of nothing": (b"%PDF-1.7\n" + b"\0" * 500 + b"\n%%EOF\n", NO_PDF),
    "PDF without pages": (made.a_pdf(0), NO_PDF),
    "PDF whose pages go in circles": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF\n",
        NO_PDF,
    ),
    "PDF that unpacks to 64 MB": (lambda: made.pdf_with_a_bomb_of_objects(), NO_PDF),
    "PDF packed so that nothing limits it": (made.pdf_with_a_bomb_of_objects(b"/L#5AWDecode"), NO_PDF),
    "PDF with a password": (made.a_pdf(encryption=LIMITED), PASSWORD),
    "PDF and archive": (PDF + ZIP, TWO),
    "PDF with text after its end": (PDF + b"\nMore.", TWO),
    "PDF with a test virus after its end": (PDF + made.EICAR, TWO),
    "PDF with a page of the web in its head": (PDF.replace(b"\n", b"\n%<script >alert(1)</script>\n", 1), TWO),
    "PDF with a script at its opening": (made.pdf_with(OpenAction=SCRIPT), SCRIPTS),
    "PDF with named scripts": (
        made.pdf_with(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))), SCRIPTS,
    ),
    "PDF with a script in a field": (made.pdf_with_script_in_a_field(), SCRIPTS),
    "PDF that starts a program": (
        made.pdf_with(OpenAction=Dictionary(S=Name.Launch, F=String("cmd.exe"))), SCRIPTS,
    ),
    "PDF that loads data": (made.pdf_with(OpenAction=Dictionary(S=Name.ImportData, F=String("a.fdf"))), SCRIPTS),
    "PDF with a script in a rendition": (
        made.pdf_with(OpenAction=Dictionary(S=Name.Rendition, JS=String("a()"))), SCRIPTS,
    ),
    "PDF with a program inside": (made.pdf_with_attachment(), FILES),
    "PDF with another PDF inside": (made.pdf_with_attachment("anlage.pdf", PDF), FILES),
    "PDF with a film": (made.pdf_with_media(), FILES),
    "PDF that is a dynamic form": (made.pdf_with(AcroForm=Dictionary(Fields=Array([]), XFA=String("<xdp/>"))), FORM),
    # pictures
    "only the head of a JPEG": (JPEG[:20], NO_PICTURE),
    "half a JPEG": (JPEG[: len(JPEG) // 2], NO_PICTURE),
    "half a PNG": (PNG[: len(PNG) // 2], NO_PICTURE),
    "PNG with a changed byte": (PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:], NO_PICTURE),
    "only the head of a PNG": (PNG[:8], NO_PICTURE),
    "PNG of 10 billion pixels": (made.a_png_that_claims(100_000, 100_000), PIXELS),
    "PNG of 81 million pixels": (made.a_png_that_claims(9_000, 9_000), PIXELS),
    "JPEG of 4 billion pixels": (made.a_jpeg_that_claims(65_000, 65_000), PIXELS),
    "JPEG and archive": (JPEG + ZIP, TWO),
    "JPEG and program for Java": (JPEG + made.a_zip({"A.class": b"\xca\xfe"}), TWO),
    "JPEG with a page of the web": (made.jpeg_with_comment(b"<html><script >alert(1)</script>"), TWO),
    "JPEG with a program of a server": (made.jpeg_with_comment(b"<?php system($_GET['a']); ?>"), TWO),
    "JPEG and PDF": (made.jpeg_with_comment(PDF), TWO),
    "PNG and archive": (PNG + ZIP, TWO),
    "PNG and PDF": (PNG + PDF, TWO),
    # documents of word processors
    "half a DOCX": (DOCX[: len(DOCX) // 2], NO_TEXT),
    "DOCX with a changed byte": (DOCX.replace(b"<w:document>", b"", 0)[:60] + b"\xff" + DOCX[61:], NO_TEXT),
    "DOCX with a password": (made.docx_with_password(), TEXT_PASSWORD),
    "DOCX with macros": (made.a_docx({"word/vbaProject.bin": b"\0"}), MACROS),
    "DOCX that calls itself one with macros": (made.a_docx(types=made.MACRO_TYPES), MACROS),
    "DOCX with a control that runs": (made.a_docx({"word/activeX/activeX1.bin": b"\0"}), MACROS),
    "ODT with macros": (made.an_odt({"Basic/Standard/Module1.xml": "<a/>"}), MACROS),
    "ODT with a script": (made.an_odt({"Scripts/python/a.py": "print(1)"}), MACROS),
    "DOCX that loads its template": (made.docx_with_remote_template(), REMOTE),
    "DOCX with an archive inside": (made.a_docx({"word/embeddings/a.zip": ZIP}), inside("word/embeddings/a.zip")),
    "DOCX with a program inside": (made.a_docx({"word/media/a.png": b"MZ\x90"}), inside("word/media/a.png")),
    "DOCX with an object of Office inside": (
        made.a_docx({"word/embeddings/ole.bin": b"\xd0\xcf\x11\xe0\xa1\xb1"}), inside("word/embeddings/ole.bin"),
    ),
    "DOCX with a PDF inside": (made.a_docx({"word/media/a.bin": PDF}), inside("word/media/a.bin")),
    "DOCX that leads out of its folder": (made.a_docx({"../../etc/cron.d/a": "x"}), NO_TEXT),
    "DOCX with the path of a machine": (made.a_docx({"/etc/passwd": "x"}), NO_TEXT),
    "DOCX with the path of Windows": (made.a_docx({"C:\\Windows\\a.dll": "x"}), NO_TEXT),
    "DOCX with a link": (made.docx_with_link(), NO_TEXT),
    "DOCX with two parts of one name": (made.docx_with_twins(), NO_TEXT),
    "DOCX with a bomb of entities": (
        made.a_docx({"word/a.xml": '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'}), NO_TEXT,
    ),
    "DOCX of zeros": (lambda: made.a_docx({"word/media/a.bmp": b"\0" * (30 * 1024 * 1024)}), BOMB),
    "DOCX packed too tightly": (lambda: made.a_docx({"word/a.xml": b" " * (20 * 1024 * 1024)}), BOMB),
    "DOCX of very many parts": (lambda: made.a_docx({f"word/{number}.xml": "" for number in range(3001)}), BOMB),
    "DOCX that lies about its size": (lambda: made.docx_that_lies_about_its_size(), NO_TEXT),
    "DOCX with a page of the web before": (b"<html><body>" + DOCX, NO_KIND),
    "DOCX with something after": (made.a_docx(comment=b"<script>alert(1)</script>"), TWO),
}  # fmt: skip


@pytest.fixture
def english():
    with override("en"):
        yield


ANY = Rules(accepts=tuple(FileKind), max_bytes=10 * 1024 * 1024)


@pytest.mark.parametrize("name", BAD)
def test_bad_file_then_it_is_refused_with_its_sentence(name, english):
    content, sentence = BAD[name]
    with pytest.raises(RefusedError) as refused:
        inspect(upload_of(content), ANY)
    assert refused.value.for_reader == sentence


@pytest.mark.django_db
def test_bad_files_when_they_are_added_then_nothing_changes_and_nothing_stays_behind(english, folder):
    application = an_application(call=a_call(pack=keep_pack(a_pack_that_takes_all(), by=None)))
    lead = a_lead(application.city)
    add_document(application, "plan_file", a_pdf("vorher.pdf"), by=lead)
    before = kept(application, folder)
    for content, sentence in BAD.values():
        with pytest.raises(RefusedError, match=re.escape(sentence)):
            add_document(application, "plan_file", upload_of(content), by=lead)
        assert kept(application, folder) == before


def upload_of(content: bytes | Callable[[], bytes]) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.pdf", content() if callable(content) else content)


def a_pack_that_takes_all():
    a_network("gnlc")
    document = a_pack_document()
    questions = document["steps"][2]["sections"][0]["questions"]
    questions[-1]["accepts"] = [str(kind) for kind in FileKind]
    return document


def kept(application, folder):
    """All rows and files of an application."""
    rows = [list(rows.order_by("pk").values()) for rows in (application.answers, application.documents)]
    rows += [list(application.events.order_by("pk").values()), list(application.versions.order_by("pk").values())]
    return rows, {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_bad_files_then_there_are_many_and_each_has_one_sentence():
    assert len(BAD) > 80
    assert all(sentence.endswith((".", ")")) for _content, sentence in BAD.values())
