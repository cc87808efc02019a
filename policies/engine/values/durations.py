"""How long people have: elapsed time, or hours and days as their desk works; and when those who wait are reminded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from policies.engine.values.typed_reader import Node

_WORKING = re.compile(r"([1-9]\d{0,3}) working (hour|day)s?")
FIELDS = ("due", "remind")
MAX_HOURS = 2_000
MAX_DAYS = 250
MIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Timing:
    """How long people have, in seconds or in working hours or days, the others 0; `remind_seconds` is before that.

    Which hours are worked, only the desk's calendar knows; without one all are, and a working day has 24.
    """

    due_seconds: int = 0
    working_hours: int = 0
    working_days: int = 0
    remind_seconds: int = 0

    @property
    def most_seconds(self) -> int:
        """How many seconds people have where their desk works round the clock."""
        return self.due_seconds or self.working_hours * 3_600 or self.working_days * 86_400


def read(fields: Mapping[str, Node], usual: Timing) -> Timing:
    """Read when people must have decided and when they are reminded; what is not said is as usual."""
    timing = _due(fields["due"], usual) if "due" in fields else usual
    if "remind" in fields:
        return replace(timing, remind_seconds=_remind(fields["remind"], timing))
    # A usual reminder that would come before anything waits is none.
    return timing if usual.remind_seconds < timing.most_seconds else replace(timing, remind_seconds=0)


def _due(node: Node, usual: Timing) -> Timing:
    found = _WORKING.fullmatch(node.value) if isinstance(node.value, str) else None
    if found is None:
        return Timing(due_seconds=_seconds(node), remind_seconds=usual.remind_seconds)
    number, unit = int(found[1]), found[2]
    most = MAX_HOURS if unit == "hour" else MAX_DAYS
    if number > most:
        node.fault(f"this is too long. At most {most} working {unit}s are possible.")
    hours, days = (number, 0) if unit == "hour" else (0, number)
    return Timing(working_hours=hours, working_days=days, remind_seconds=usual.remind_seconds)


def _seconds(node: Node) -> int:
    if isinstance(node.value, str) and "work" in node.value:
        node.fault('this is no working time. Write it as "8 working hours" or "2 working days".')
        return MIN_SECONDS
    seconds = node.seconds()
    if seconds < MIN_SECONDS:
        node.fault("nobody can decide in less than a minute. Give more time.")
    return seconds


def _remind(node: Node, timing: Timing) -> int:
    seconds = node.seconds()
    if not MIN_SECONDS <= seconds < max(timing.most_seconds, MIN_SECONDS + 1):
        node.fault("a reminder comes at least a minute before the time is over, and after it has begun. Change it.")
    return seconds
