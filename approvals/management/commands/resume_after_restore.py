"""Going on after a restore: nothing is executed before that."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.actors import Door, system
from approvals.services.safety import restores
from policies import db
from policies.errors import Refused


class Command(BaseCommand):
    """Resume execution after the database was restored."""

    help = "Resume execution after the database was restored. Start a worker on every host first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--reason``."""
        parser.add_argument("--reason", required=True, help="why execution can resume; it is recorded")

    def handle(self, *args: Any, **options: Any) -> None:
        """Resume, or say why not."""
        try:
            restores.resume(actor=system(Door.COMMAND), at=db.now(), reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal.in_words)) from refusal
        self.stdout.write("Execution resumed.")
