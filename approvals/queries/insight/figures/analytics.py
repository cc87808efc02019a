"""Automation analytics for a period: shares, times and rates, in a few bounded queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import TruncDate

from approvals.actors import Actor
from approvals.authority import memberships, visibility
from approvals.models import Decision, Membership
from approvals.queries.insight.figures import outcomes

# The newest decisions of the period; more would make the page slow and change no share that anybody can see.
MAX = 200_000
MAX_GROUPS = 12
STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
)


@dataclass(frozen=True, slots=True)
class Shares:
    """How a group of actions was decided; `name` is empty for the total, and `key` None.

    ``undecided`` were escalated in the period, and people have not decided them in it.
    """

    key: int | None
    name: str
    total: int
    automatic: int
    blocked: int
    approved: int
    modified: int
    rejected: int
    expired: int
    escalated: int
    undecided: int

    @property
    def by_people(self) -> int:
        """The number of actions decided by people."""
        return self.approved + self.modified + self.rejected

    @property
    def automatic_share(self) -> float | None:
        """The share of actions that ran automatically."""
        return self.automatic / self.total if self.total else None

    @property
    def escalation_rate(self) -> float | None:
        """The share of actions that reviewers had before them that were escalated."""
        return _share(self.escalated, self.by_people + self.expired + self.undecided)

    @property
    def override_rate(self) -> float | None:
        """The share of decided actions that people modified."""
        return _share(self.modified, self.by_people)

    @property
    def rejection_rate(self) -> float | None:
        """The share of decided actions that people rejected."""
        return _share(self.rejected, self.by_people)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: automatic runs, decisions by people, and actions stopped by policy or time."""

    on: Any
    automatic: int
    people: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How many decisions took up to a given time; the last entry has no limit."""

    up_to: timedelta | None
    count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The analytics of a period."""

    overall: Shares
    by_type: list[Shares]
    by_agent: list[Shares]
    days: list[Day]
    waits: list[Wait]
    is_cut: bool

    @property
    def half_within(self) -> timedelta | None:
        """The time within which people decided at least half; None if unknown."""
        total, seen = sum(wait.count for wait in self.waits), 0
        for wait in self.waits:
            seen += wait.count
            if total and seen * 2 >= total:
                return wait.up_to
        return None


def picture(actor: Actor, since: datetime, until: datetime, client: int | None = None) -> Picture:
    """Return the analytics of the decided actions that this actor may see, of all clients or of one."""
    found = decided(actor, since, until, client)
    is_cut = found.values("pk")[: MAX + 1].count() > MAX
    if is_cut:
        found = Decision.objects.filter(pk__in=found.order_by("-at").values("pk")[:MAX])
    counts = _counts(since, until)
    return Picture(
        overall=_shares([{"key": None, "name": "", **found.aggregate(**counts)}])[0],
        by_type=_shares(_grouped(found, "action__action_type", counts)),
        by_agent=_shares(_grouped(found, "action__agent", counts)),
        days=_days(found),
        waits=_waits(found),
        is_cut=is_cut,
    )


def decided(actor: Actor, since: datetime, until: datetime, client: int | None = None) -> QuerySet[Decision]:
    """Return the decisions of a period by which actions at this actor's desks stand decided, and escalations by people.

    An action stands decided once, so that as many actions as decisions are counted.
    """
    found = Decision.objects.filter(outcomes.STANDING | outcomes.ESCALATED, at__gte=since, at__lt=until)
    if client is not None:
        found = found.filter(action__client=client)
    if actor.person is None:
        return found.none()
    if visibility.reads_everything(actor.person):
        return found.order_by()
    seats = Membership.objects.filter(person=actor.person)
    return found.filter(memberships.of_seats(seats, "action__desk", "action__client")).order_by()


def _counts(since: datetime, until: datetime) -> dict[str, Count]:
    conditions = {
        "total": Q(),
        "automatic": outcomes.AUTOMATIC,
        "blocked": outcomes.BLOCKED,
        "approved": outcomes.HUMAN & ~outcomes.CHANGED,
        "modified": outcomes.MODIFIED,
        "rejected": outcomes.REJECTED,
        "expired": outcomes.EXPIRED,
    }
    counts = {name: Count("pk", filter=Q(is_final=True) & each) for name, each in conditions.items()}
    counts["escalated"] = Count("action", filter=outcomes.ESCALATED, distinct=True)
    # Asked for each escalation alone, of which there are few.
    reviewed = Decision.objects.filter(
        outcomes.HUMAN | outcomes.EXPIRED,
        action=OuterRef("action"),
        round=OuterRef("action__round"),
        is_final=True,
        at__gte=since,
        at__lt=until,
    )
    counts["undecided"] = Count("action", filter=Q(outcomes.ESCALATED, ~Exists(reviewed)), distinct=True)
    return counts


def _grouped(found: QuerySet[Decision], column: str, counts: Mapping[str, Count]) -> Iterable[Any]:
    rows: QuerySet[Any] = found.values(key=F(column), name=F(f"{column}__title"))
    groups: Iterable[Any] = rows.annotate(**counts).order_by("-total", "name")[:MAX_GROUPS]
    return groups


def _shares(rows: Iterable[Any]) -> list[Shares]:
    return [Shares(**row) for row in rows]


def _days(found: QuerySet[Decision]) -> list[Day]:
    rows = found.filter(is_final=True).annotate(on=TruncDate("at")).values("on").order_by("on")
    counted = rows.annotate(
        automatic=Count("pk", filter=outcomes.AUTOMATIC),
        people=Count("pk", filter=outcomes.HUMAN),
        stopped=Count("pk", filter=outcomes.STOPPED),
    )
    return [Day(**row) for row in counted]


def _waits(found: QuerySet[Decision]) -> list[Wait]:
    """Return how long people took, counted in steps by one query."""
    rows = found.filter(outcomes.HUMAN, is_final=True).annotate(waited=waited(F("at"), F("action__created_at")))
    names = [f"step_{place}" for place in range(len(STEPS))]
    within = {name: Count("pk", filter=Q(waited__lte=step)) for name, step in zip(names, STEPS, strict=True)}
    row = rows.aggregate(**within, everything=Count("pk"))
    totals: Sequence[int] = [*(row[name] for name in names), row["everything"]]
    return [
        Wait(bound, total - former)
        for bound, total, former in zip([*STEPS, None], totals, [0, *totals[:-1]], strict=True)
    ]


def waited(decided: F, proposed: F) -> "ExpressionWrapper[CombinedExpression]":
    """Return the time from a proposal to its decision, as an expression of their columns."""
    return ExpressionWrapper(decided - proposed, output_field=DurationField())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
