"""The link by which an administrator sets their own password, for whoever runs the machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.models import Person
from approvals.services.notifications import account_messages


class Command(BaseCommand):
    """Print the link for an administrator who has no password yet, or forgot it."""

    help = "Print the link by which an administrator sets their own password. It works once, for a few days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the username."""
        parser.add_argument("username", help="the username of an active superuser; others get their links by email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link, or say why there is none."""
        # Others decide on actions: an operator who opened their accounts would decide in their names.
        person = Person.objects.filter(username=options["username"], is_superuser=True, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active administrator named {options['username']}. Check the username.")
        self.stdout.write(account_messages.link(person))
