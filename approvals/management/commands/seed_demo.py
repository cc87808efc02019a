"""Makes the demo's people, catalog and history in an empty embedded database."""

import time
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.demo import seed_history, seeding
from approvals.management.supervisor import demo_home
from approvals.models import Person


class Command(BaseCommand):
    """Tell the demo's last weeks; it refuses any database but the embedded one, and one that holds anything."""

    help = "Make the demo's three desks and a few weeks of history. `make run` does this by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say how much and how long."""
        demo_home.demand_demo()
        if Person.objects.exists():
            raise CommandError("This database already holds people; the demo is only made in an empty one.")
        self.stdout.write(f"Telling {seed_history.WEEKS} weeks of history ...")
        began = time.monotonic()
        told = seeding.seed(datetime.now(UTC), self._say)
        self.stdout.write(f"{told} actions in {time.monotonic() - began:.0f} s.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
