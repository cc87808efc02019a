"""The demo's feeder: agents that keep proposing over REST until stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals import conf, logs
from approvals.demo.feeder import Feeder
from approvals.management.supervisor import demo_home


class Command(BaseCommand):
    """Propose every few seconds with the keys that `make run` saved."""

    help = "Keep proposing actions to the running demo. `make run` starts this automatically; FEED=0 disables it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Feed until stopped."""
        demo_home.demand_demo()
        keys = demo_home.read_json("agents.json")
        if not keys:
            raise CommandError(f"No agent keys found in {demo_home.home()}. Start the demo with `make run` first.")
        Feeder(conf.site_url(), keys, self._say).run()

    def _say(self, line: str) -> None:
        logs.say(self.stdout, line)
