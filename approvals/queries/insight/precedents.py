"""Decisions on similar actions, and an agent's track record, from bounded history."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from approvals.models import Action, Decision
from approvals.models.people import MAX_NORMALIZED
from approvals.states import DECIDED, DecisionSource, DecisionType
from approvals.text import normalize
from policies.compiled import Among, Compiled, CompiledValues, Slot

MAX = 5
MAX_OF_SUBJECT = 20
NEAR = (Decimal("0.75"), Decimal("1.25"))
LOOKED_AT = 2_000
RECORD = 500
# What is like an action is of its client, or of none like itself. No client has this id.
NO_CLIENT = 0
OF_CLIENT = Exact(Coalesce(F("client_id"), Value(NO_CLIENT)), Slot("client", BigIntegerField()))
_AMOUNT: Any = Action._meta.get_field("amount")


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
    subject, values = subject_of(action), _told(action)
    if action.amount:
        low, high = sorted(action.amount * bound for bound in NEAR)
        values |= {"low": low, "high": high, "currency": action.currency}
    if not subject and not action.amount:
        return []
    rows = _near(bool(subject), bool(action.amount)).all(**values, subject=subject)
    return _with_finals(rows)


@cache
def _near(has_subject: bool, has_amount: bool) -> Compiled[Action]:
    """The same for any action that has these."""
    alike = Q(normalized_subject=Slot("subject", CharField()))
    amount = Q(amount__range=(Slot("low", _AMOUNT), Slot("high", _AMOUNT)), currency=Slot("currency", CharField()))
    wanted = [each for each, is_given in ((alike, has_subject), (amount, has_amount)) if is_given]
    other = Case(When(alike, then=0), default=1) if has_subject else Value(1)
    rows = _decided().select_related("action_type", "revision").filter(reduce(or_, wanted))
    return Compiled(lambda: rows.order_by(other, "-id")[:MAX_OF_SUBJECT], is_planned_anew=True)


def _with_finals(rows: list[Action]) -> list[Action]:
    """Return the same rows with the decisions on them."""
    found: dict[object, list[Decision]] = {}
    for decision in _FINALS.all(actions=[row.pk for row in rows]) if rows else ():
        found.setdefault(decision.action_id, []).append(decision)
    for row in rows:
        row.finals = found.get(row.pk, [])  # type: ignore[attr-defined]
    return rows


_FINALS: Compiled[Decision] = Compiled(
    lambda: (
        Decision.objects.filter(Among("action", "actions", UUIDField()), is_final=True)
        .select_related("person", "rationale")
        .order_by("-round")
    )
)


def of_subject(action: Action, rows: Sequence[Action]) -> list[Action]:
    """Return the similar actions with the same subject."""
    subject = subject_of(action)
    return [row for row in rows if subject and row.normalized_subject == subject]


def of_subjects(actions: Sequence[Action]) -> dict[str, list[Action]]:
    """Return the same for several actions of one type and desk, by normalized subject."""
    named = {subject for action in actions if (subject := subject_of(action))}
    found: dict[str, list[Action]] = {}
    # Only what they were is asked, and not who decided them.
    rows = _of_subjects(len(named)).all(**_told(actions[0]), subjects=named) if named else ()
    for row in rows:
        found.setdefault(row.normalized_subject, []).append(row)
    return {subject: rows[:MAX_OF_SUBJECT] for subject, rows in found.items()}


@lru_cache(maxsize=64)
def _of_subjects(count: int) -> Compiled[Action]:
    """The last actions of so many subjects."""
    rows = _decided().select_related("revision").filter(Among("normalized_subject", "subjects", TextField()))
    return Compiled(lambda: rows[: MAX_OF_SUBJECT * count], is_planned_anew=True)


def similar(action: Action, rows: Sequence[Action]) -> list[Precedent]:
    """Return the decisions on the most similar of these actions."""
    return [Precedent(row, _final(row), _likeness(row, action)) for row in rows[:MAX]]


def record(action: Action) -> Record:
    """Return the results of this agent's last 500 actions of this type."""
    rows = _RECORD.all(**_told(action), agent=action.agent_id)
    return Record(*(rows[0] if rows else (0,) * 5))


def _record() -> QuerySet[Decision, Any]:
    agent, kind = Slot("agent", BigIntegerField()), Slot("type", BigIntegerField())
    last = Action.objects.filter(OF_CLIENT, agent=agent, action_type=kind).exclude(pk=Slot("action", UUIDField()))
    decisions = Decision.objects.filter(is_final=True, action__in=last.order_by("-id").values("pk")[:RECORD])
    person = Q(source=DecisionSource.PERSON)
    counts = {
        "total": Count("pk"),
        "automatic": Count("pk", filter=~person & Q(verdict=DecisionType.APPROVE)),
        "approved": Count("pk", filter=person & Q(verdict=DecisionType.APPROVE)),
        "modified": Count("pk", filter=person & Q(verdict=DecisionType.MODIFY)),
        "rejected": Count("pk", filter=person & Q(verdict=DecisionType.REJECT)),
    }
    # All are final, so that they are one group.
    return decisions.order_by().values("is_final").annotate(**counts).values_list(*counts)


_RECORD = CompiledValues(_record, is_planned_anew=True)


def _told(action: Action) -> dict[str, Any]:
    return {
        "action": action.pk,
        "type": action.action_type_id,
        "desk": action.desk_id,
        "client": action.client_id or NO_CLIENT,
    }


def _decided() -> QuerySet[Action]:
    """Return the newest decided actions of a type and desk, within a limited number of rows.

    Whether the index of types or of desks is shorter depends on which they are, so what reads them is planned anew.
    """
    kind, desk = Slot("type", BigIntegerField()), Slot("desk", BigIntegerField())
    alike = Action.objects.filter(OF_CLIENT, action_type=kind, desk=desk).exclude(pk=Slot("action", UUIDField()))
    window = alike.order_by("-id").values("pk")[:LOOKED_AT]
    return Action.objects.filter(pk__in=window, state__in=DECIDED).order_by("-id")


def _final(action: Action) -> Decision | None:
    finals: list[Decision] = action.finals  # type: ignore[attr-defined]
    return next(iter(finals), None)


def _likeness(row: Action, action: Action) -> str:
    return "subject" if action.subject and row.normalized_subject == subject_of(action) else "amount"
