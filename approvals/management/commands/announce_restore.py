"""Announcing that a backup was restored, before anything runs on it."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.actors import Door, system
from approvals.services.safety import restores
from policies import db


class Command(BaseCommand):
    """Stop execution because the database was restored, whatever this host knows of what was sent."""

    help = "Stop execution after you restored a backup, until you run resume_after_restore."

    def handle(self, *args: Any, **options: Any) -> None:
        """Stop, and say how much was sent after the backup."""
        lost = restores.announce(actor=system(Door.COMMAND), at=db.now())
        self.stdout.write(f"Execution stopped. Sent after the backup, as this host knows: {lost}.")
