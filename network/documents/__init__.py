"""Uploaded documents: looked into before they are stored, and compared with what was stored afterwards.

What a file is, its content says, never its name. Nothing is unpacked to a disk, nothing read whole into memory that
is larger than the question allows.
"""

from network.documents.inspecting import Facts, Rules, inspect
from network.documents.kinds import MEGABYTE, FileKind, megabytes
from network.documents.names import clean_name
from network.documents.scanner import virus_scan_configured

__all__ = ["MEGABYTE", "Facts", "FileKind", "Rules", "clean_name", "inspect", "megabytes", "virus_scan_configured"]
