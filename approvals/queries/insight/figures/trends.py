"""How much ran automatically and how much people changed, week by week and agent by agent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from approvals.actors import Actor
from approvals.models import Decision
from approvals.queries.insight.figures import analytics, outcomes
from approvals.queries.insight.figures.proportions import Share
from policies.queries import begun
from policies.queries.begun import Begun

WEEKS = 13
# So many decisions of each week are counted at most: the newest. More would change no share that anybody can see.
MAX_PER_WEEK = 15_000
MAX_MARKS = 12
MAX_AGENTS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday: how many ran automatically of all, and how many people changed of those they decided."""

    monday: date
    automatic: Share
    changed: Share


@dataclass(frozen=True, slots=True)
class Trend:
    """The weeks of all agents together and of each agent by its key, and the policy versions that began in them.

    Every list of weeks has the same weeks; in one of them there may be nothing to count.
    """

    weeks: list[Week]
    by_agent: Mapping[int, list[Week]]
    begun: list[Begun]
    is_cut: bool

    @property
    def nothing(self) -> list[Week]:
        """The weeks of an agent that is not among the busiest."""
        return [Week(week.monday, Share(0, 0), Share(0, 0)) for week in self.weeks]


@dataclass(slots=True)
class _Counts:
    """What is counted in one week."""

    total: int = 0
    automatic: int = 0
    people: int = 0
    changed: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.total += row["total"]
        self.automatic += row["automatic"]
        self.people += row["people"]
        self.changed += row["changed"]


@dataclass(slots=True)
class _Counted:
    """The counts of each week, of all and of each agent."""

    overall: dict[date, _Counts] = field(default_factory=lambda: defaultdict(_Counts))
    by_agent: dict[int, dict[date, _Counts]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_Counts)))


def trend(actor: Actor, until: datetime, client: int | None = None) -> Trend:
    """Return the trend of the last 13 weeks of the decisions that this actor may see, of all clients or of one."""
    mondays = _mondays(until)
    found = analytics.decided(actor, _starts(mondays[0]), until, client).filter(is_final=True)
    is_cut = found.values("pk")[: WEEKS * MAX_PER_WEEK + 1].count() > WEEKS * MAX_PER_WEEK
    counted = _Counted()
    for row in _by_week(found, mondays, until) if is_cut else _rows(found):
        counted.overall[row["week"].date()].add(row)
        counted.by_agent[row["agent"]][row["week"].date()].add(row)
    totals = {agent: sum(week.total for week in weeks.values()) for agent, weeks in counted.by_agent.items()}
    busiest = sorted(totals, key=lambda agent: (-totals[agent], agent))[:MAX_AGENTS]
    return Trend(
        weeks=_weeks(mondays, counted.overall),
        by_agent={agent: _weeks(mondays, counted.by_agent[agent]) for agent in busiest},
        begun=begun.between(_starts(mondays[0]), until, MAX_MARKS),
        is_cut=is_cut,
    )


def _mondays(until: datetime) -> list[date]:
    today = timezone.localtime(until).date()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _starts(monday: date) -> datetime:
    return datetime(monday.year, monday.month, monday.day, tzinfo=timezone.get_current_timezone())


def _by_week(found: QuerySet[Decision], mondays: Sequence[date], until: datetime) -> Iterable[Mapping[str, Any]]:
    """Return the rows of the newest decisions of each week, one statement a week: for a firm with very many."""
    ends = [*map(_starts, mondays[1:]), until]
    for monday, end in zip(mondays, ends, strict=True):
        week = found.filter(at__gte=_starts(monday), at__lt=end).order_by("-at")
        yield from _rows(Decision.objects.filter(pk__in=week.values("pk")[:MAX_PER_WEEK]))


def _rows(found: QuerySet[Decision]) -> Iterable[Mapping[str, Any]]:
    weeks: QuerySet[Any] = found.annotate(week=TruncWeek("at")).values("week", agent=F("action__agent"))
    rows: Iterable[Mapping[str, Any]] = weeks.order_by().annotate(
        total=Count("pk"),
        automatic=Count("pk", filter=outcomes.AUTOMATIC),
        people=Count("pk", filter=outcomes.HUMAN),
        changed=Count("pk", filter=outcomes.CHANGED),
    )
    return rows


def _weeks(mondays: Sequence[date], counts: Mapping[date, _Counts]) -> list[Week]:
    nothing = _Counts()
    found = [(monday, counts.get(monday, nothing)) for monday in mondays]
    return [Week(monday, Share(c.automatic, c.total), Share(c.changed, c.people)) for monday, c in found]
