"""What one operation of a path costs: CPU and log from one run, statements from a second, smaller one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from benchmarks import processes, storage, tracking
from benchmarks.load import Line, Timing
from benchmarks.tracking import Counts

Ready = TypeVar("Ready")
# So many requests are enough to count what each one sends; of a backlog, what a batch shares must show.
FEW, BACKLOG = 20, 64


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured of one path, for one operation."""

    line: Line
    # Bytes of the write-ahead log.
    log: float
    counts: Counts
    floor: Line | None = None

    @property
    def cpu(self) -> float:
        """Milliseconds of the server's processes and of the database."""
        return sum(self.line.cpu)

    @property
    def times(self) -> float | None:
        """How many times its own floor it costs."""
        return self.cpu / sum(self.floor.cpu) if self.floor else None

    def over(self, floor: Line) -> "Cost":
        """The same, beside a floor of its own."""
        return replace(self, floor=floor)


@dataclass(frozen=True, slots=True)
class Path:
    """One path: its processes by name, how many proposals an operation holds, and of how many statements count."""

    name: str
    pids: dict[str, int]
    held: int = 1
    counted: int = FEW

    def cost(self, ready: Callable[[int], Ready], work: Callable[[Ready], Timing], count: int) -> Cost:
        """Make ready for so many operations, and measure them; then for few more, and count their statements."""
        began, prepared = time.monotonic(), ready(count)
        before, meter = storage.log_written(), processes.meter(**self.pids)
        timing = work(prepared)
        line = Line(self.name, timing, meter.spent(), self.held)
        log = (storage.log_written() - before) / line.count
        few = ready(min(count, max(1, self.counted // self.held)))
        with tracking.counting() as counted:
            again = work(few)
        print(f"  {self.name}: {time.monotonic() - began:.0f} s", flush=True)
        return Cost(line, log, counted[0].each(len(again.each) * self.held))


HEAD = (
    "path", "operations", "CPU ms: server", "CPU ms: database", "times F", "its floor, CPU ms", "times its floor",
    "log, bytes",
)  # fmt: skip
SENT = ("path", "statements", "that lock rows", "foreign keys checked", "commits", "rollbacks")


def cells(cost: Cost, f: float) -> Sequence[object]:
    """A path as a row of the table of costs."""
    floor = (sum(cost.floor.cpu), cost.times) if cost.floor else ("", "")
    return (cost.line.name, cost.line.count, *cost.line.cpu, cost.cpu / f, *floor, round(cost.log))


def sent(cost: Cost) -> Sequence[object]:
    """A path as a row of the table of statements."""
    counts = cost.counts
    return (cost.line.name, counts.statements, counts.locks, counts.checks, counts.commits, counts.rollbacks)
