"""Decisions on similar actions, and an agent's track record, from bounded history."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from approvals.models import Action, Decision
from approvals.models.people import MAX_NORMALIZED
from approvals.states import DECIDED, DecisionSource, DecisionType
from approvals.text import normalize

MAX = 5
MAX_OF_SUBJECT = 20
NEAR = (Decimal("0.75"), Decimal("1.25"))
LOOKED_AT = 2_000
RECORD = 500


@dataclass(frozen=True, slots=True)
class Precedent:
    """A similar action, the decision on it, and what makes it similar: `subject`, `amount` or both."""

    action: Action
    decision: Decision | None
    duplicate_fingerprint: str


@dataclass(frozen=True, slots=True)
class Record:
    """Results of an agent's last actions of this type, by who decided and how."""

    total: int
    automatic: int
    approved: int
    modified: int
    rejected: int

    @property
    def by_people(self) -> int:
        """The number of actions decided by people."""
        return self.approved + self.modified + self.rejected

    @property
    def untouched(self) -> float | None:
        """The share of people's decisions that approved the action unchanged."""
        return self.approved / self.by_people if self.by_people else None


def subject_of(action: Action) -> str:
    """Return the form of the action's subject that all its spellings share; also of an action that is not saved."""
    return normalize.subject(action.subject)[:MAX_NORMALIZED]


def near(action: Action) -> list[Action]:
    """Return recently decided actions of this type and desk, same subject first, then similar amounts.

    Newest first within each group, in one statement.
    """
    subject, amount = subject_of(action), Q(pk__in=[])
    alike = Q(normalized_subject=subject) if subject else Q(pk__in=[])
    if action.amount:
        low, high = sorted(action.amount * bound for bound in NEAR)
        amount = Q(amount__range=(low, high), currency=action.currency)
    other = Case(When(alike, then=0), default=1) if subject else Value(1)
    return list(_recent(action).filter(alike | amount).order_by(other, "-id")[:MAX_OF_SUBJECT])


def of_subject(action: Action, rows: Sequence[Action]) -> list[Action]:
    """Return the similar actions with the same subject."""
    subject = subject_of(action)
    return [row for row in rows if subject and row.normalized_subject == subject]


def of_subjects(actions: Sequence[Action]) -> dict[str, list[Action]]:
    """Return the same for several actions of one type and desk, by normalized subject."""
    named = {subject for action in actions if (subject := subject_of(action))}
    found: dict[str, list[Action]] = {}
    # Only what they were is asked, and not who decided them.
    rows = _decided(actions[0]).select_related("revision").filter(normalized_subject__in=named) if named else ()
    for row in rows[: MAX_OF_SUBJECT * len(named)]:
        found.setdefault(row.normalized_subject, []).append(row)
    return {subject: rows[:MAX_OF_SUBJECT] for subject, rows in found.items()}


def similar(action: Action, rows: Sequence[Action]) -> list[Precedent]:
    """Return the decisions on the most similar of these actions."""
    return [Precedent(row, _final(row), _likeness(row, action)) for row in rows[:MAX]]


def record(action: Action) -> Record:
    """Return the results of this agent's last 500 actions of this type."""
    last = Action.objects.filter(agent=action.agent, action_type=action.action_type).exclude(pk=action.pk)
    decisions = Decision.objects.filter(is_final=True, action__in=last.order_by("-id").values("pk")[:RECORD])
    person = Q(source=DecisionSource.PERSON)
    counts = decisions.aggregate(
        total=Count("pk"),
        automatic=Count("pk", filter=~person & Q(verdict=DecisionType.APPROVE)),
        approved=Count("pk", filter=person & Q(verdict=DecisionType.APPROVE)),
        modified=Count("pk", filter=person & Q(verdict=DecisionType.MODIFY)),
        rejected=Count("pk", filter=person & Q(verdict=DecisionType.REJECT)),
    )
    return Record(**counts)


def _decided(action: Action) -> QuerySet[Action]:
    """Return the newest decided actions, within a limited number of rows."""
    alike = Action.objects.filter(action_type=action.action_type_id, desk=action.desk_id).exclude(pk=action.pk)
    window = alike.order_by("-id").values("pk")[:LOOKED_AT]
    return Action.objects.filter(pk__in=window, state__in=DECIDED).order_by("-id")


def _recent(action: Action) -> QuerySet[Action]:
    """Return the same with the decisions on them."""
    rows = _decided(action)
    final = Decision.objects.filter(is_final=True).select_related("person", "rationale").order_by("-round")
    return rows.select_related("action_type", "revision").prefetch_related(Prefetch("decisions", final, "finals"))


def _final(action: Action) -> Decision | None:
    finals: list[Decision] = action.finals  # type: ignore[attr-defined]
    return next(iter(finals), None)


def _likeness(row: Action, action: Action) -> str:
    return "subject" if action.subject and row.normalized_subject == subject_of(action) else "amount"
