"""Sealing rows again under the first key, before an older key is removed."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.services.ledger import saves


class Command(BaseCommand):
    """Seal each row under the first key of HITL_DECISION_KEYS; a row without a valid seal stays as it is."""

    help = "Seal people, authority, settings and policies again with the first key of HITL_DECISION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Save each row whose seal is valid and not of the first key."""
        sealed, over = saves.reseal()
        self.stdout.write(f"{sealed} rows sealed. {over} rows that have ended keep their seal; they give no authority.")
