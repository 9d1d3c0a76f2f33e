"""Files that must not come in, and some that must: made here byte by byte, none is dangerous."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
WORD_TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
MACRO_TYPES = WORD_TYPES.replace("openxmlformats-officedocument.wordprocessingml", "ms-word").replace(
    "document.main", "document.macroEnabled.main"
)


def a_pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **how: object) -> bytes:
    """A PDF of empty pages; `change` alters it before it is saved, `how` goes to pikepdf's save."""
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def pdf_with(**root: object) -> bytes:
    """A PDF whose catalogue has these entries, names without slash."""

    def change(document: pikepdf.Pdf) -> None:
        for name, value in root.items():
            document.Root[f"/{name}"] = value

    return a_pdf(change=change)


def _script(text: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(text))


def pdf_with_script_in_a_field() -> bytes:
    field = Dictionary(FT=Name.Tx, T=String("f"), AA=Dictionary(K=_script()))
    return pdf_with(AcroForm=Dictionary(Fields=Array([field])))


def pdf_with_attachment(name: str = "rechnung.exe", content: bytes = b"MZ not really") -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = content

    return a_pdf(change=change)


def pdf_with_media() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
        document.pages[0].obj["/Annots"] = Array([document.make_indirect(note)])

    return a_pdf(change=change)


def pdf_with_a_bomb_of_objects(packing: bytes = b"/FlateDecode") -> bytes:
    """An object stream that unpacks to 64 MB, or says that it is packed in another way."""
    packed = zlib.compress(b"3 0 " + b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>" + b" " * (64 * 1024 * 1024), 9)
    head = b"%PDF-1.5\n"
    one = b"1 0 obj\n<< /Type /Catalog /Pages 3 0 R >>\nendobj\n"
    places = {1: len(head)}
    bomb_at = len(head) + len(one)
    bomb = (
        b"2 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d >>\nstream\n" % (packing, len(packed))
        + packed
        + b"\nendstream\nendobj\n"
    )
    xref_at = bomb_at + len(bomb)
    page = b"5 0 obj\n<< /Type /Page /Parent 3 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    page_at, xref_at = xref_at, xref_at + len(page)
    rows = struct.pack(">BIB", 0, 0, 255) + struct.pack(">BIB", 1, places[1], 0)
    rows += struct.pack(">BIB", 1, bomb_at, 0) + struct.pack(">BIB", 2, 2, 0) + struct.pack(">BIB", 1, xref_at, 0)
    rows += struct.pack(">BIB", 1, page_at, 0)
    xref = page + (
        b"4 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
        + rows
        + b"\nendstream\nendobj\n"
    )
    return head + one + bomb + xref + b"startxref\n%d\n%%%%EOF\n" % xref_at


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **how: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind, **how)
    return out.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels, with next to no content."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def a_jpeg_that_claims(width: int, height: int) -> bytes:
    """A JPEG whose head promises so many pixels."""
    content = a_picture()
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def jpeg_with_comment(text: bytes) -> bytes:
    content = a_picture()
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + content[2:]


def a_zip(parts: dict[str, bytes | str], *, stored: bool = False, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if stored or name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
        archive.comment = comment
    return out.getvalue()


def a_docx(more: dict[str, bytes | str] | None = None, types: str = WORD_TYPES, comment: bytes = b"") -> bytes:
    parts: dict[str, bytes | str] = {"[Content_Types].xml": types, "word/document.xml": "<w:document>Text</w:document>"}
    return a_zip(parts | (more or {}), comment=comment)


def an_odt(more: dict[str, bytes | str] | None = None) -> bytes:
    parts: dict[str, bytes | str] = {"mimetype": ODT_TYPE, "content.xml": "<office:document-content/>"}
    return a_zip(parts | (more or {}))


def docx_that_lies_about_its_size() -> bytes:
    """Says of a part of 8 MB that it has 10 bytes."""
    content = bytearray(a_docx({"word/media/bomb.xml": b"\0" * (8 * 1024 * 1024)}))
    real = struct.pack("<I", 8 * 1024 * 1024)
    at = 0
    while (at := content.find(real, at)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    return bytes(content)


def docx_with_password() -> bytes:
    """The flag of encryption is set on every part."""
    content = bytearray(a_docx())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


def docx_with_link() -> bytes:
    out = io.BytesIO(a_docx())
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("word/link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def docx_with_twins() -> bytes:
    """Two parts whose names differ in case only."""
    return a_docx({"word/Document.xml": "<w:document>Other</w:document>"})


def docx_with_remote_template() -> bytes:
    target = (
        '<Relationship Type="http://x/attachedTemplate" TargetMode="External" Target="https://example.org/t.dotm"/>'
    )
    return a_docx({"word/_rels/settings.xml.rels": f"<Relationships>{target}</Relationships>"})
