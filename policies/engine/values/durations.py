"""Due times in elapsed time or working hours and days, and reminders before them."""

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
    """A due time in seconds, working hours or working days; `remind_seconds` is the reminder's lead time.

    The desk's calendar defines working hours; without a calendar, a working day has 24.
    """

    due_seconds: int = 0
    working_hours: int = 0
    working_days: int = 0
    remind_seconds: int = 0

    @property
    def most_seconds(self) -> int:
        """The due time in seconds if the desk works around the clock."""
        return self.due_seconds or self.working_hours * 3_600 or self.working_days * 86_400


def read(fields: Mapping[str, Node], usual: Timing) -> Timing:
    """Read the due time and the reminder; absent fields use the defaults."""
    timing = _due(fields["due"], usual) if "due" in fields else usual
    if "remind" in fields:
        return replace(timing, remind_seconds=_remind(fields["remind"], timing))
    # A default reminder that would come before the stage opens is dropped.
    return timing if usual.remind_seconds < timing.most_seconds else replace(timing, remind_seconds=0)


def _due(node: Node, usual: Timing) -> Timing:
    found = _WORKING.fullmatch(node.value) if isinstance(node.value, str) else None
    if found is None:
        return Timing(due_seconds=_seconds(node), remind_seconds=usual.remind_seconds)
    number, unit = int(found[1]), found[2]
    most = MAX_HOURS if unit == "hour" else MAX_DAYS
    if number > most:
        node.fault(f"This is too long. Use at most {most} working {unit}s.")
    hours, days = (number, 0) if unit == "hour" else (0, number)
    return Timing(working_hours=hours, working_days=days, remind_seconds=usual.remind_seconds)


def _seconds(node: Node) -> int:
    if isinstance(node.value, str) and "work" in node.value:
        node.fault('Invalid working time. Write it as "8 working hours" or "2 working days".')
        return MIN_SECONDS
    seconds = node.seconds()
    if seconds < MIN_SECONDS:
        node.fault("This is too short. Allow at least one minute.")
    return seconds


def _remind(node: Node, timing: Timing) -> int:
    seconds = node.seconds()
    if not MIN_SECONDS <= seconds < max(timing.most_seconds, MIN_SECONDS + 1):
        node.fault("Invalid reminder. Use at least 1m and less than the due time.")
    return seconds
