"""`manage.py policy_import FILE... --author NAME`: save policy files as drafts for a second person to publish."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from policies import db
from policies.engine.document.parse import PolicyFault, parse
from policies.models import Version
from policies.services import versions


class Command(BaseCommand):
    """Draft a version from each file that differs from the latest version; publish nothing."""

    help = "Save policy files as drafts. A second person must publish them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--author", required=True, help="username of the author of the drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every file before saving any draft, so that one invalid file stops all."""
        people = get_user_model()
        author = people._default_manager.filter(username=options["author"], is_active=True).first()
        if author is None:
            raise CommandError(f"No active person has the username {options['author']}.")
        texts = {path: self._read(path) for path in options["files"]}
        for path, (name, source) in texts.items():
            latest = Version.objects.filter(policy__name=name).order_by("-number").first()
            if latest is not None and latest.source == source:
                self.stdout.write(f"{path}: unchanged; version {latest.number} of {name} already has this text.")
                continue
            version = versions.draft(
                actor_person=author, door="command", name=name, source=source, at=db.now(),
                reason=f"Imported from {path.name}.",
            )  # fmt: skip
            self.stdout.write(f"{path}: drafted as version {version.number} of {name}, digest {version.digest}")

    def _read(self, path: Path) -> tuple[str, str]:
        try:
            # Bytes, because reading as text would change line endings, and a round trip must give the same bytes.
            source = path.read_bytes().decode("utf-8")
            return parse(source).name, source
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Cannot read {path}: {error}") from error
        except PolicyFault as error:
            raise CommandError("\n".join(f"{path}: {fault}" for fault in error.faults)) from error
