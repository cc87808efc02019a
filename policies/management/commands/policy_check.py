"""`manage.py policy_check FILE...`: check policy files and run their tests."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.engine.document.parse import PolicyFault, parse
from policies.engine.evaluation import run_tests


class Command(BaseCommand):
    """Check policy files without a database, so that it can run in a policy repository."""

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

    def _is_fine(self, path: Path) -> bool:
        try:
            document = parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            faults: list[object] = [f"Cannot read the file: {error}"]
        except PolicyFault as error:
            faults = list(error.faults)
        else:
            faults = list(run_tests.failures(document))
        for fault in faults:
            self.stderr.write(f"{path}: {fault}")
        if not faults:
            self.stdout.write(f"{path}: {document.name}, tests passed: {len(document.tests)}, digest {document.digest}")
        return not faults
