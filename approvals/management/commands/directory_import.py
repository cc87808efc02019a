"""`manage.py directory_import people|owners|duty FILE [--dry-run]`: take a sheet into the directory, or say why not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.actors import Door, system
from approvals.db import database_now
from approvals.services.directory import import_sheet
from approvals.text.csv_sheet import SheetFaults


class Command(BaseCommand):
    """Take employees, owners of subjects or duties in from a sheet, all of it or nothing."""

    help = "Take a CSV sheet into the directory; one fault, and nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which sheet it is, the file, and whether it is only a trial."""
        parser.add_argument("sheet", choices=sorted(import_sheet.COLUMNS), help="what the lines are about")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what each line that changes something does."""
        try:
            content = options["file"].read_bytes()
            found = import_sheet.import_sheet(
                actor=system(Door.COMMAND),
                at=database_now(),
                sheet=options["sheet"],
                content=content,
                is_trial=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        except SheetFaults as error:
            raise CommandError(f"Nothing was stored.\n{error}") from error
        for change in found:
            if not change.is_none:
                self.stdout.write(f"line {change.line}: {'new' if change.is_new else 'changed'}: {_said(change)}")
        changed = sum(not change.is_none for change in found)
        would = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(found)} lines read, {changed} {would}.")


def _said(change: import_sheet.Change) -> str:
    fields = ", ".join(f"{name} {before!r} → {after!r}" for name, (before, after) in change.fields.items())
    return f"{change.row}: {fields}" if fields else str(change.row)
