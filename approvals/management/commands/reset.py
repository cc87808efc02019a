"""``make reset``: throws the demo's data away."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.management.supervisor import household


class Command(BaseCommand):
    """Empty the demo's folder, and only a folder that carries the demo's mark."""

    help = "Throw away the demo's database, journal, mailbox, logins and logs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Empty the folder while nothing runs in it."""
        household.demand_demo()
        if not household.is_ours():
            self.stdout.write(f"There is no demo in {household.home()}; nothing was deleted.")
            return
        household.lock()
        household.clear()
        self.stdout.write(f"The demo in {household.home()} is gone. `make run` makes a new one.")
