"""`make reset`: delete the demo's data."""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.management.supervisor import demo_home


class Command(BaseCommand):
    """Delete the content of a folder that is marked as the demo's."""

    help = "Delete the demo’s database, journal, mailbox, logins, and logs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete the content of the folder while no demo runs in it."""
        demo_home.demand_demo()
        if not demo_home.is_ours():
            self.stdout.write(f"No demo found in {demo_home.home()}. Nothing was deleted.")
            return
        demo_home.lock()
        demo_home.clear()
        self.stdout.write(f"The demo in {demo_home.home()} was deleted. Run `make run` to create a new one.")
