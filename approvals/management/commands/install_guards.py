"""Install the database's own guards again, after somebody or something removed one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from approvals import guards
from policies import guards as policy_guards
from policies.guards import installer


class Command(BaseCommand):
    """Install every declared trigger again; the check that names a missing one asks for this."""

    help = "Install the database's guards again. On PostgreSQL add --database owner where the tables have an owner."
    # The check that found a guard missing must not forbid its return.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--database``."""
        parser.add_argument("--database", default="default", choices=sorted(connections), help="which connection")

    def handle(self, *args: Any, **options: Any) -> None:
        """Install every guard again, and say which were missing."""
        connection, every = connections[options["database"]], (*guards.GUARDS, *policy_guards.GUARDS)
        gone = installer.missing(connection, every)
        installer.install(connection, every)
        self.stdout.write(f"Missing: {', '.join(gone) or 'none'}. All guards are installed.")
