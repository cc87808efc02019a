"""The demo's feeder: agents that keep proposing over REST, until the process is stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals import conf, logs
from approvals.demo.feeder import Feeder
from approvals.management.supervisor import demo_home


class Command(BaseCommand):
    """Propose every few seconds with the keys that `make run` wrote down."""

    help = "Keep proposing to the running demo. `make run` starts this by itself; FEED=0 leaves it out."

    def handle(self, *args: Any, **options: Any) -> None:
        """Feed until stopped."""
        demo_home.demand_demo()
        keys = demo_home.read_json("agents.json")
        if not keys:
            raise CommandError(
                f"There are no agents' keys in {demo_home.home()}; start the demo with `make run` first."
            )
        Feeder(conf.site_url(), keys, self._say).run()

    def _say(self, line: str) -> None:
        logs.say(self.stdout, line)
