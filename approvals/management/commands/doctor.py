"""One page about an installation: what works, what does not, and what to do."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from approvals.management.doctor.finding import Finding, Level, examine
from approvals.management.doctor.parts import EVERYTHING

ORDER = (Level.GREEN, Level.AMBER, Level.RED)


class Command(BaseCommand):
    """Examine every part with a time limit; the exit status is 1 if something does not work."""

    help = "Examine this installation and say what to do. Exits with 1 if something does not work. Changes nothing."
    # What is wrong is what it is for.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json`` and ``--seconds``."""
        parser.add_argument("--json", action="store_true", help="print JSON for programs")
        parser.add_argument("--seconds", type=float, default=10.0, help="how long to wait for an answer (10)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine, print, and end with 1 if something is red."""
        found = list(examine(EVERYTHING, options["seconds"]))
        worst = max((finding.level for finding in found), key=ORDER.index)
        (self._print_json if options["json"] else self._print)(found, worst)
        if worst is Level.RED:
            sys.exit(1)

    def _print(self, found: Sequence[Finding], worst: Level) -> None:
        style = {
            Level.GREEN: self.style.SUCCESS,
            Level.AMBER: self.style.WARNING,
            Level.RED: self.style.ERROR,
        }
        for finding in found:
            self.stdout.write(f"{style[finding.level](f'{finding.level:<5}')}  {finding.part}: {finding.words}")
            if finding.hint and finding.level is not Level.GREEN:
                self.stdout.write(f"       -> {finding.hint}")
        self.stdout.write("\nSettings that were set:")
        given: dict[str, str] = settings.HITL_GIVEN
        for name, value in given.items():
            self.stdout.write(f"  {name}={value}")
        self.stdout.write(f"\nAll in all: {style[worst](worst)}.")

    def _print_json(self, found: Sequence[Finding], worst: Level) -> None:
        told = {
            "status": worst,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "findings": [asdict(finding) for finding in found],
            "settings": settings.HITL_GIVEN,
        }
        self.stdout.write(json.dumps(told, indent=2))
