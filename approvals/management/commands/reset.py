"""``make reset``: throws the demo's data away."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.management.supervisor import demo_home


class Command(BaseCommand):
    """Empty the demo's folder, and only a folder that carries the demo's mark."""

    help = "Throw away the demo's database, journal, mailbox, logins and logs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Empty the folder while nothing runs in it."""
        demo_home.demand_demo()
        if not demo_home.is_ours():
            self.stdout.write(f"There is no demo in {demo_home.home()}; nothing was deleted.")
            return
        demo_home.lock()
        demo_home.clear()
        self.stdout.write(f"The demo in {demo_home.home()} is gone. `make run` makes a new one.")
