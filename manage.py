#!/usr/bin/env python
"""Runs a management command of the project; what is wrong with its settings, database or disk is said in words."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError
from django.db.utils import InternalError


def main() -> None:
    """Run the command.

    :raises SystemExit: it failed; its message says why. The option --traceback shows where.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitl_project.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        _end(error, str(error))
    except (OSError, OperationalError, InternalError) as error:
        _end(error, f"The command failed: {str(error).strip()}. Check the database and the disk, then run it again.")


def _end(error: Exception, words: str) -> None:
    if "--traceback" in sys.argv:
        raise error
    sys.exit(words)


if __name__ == "__main__":
    main()
