"""What each path may cost, and whether it does: the table that is compared with the design, made of figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from benchmarks.results import table

HEAD = ("path", "before", "now", "from, to", "required", "aim", "met")
F, OWN, MS, KB, MB, PERCENT = "F", "times its floor", "ms", "kB", "MB", "%"
UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Target:
    """The most that a path may cost, and what it should; the less, the better."""

    key: str
    path: str
    unit: str
    required: float
    aim: float | None = None
    # What it cost before the engine was rebuilt, in the same unit.
    before: float | None = None

    def cells(self, figures: Sequence[float], pending: int) -> tuple[str, ...]:
        """The row of the table for what was measured, once or in several rounds: their median counts."""
        before, aim = ("" if one is None else self._shown(one) for one in (self.before, self.aim))
        path = self.path.format(pending=f"{pending:,}")
        if not figures:
            return path, before, UNKNOWN, "", self._shown(self.required), aim, UNKNOWN
        now, met = median_low(figures), "yes" if self.is_met(median_low(figures)) else "no"
        return path, before, self._shown(now), self._range(figures), self._shown(self.required), aim, met

    def is_met(self, figure: float) -> bool:
        """Whether it costs no more than required, as it is shown."""
        return round(figure, self._places) <= self.required

    def _range(self, figures: Sequence[float]) -> str:
        least, most = (f"{round(figure, self._places):g}" for figure in (min(figures), max(figures)))
        return f"{least} to {most}" if len(figures) > 1 else ""

    @property
    def _places(self) -> int:
        return 2 if self.unit in {F, OWN} else 1

    def _shown(self, figure: float) -> str:
        return f"{round(figure, self._places):g} {self.unit}"


TARGETS: Sequence[Target] = (
    Target("propose", "`POST actions/`", F, 2.2, 1.5, 5.9),
    Target("batch", "batch of 100, for each proposal", OWN, 2.2, 1.7, 3.7),
    Target("approve by token", "approve, by token", OWN, 2.5, 2, 9.1),
    Target("approve by session", "approve, by session", OWN, 2.5, 2, 9.1),
    Target("route to a person", "route to a person, in a backlog", F, 2, 1.5, 8.8),
    Target("route by policy", "route by policy, in a backlog", F, 1.5, 1, 6.4),
    Target("execute", "execute (journal), in a backlog", F, 2.5, 1.5, 9.8),
    Target("automatic", "automatic path, `POST` to executed, all processes, in a burst", F, 7.5, 5, 84),
    Target("alone p50", "proposed to executed, one at a time, p50", MS, 100, 60, 536),
    Target("alone p95", "proposed to executed, one at a time, p95", MS, 250, 150, 861),
    Target("inbox p95", "inbox, p95 with {pending} pending", MS, 80, 60, 119),
    Target("decision page p95", "decision page, p95 with {pending} pending", MS, 80, 60, 113),
    Target("stored, automatic", "stored for an automatic action, packed (1 kB more for sealing)", KB, 10, 7, 14),
    Target(
        "stored, by a person", "stored for one that a person decided, packed (1 kB more for sealing)", KB, 14, 10, 19
    ),
    Target("catalog in memory", "what a web process holds of 100,000 keys and 50,000 people", MB, 100),
    Target("catalog changes", "more CPU of the web server during 5,000 changes of people", PERCENT, 20),
)


def summary(figures: Mapping[str, Sequence[float]], pending: int) -> str:
    """The table of all targets; what has no figure was not measured.

    :raises LookupError: there is a figure that no target asks for.
    """
    if unasked := figures.keys() - {target.key for target in TARGETS}:
        raise LookupError(f"No target asks for {', '.join(sorted(unasked))}.")
    return table(HEAD, _rows(figures, pending))


def _rows(figures: Mapping[str, Sequence[float]], pending: int) -> Iterator[tuple[str, ...]]:
    for target in TARGETS:
        yield target.cells(figures.get(target.key, ()), pending)
