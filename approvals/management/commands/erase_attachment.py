"""Erasing a document that an agent attached."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from approvals.actors import Door, system
from approvals.services.attachments import erasure
from policies import db
from policies.errors import Refused


class Command(BaseCommand):
    """Erase the bytes, the name and the digest of an attachment, whose actions must be finished."""

    help = "Erase an attachment permanently. The record keeps that it was there, and why it was erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the ID and ``--reason``."""
        parser.add_argument("id", type=UUID, help="the ID of the attachment, as the action shows it")
        parser.add_argument("--reason", required=True, help="why it is erased; it is recorded")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase it, or say why not."""
        actor = system(Door.COMMAND)
        try:
            is_gone = erasure.erase(actor=actor, at=db.now(), attachment_id=options["id"], reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal.in_words)) from refusal
        kept = "The same file is kept as another attachment, which has an ID of its own."
        self.stdout.write("Erased." if is_gone else f"Erased. {kept}")
