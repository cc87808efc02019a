"""Create the demo's people, catalog and history in an empty embedded database."""

import time
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.demo import seed_history, seeding
from approvals.management.supervisor import demo_home
from approvals.models import Person


class Command(BaseCommand):
    """Create the demo's history; refuses any database but an empty embedded one."""

    help = "Create the demo’s three desks and a few weeks of history. `make run` does this automatically."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the data, and print the number of actions and the time."""
        demo_home.demand_demo()
        if Person.objects.exists():
            raise CommandError("This database already contains people. The demo needs an empty database.")
        self.stdout.write(f"Creating {seed_history.WEEKS} weeks of history...")
        began = time.monotonic()
        told = seeding.seed(datetime.now(UTC), self._say)
        self.stdout.write(f"Created {told} actions in {time.monotonic() - began:.0f} s.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
