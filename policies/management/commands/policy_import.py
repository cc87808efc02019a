"""`manage.py policy_import FILE... --author NAME`: keep policy files as drafts, which a second person publishes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.engine.document.parse import PolicyFault, parse
from policies.models import Version
from policies.services import versions


class Command(BaseCommand):
    """Draft a version from each file that differs from the latest version; publish nothing."""

    help = "Keep policy files as drafts. Nothing is in force before a second person published it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files, and whose drafts they become."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--author", required=True, help="the user name of whoever answers for the drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every file before the first draft is kept, so that one that cannot be used stops all."""
        people = get_user_model()
        author = people._default_manager.filter(username=options["author"], is_active=True).first()
        if author is None:
            raise CommandError(f"There is no active person with the user name {options['author']}.")
        texts = {path: self._read(path) for path in options["files"]}
        for path, (name, source) in texts.items():
            latest = Version.objects.filter(policy__name=name).order_by("-number").first()
            if latest is not None and latest.source == source:
                self.stdout.write(f"{path}: {name} has this text as version {latest.number} already.")
                continue
            version = versions.draft(
                actor_person=author, door="command", name=name, source=source, at=timezone.now(),
                reason=f"Imported from {path.name}.",
            )  # fmt: skip
            self.stdout.write(f"{path}: drafted as version {version.number} of {name}, digest {version.digest}")

    def _read(self, path: Path) -> tuple[str, str]:
        try:
            # Bytes, because reading as text would change how lines end, and a round trip gives the same bytes.
            source = path.read_bytes().decode("utf-8")
            return parse(source).name, source
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        except PolicyFault as error:
            raise CommandError("\n".join(f"{path}: {fault}" for fault in error.faults)) from error
