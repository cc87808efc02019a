"""Run the clock: the loops that find what no bell announced."""

import os
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.clock import Clock, LoopEnded, is_orphan_of


class Command(BaseCommand):
    """Runs until it is asked to end (SIGTERM, SIGINT); with ``--with-parent`` also until its parent is gone."""

    help = "Route, carry out, expire, tell and number what is waiting, without a broker, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--with-parent``."""
        parser.add_argument("--with-parent", action="store_true", help="end when the process that started this ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the loops in this process.

        :raises CommandError: a loop ended by itself.
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
