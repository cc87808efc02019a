"""`manage.py catalog_export FOLDER`: write the set-up as YAML files, for version control."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.services.configuration.folder import export, json_schemas


class Command(BaseCommand):
    """Write desks, memberships, action types, agents, policies and the rest, each in its file, without any secret."""

    help = "Write the set-up to a folder of YAML files, which catalog_apply reads. Secrets and people are left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write; files of the same name change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and list them; files that have nothing to hold any more stay and are named."""
        folder: Path = options["folder"]
        files = export.files()
        try:
            for path, text in (files | json_schemas.files()).items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                # Bytes, because writing as text would change line endings.
                (folder / path).write_bytes(text.encode())
            left = sorted({path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")} - set(files))
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error}") from error
        for path in sorted(files):
            self.stdout.write(str(folder / path))
        for path in left:
            self.stdout.write(f"{folder / path}: not written, because the installation has nothing for it. Remove it.")
        self.stdout.write(f"Wrote {len(files)} files.")
