"""`manage.py directory_import people|owners|duty FILE [--dry-run]`: import a CSV file into the directory."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.actors import Door, system
from approvals.services.catalog.gathering import WaitsForApproval
from approvals.services.directory import import_sheet
from approvals.services.directory.sheet_rows import Change
from approvals.text.csv_sheet import SheetFaults
from policies import db

WAITS = (
    "Nothing was imported. This import changes who is asked to decide, so a second person must approve it. Import the "
    "file in the admin, which asks for the approval. If the file comes from a system of record, list it in "
    "HITL_DIRECTORY_FEEDS; an import that changes unusually many rows still needs the admin."
)


class Command(BaseCommand):
    """Import employees, subject owners or duties from a CSV file, all or nothing."""

    help = "Import a CSV file into the directory. If any line has an error, nothing is imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the kind of data, the file, and `--dry-run`."""
        parser.add_argument("sheet", choices=sorted(import_sheet.COLUMNS), help="the kind of data in the file")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="show the changes without importing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file and print each change."""
        try:
            content = options["file"].read_bytes()
            found = import_sheet.import_sheet(
                actor=system(Door.COMMAND),
                at=db.now(),
                sheet=options["sheet"],
                content=content,
                is_trial=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error}") from error
        except WaitsForApproval as error:
            raise CommandError(WAITS) from error
        except SheetFaults as error:
            raise CommandError(f"Nothing was imported.\n{error}") from error
        for change in found:
            if not change.is_none:
                self.stdout.write(f"line {change.line}: {'new' if change.is_new else 'changed'}: {_said(change)}")
        changed = sum(not change.is_none for change in found)
        would = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"Read {len(found)} lines; {changed} {would}.")


def _said(change: Change) -> str:
    fields = ", ".join(f"{name} {before!r} → {after!r}" for name, (before, after) in change.fields.items())
    return f"{change.row}: {fields}" if fields else str(change.row)
