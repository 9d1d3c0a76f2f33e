"""The name a person's file has in the portal: recognisable, and harmless wherever it is saved."""

import re
import unicodedata

from network.documents.kinds import FileKind

LONGEST = 150  # characters
LONGEST_BYTES = 200  # in UTF-8: many file systems end at 255
SUFFIXES = {
    FileKind.PDF: (".pdf",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.DOCX: (".docx",),
    FileKind.ODT: (".odt",),
}
# Names that Windows keeps for devices, with or without a suffix.
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)


def clean_name(name: str | None, kind: FileKind) -> str:
    """The last part of a path, without signs that cannot be seen (also those that turn the direction of writing
    around), without signs a file system forbids, at most 150 characters long, ending in a suffix of its kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    seen = "".join(sign if unicodedata.category(sign)[0] not in "CZ" else " " * sign.isspace() for sign in last)
    tidy = re.sub(r'[<>:"|?*]', "_", " ".join(seen.split())).strip(". ")
    stem, suffix = _parted(tidy, kind)
    if RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return (_shortened(stem, LONGEST - len(suffix), LONGEST_BYTES - len(suffix)) or "document") + suffix


def _parted(name: str, kind: FileKind) -> tuple[str, str]:
    for suffix in SUFFIXES[kind]:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)].rstrip(". "), suffix
    return name, SUFFIXES[kind][0]


def _shortened(text: str, characters: int, size: int) -> str:
    return text[:characters].encode()[:size].decode(errors="ignore").rstrip(". ")
