#!/usr/bin/env python
"""Runs Django's and the portal's own commands; `./run WORD` calls it with the right Python."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from network.embedded.server import NoServerError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, NoServerError) as problem:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(problem))  # a sentence for the person at the terminal
