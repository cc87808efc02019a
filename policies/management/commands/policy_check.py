"""`manage.py policy_check FILE...`: check policy files and run their tests."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from policies.engine.document.parse import Document, PolicyFault, parse
from policies.engine.evaluation import run_tests
from policies.lab import findings
from policies.lab.findings import Finding
from policies.queries import written


class Command(BaseCommand):
    """Check policy files, against this installation if it has a database; a policy repository needs none."""

    help = "Check policy files and run their tests. The exit code is 1 if a file has errors."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each file, report its errors, and fail if there are any."""
        wrong = [path for path in options["files"] if not self._is_fine(path)]
        if wrong:
            raise CommandError(f"Files with errors: {len(wrong)} of {len(options['files'])}")

    def _found(self, document: Document) -> Sequence[Finding]:
        """Compare with this installation if there is a database, else only check the document itself."""
        try:
            return written.found_in(document)
        except (DatabaseError, ImproperlyConfigured):
            self.stdout.write("No database, so action types, people and lookups were not checked.")
            return (*findings.of_emptiness(document), *findings.of(document))

    def _is_fine(self, path: Path) -> bool:
        try:
            document = parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            faults: list[object] = [f"Cannot read the file: {error}"]
        except PolicyFault as error:
            faults = list(error.faults)
        else:
            found = self._found(document)
            faults = [*findings.errors(found), *run_tests.failures(document)]
            for note in found:
                if not note.is_error:
                    self.stdout.write(f"{path}: warning: {note}")
        for fault in faults:
            self.stderr.write(f"{path}: {fault}")
        if not faults:
            self.stdout.write(f"{path}: {document.name}, tests passed: {len(document.tests)}, digest {document.digest}")
        return not faults
