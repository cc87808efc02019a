"""Twins: actions of one type with the same subject and document number, found when they are read.

Actions without a number are twins if their payloads are identical. Some payloads recur, such as a daily report; they
are twins only while one is unfinished, or if they were proposed within 20 hours.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from approvals import asked
from approvals.actors import Actor
from approvals.authority import visibility
from approvals.models import Action, Decision
from approvals.states import GRANTED, OPEN, ActionState
from policies.compiled import Among, Compiled, CompiledValues, Slot

MAX = 20
FLAG = "seen_before"
# Shorter than a day: what recurs every day is no duplicate of yesterday's.
WINDOW = timedelta(hours=20)
_UNFINISHED = OPEN | GRANTED | {ActionState.EXECUTING, ActionState.UNCERTAIN}
# Nothing can come of these any more, and nobody decided them.
_GONE = (ActionState.WITHDRAWN, ActionState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Twin:
    """An action with the same number or payload that the reader may see, and its final decision."""

    action: Action
    decision: Decision | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.action.state in OPEN


class Twins(NamedTuple):
    """The twins that a reader may see, open ones first, and how many others there are."""

    seen: Sequence[Twin] = ()
    hidden: int = 0

    @property
    def waiting(self) -> list[Twin]:
        """The twins that still wait for a decision."""
        return [twin for twin in self.seen if twin.is_open]


def of(action: Action, actor: Actor) -> Twins:
    """Return the twins of an action, at most `MAX`; one statement where there are none, else three."""
    if not action.duplicate_fingerprint:
        return Twins()
    keys = [key for (key,) in _alike(is_numbered=bool(action.reference)).all(**_told(action))]
    if not keys:
        return Twins()
    # The reader's right is asked for these few rows only; as a condition, it would read all that they may see.
    found = visibility.visible_among(actor, keys, ("action_type", "desk", "revision", "agent", "evaluation"))
    _read_finals(list(found.values()))
    seen = [Twin(row, _final(row)) for key in keys if (row := found.get(key))]
    return Twins(seen, len(keys) - len(seen))


def of_each(actions: Sequence[Action], actor: Actor) -> dict[uuid.UUID, list[Twin]]:
    """Return the twins that the reader may see, at most `MAX` of each action; one statement where there are none."""
    marks = {action.duplicate_fingerprint for action in actions} - {""}
    if not marks:
        return {}
    alive = _with_marks({action.action_type_id for action in actions}, marks).exclude(state__in=_GONE)
    several = alive.order_by().values("duplicate_fingerprint").annotate(count=Count("pk")).filter(count__gt=1)
    shared = [row["duplicate_fingerprint"] for row in several]
    groups = _seen(alive.filter(duplicate_fingerprint__in=shared), actor) if shared else {}
    return {
        action.pk: [Twin(row, _final(row)) for row in group if row.pk != action.pk and _is_near(row, action)][:MAX]
        for action in actions
        if (group := groups.get((action.action_type_id, action.duplicate_fingerprint)))
    }


def _seen(rows: QuerySet[Action], actor: Actor) -> dict[tuple[int, str], list[Action]]:
    """Return the first rows of each group that the reader may see, open ones first."""
    shown = visibility.one_visible_to(actor).filter(pk=OuterRef("pk"))
    # What the reader may not see takes no place from what they may.
    order = [F("is_shown").desc(), F("rank").asc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=["action_type_id", "duplicate_fingerprint"], order_by=order)
    found = (
        rows.annotate(is_shown=Exists(shown), rank=_OPEN_FIRST)
        .annotate(place=place)
        # Each action is one of its own group.
        .filter(place__lte=MAX + 1)
        .select_related("action_type", "revision", "evaluation")
        .prefetch_related(_DECISIONS)
        .order_by("rank", "-id")
    )
    groups: dict[tuple[int, str], list[Action]] = defaultdict(list)
    for row in found:
        if row.is_shown:
            groups[row.action_type_id, row.duplicate_fingerprint].append(row)
    return groups


def alike(action: Action) -> QuerySet[Action]:
    """Return the other actions with the same number or payload, unless nothing came of them; reads the index."""
    return _same(**_told(action), is_numbered=bool(action.reference), besides=_GONE)


def _same(
    *, action: Any, type: Any, mark: Any, since: Any, until: Any, is_numbered: bool, besides: Collection[ActionState]
) -> QuerySet[Action]:
    """The others that are alike, without those in some states; of those without a number only near ones are."""
    rows = Action.objects.filter(action_type=type, duplicate_fingerprint=mark)
    # The condition of the partial index, so that the database may use it.
    rows = rows.exclude(duplicate_fingerprint="").exclude(pk=action).exclude(state__in=besides)
    if is_numbered:
        return rows
    return rows.filter(Q(state__in=_UNFINISHED) | Q(created_at__range=(since, until)))


def _told(action: Action) -> dict[str, Any]:
    """What tells which others are alike."""
    return {
        "action": action.pk,
        "type": action.action_type_id,
        "mark": action.duplicate_fingerprint,
        "since": action.created_at - WINDOW,
        "until": action.created_at + WINDOW,
    }


_SLOTS = {
    "action": Slot("action", UUIDField()),
    "type": Slot("type", BigIntegerField()),
    "mark": Slot("mark", CharField()),
    "since": Slot("since", DateTimeField()),
    "until": Slot("until", DateTimeField()),
}


@cache
def _alike(*, is_numbered: bool) -> CompiledValues:
    """The first of them, the open ones before others."""
    rows = _same(**_SLOTS, is_numbered=is_numbered, besides=_GONE)
    return CompiledValues(lambda: rows.order_by(_OPEN_FIRST, "-id").values_list("pk")[:MAX])


def count(action: Action, *, besides: Collection[ActionState], own_only: bool = False) -> int:
    """Return how many others are alike, without those in some states; ``own_only`` leaves out those of other agents."""
    if not action.duplicate_fingerprint:
        return 0
    counted = _count(frozenset(besides), is_numbered=bool(action.reference), own_only=own_only)
    rows = counted.all(**_told(action), agent=action.agent_id)
    return int(rows[0][0]) if rows else 0


@cache
def _count(besides: frozenset[ActionState], *, is_numbered: bool, own_only: bool) -> CompiledValues:
    """The same for any action."""
    rows = _same(**_SLOTS, is_numbered=is_numbered, besides={*_GONE, *besides})
    if own_only:
        rows = rows.filter(agent=Slot("agent", BigIntegerField()))
    counts = rows.order_by().values("duplicate_fingerprint").annotate(count=Count("pk")).values_list("count")
    return CompiledValues(lambda: counts)


def read_ahead(actions: Sequence[Action], *, besides: Collection[ActionState]) -> None:
    """Count for each of these the others that are alike, without those in some states, in one statement.

    Twins of each other are left out: the first may change what there is to say of the second.
    """
    marks = Counter((action.action_type_id, action.duplicate_fingerprint) for action in actions)
    alone = [action for action in actions if marks[action.action_type_id, action.duplicate_fingerprint] == 1]
    for action in alone:
        asked.ahead((FLAG, action.pk), 0)
    for row in _counted(frozenset(besides)).all(ids=[action.pk for action in alone]):
        asked.ahead((FLAG, row.pk), vars(row)["others"] or 0)


@cache
def _counted(besides: frozenset[ActionState]) -> Compiled[Action]:
    """The actions of these ids with a fingerprint, each with how many others are alike."""
    same = Q(action_type=OuterRef("action_type"), duplicate_fingerprint=OuterRef("duplicate_fingerprint"))
    near = (OuterRef("created_at") - WINDOW, OuterRef("created_at") + WINDOW)
    others = Action.objects.filter(same).exclude(duplicate_fingerprint="").exclude(pk=OuterRef("pk"))
    others = others.exclude(state__in={*_GONE, *besides})
    # Of the same fingerprint either all have a number or none has.
    others = others.filter(Q(state__in=_UNFINISHED) | Q(created_at__range=near) | ~Q(reference=""))
    counts = others.order_by().values("duplicate_fingerprint").annotate(count=Count("pk")).values("count")
    found = Action.objects.filter(Among("pk", "ids", UUIDField())).exclude(duplicate_fingerprint="").order_by()
    return Compiled(lambda: found.annotate(others=Subquery(counts)).only("pk"))


def counted_ahead(action: Action) -> int | None:
    """How many others are alike, where `read_ahead` counted them."""
    count: int | None = asked.known((FLAG, action.pk))
    return count


def _is_near(row: Action, action: Action) -> bool:
    """Return the same for a row that was read already."""
    return bool(action.reference) or row.state in _UNFINISHED or abs(row.created_at - action.created_at) <= WINDOW


def is_flagged(flags: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether one of the flags of an action speaks of its twins."""
    return any(flag["code"] == FLAG for flag in flags)


def pending_counts(actions: Sequence[Action]) -> dict[uuid.UUID, int]:
    """Return how many twins of each action wait, in one statement for all."""
    marks = {action.duplicate_fingerprint for action in actions} - {""}
    if not marks:
        return {}
    kinds = {action.action_type_id for action in actions}
    counted = {(kind, mark): count for kind, mark, count in _PENDING.all(kinds=kinds, marks=marks)}
    waiting = {
        action.pk: counted.get((action.action_type_id, action.duplicate_fingerprint), 0) - (action.state in OPEN)
        for action in actions
    }
    return {key: count for key, count in waiting.items() if count > 0}


_PENDING = CompiledValues(
    lambda: (
        Action.objects.filter(Among("action_type", "kinds", BigIntegerField()), state__in=OPEN)
        .filter(Among("duplicate_fingerprint", "marks", TextField()))
        .exclude(duplicate_fingerprint="")
        .order_by()
        .values_list("action_type_id", "duplicate_fingerprint")
        .annotate(Count("pk"))
    )
)


def _with_marks(kinds: Collection[int], marks: Collection[str]) -> QuerySet[Action]:
    found = Action.objects.filter(action_type__in=kinds, duplicate_fingerprint__in=marks)
    return found.exclude(duplicate_fingerprint="")


_OPEN_FIRST = Case(When(state__in=OPEN, then=Value(0)), default=Value(1))
_LAST_FIRST = (
    Decision.objects.filter(is_final=True).select_related("person", "delegator", "standing_rule").order_by("-at")
)
_DECISIONS = Prefetch("decisions", _LAST_FIRST, to_attr="final")
_FINALS: Compiled[Decision] = Compiled(lambda: _LAST_FIRST.filter(Among("action", "actions", UUIDField())))


def _read_finals(actions: Sequence[Action]) -> None:
    """Read the decisions on these as `_DECISIONS` does, in one statement."""
    found: dict[object, list[Decision]] = defaultdict(list)
    for decision in _FINALS.all(actions=[action.pk for action in actions]) if actions else ():
        found[decision.action_id].append(decision)
    for action in actions:
        action.final = found[action.pk]  # type: ignore[attr-defined]


def _final(action: Action) -> Decision | None:
    finals: list[Decision] = getattr(action, "final", [])
    return next((decision for decision in finals if decision.round == action.round), None)
