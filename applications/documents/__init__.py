"""Uploaded documents: looked into before they are stored, and compared with what was stored afterwards.

What a file is, its content says, never its name. Nothing is unpacked to a disk, nothing read whole into memory that
is larger than the question allows.
"""

from applications.documents.inspecting import SHEET, Facts, Rules, inspect, rules_for
from applications.documents.keeping import faults_of_files
from applications.documents.names import clean_name
from applications.documents.scanner import virus_scan_configured

__all__ = [
    "SHEET",
    "Facts",
    "Rules",
    "clean_name",
    "faults_of_files",
    "inspect",
    "rules_for",
    "virus_scan_configured",
]
