"""Run the clock, the loops that find due work without a broker."""

import os
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.clock import Clock, LoopEnded, is_orphan_of


class Command(BaseCommand):
    """Run until SIGTERM or SIGINT, or with `--with-parent` until the parent process ends."""

    help = "Run the background loops (routing, execution, deadlines, notifications) without a broker until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--with-parent``."""
        parser.add_argument("--with-parent", action="store_true", help="stop when the parent process ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the loops in this process.

        :raises CommandError: a loop ended unexpectedly.
        """
        clock = Clock()

        def stop(number: int, frame: FrameType | None) -> None:
            clock.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        try:
            clock.run(is_orphan_of(os.getppid()) if options["with_parent"] else lambda: False)
        except LoopEnded as error:
            raise CommandError(str(error)) from error
