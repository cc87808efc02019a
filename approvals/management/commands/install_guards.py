"""Install the database's own guards again, after somebody or something removed one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from approvals import guards
from policies import guards as policy_guards
from policies.guards import installer


class Command(BaseCommand):
    """Reinstall every declared trigger, as the system check for missing triggers recommends."""

    help = "Reinstall the database triggers. On PostgreSQL, add --database owner if a separate role owns the tables."
    # The check that found a guard missing must not forbid its return.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--database``."""
        parser.add_argument(
            "--database", default="default", choices=sorted(connections), help="database connection to use"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Install every guard again, and say which were missing."""
        connection, every = connections[options["database"]], (*guards.GUARDS, *policy_guards.GUARDS)
        gone = installer.missing(connection, every)
        installer.install(connection, every)
        self.stdout.write(f"Missing triggers: {', '.join(gone) or 'none'}. All triggers are now installed.")
