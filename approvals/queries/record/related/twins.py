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
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
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
# No more are looked at of one document that recurs: a rent, say, or a report of each hour.
MOST = 100
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
    """Return the twins of an action, at most `MAX`; one statement more than where there are none, or two."""
    if not action.duplicate_fingerprint:
        return Twins()
    keys = _first(action)
    if not keys:
        return Twins()
    # The reader's right is asked for these few rows only; as a condition, it would read all that they may see.
    found = visibility.visible_among(actor, keys, ("action_type", "desk", "revision", "agent", "evaluation"))
    _read_finals(list(found.values()))
    seen = [Twin(row, _final(row)) for key in keys if (row := found.get(key))]
    return Twins(seen, len(keys) - len(seen))


def of_each(actions: Sequence[Action], actor: Actor) -> dict[uuid.UUID, list[Twin]]:
    """Return the twins that the reader may see, at most `MAX` of each action; one statement where there are none.

    Of a document that recurs more than `MOST` times, the newest are looked at and those that are open.
    """
    marked = [action for action in actions if action.duplicate_fingerprint]
    if not marked:
        return {}
    counts = dict(map(tuple, _CROWDS.all(ids=[action.pk for action in marked])))
    several = {_pair(action): action for action in marked if counts.get(action.pk)}
    crowds = {_pair(action) for action in marked if counts.get(action.pk, 0) >= MOST}
    groups = _seen_of(several.keys() - crowds, [several[pair] for pair in crowds], actor)
    return {
        action.pk: [Twin(row, _final(row)) for row in group if row.pk != action.pk and _is_near(row, action)][:MAX]
        for action in marked
        if (group := groups.get(_pair(action)))
    }


def _pair(action: Action) -> tuple[int, str]:
    return action.action_type_id, action.duplicate_fingerprint


def _seen_of(
    few: Collection[tuple[int, str]], crowds: Sequence[Action], actor: Actor
) -> dict[tuple[int, str], list[Action]]:
    """Return the first rows of groups that are read whole, and of crowds, each told by an action of it."""
    groups: dict[tuple[int, str], list[Action]] = {}
    if few:
        rows = _with_marks({kind for kind, _ in few}, {mark for _, mark in few})
        groups |= _seen(rows.exclude(state__in=_GONE), actor)
    if crowds:
        looked_at = {action.pk for action in crowds}
        looked_at |= {key for action in crowds for key, *_ in _candidates(action, ("any",))}
        groups |= _seen(Action.objects.filter(pk__in=looked_at), actor)
    return groups


def _seen(rows: QuerySet[Action], actor: Actor) -> dict[tuple[int, str], list[Action]]:
    """Return the first rows of each group that the reader may see, open ones first."""
    shown = visibility.one_visible_to(actor).filter(pk=OuterRef("pk"))
    # What the reader may not see takes no place from what they may.
    order = [F("is_shown").desc(), F("rank").asc(), F("created_at").desc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=["action_type_id", "duplicate_fingerprint"], order_by=order)
    found = (
        rows.annotate(is_shown=Exists(shown), rank=_OPEN_FIRST)
        .annotate(place=place)
        # Each action is one of its own group.
        .filter(place__lte=MAX + 1)
        .select_related("action_type", "revision", "evaluation")
        .prefetch_related(_DECISIONS)
        .order_by("rank", "-created_at", "-id")
    )
    groups: dict[tuple[int, str], list[Action]] = defaultdict(list)
    for row in found:
        if row.is_shown:
            groups[row.action_type_id, row.duplicate_fingerprint].append(row)
    return groups


def alike(action: Action) -> QuerySet[Action]:
    """Return the other actions with the same number or payload, unless nothing came of them; reads the index."""
    told = _told(action)
    rows = _others(told["action"], told["type"], told["mark"], _GONE)
    if action.reference:
        return rows
    return rows.filter(Q(state__in=_UNFINISHED) | Q(created_at__range=(told["since"], told["until"])))


def _others(action: Any, type: Any, mark: Any, besides: Collection[ActionState]) -> QuerySet[Action]:
    """The other actions with this fingerprint, without those in some states."""
    rows = Action.objects.filter(action_type=type, duplicate_fingerprint=mark)
    # The condition of the partial indexes, so that the database may use them.
    return rows.exclude(duplicate_fingerprint="").exclude(pk=action).exclude(state__in=besides)


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


# Which of the others are twins: of one with a number all, of one without those that are unfinished, and near ones. Each
# part is a range of an index, so that it is read as fast among a hundred thousand.
_PARTS: dict[bool, tuple[str, ...]] = {True: ("any",), False: ("unfinished", "near")}


@cache
def _part(name: str, besides: frozenset[ActionState], *, own_only: bool = False) -> CompiledValues:
    """The newest of one part, at most `MOST`: the key of each, when it was proposed, and its state."""
    rows = _others(_SLOTS["action"], _SLOTS["type"], _SLOTS["mark"], {*_GONE, *besides})
    if name == "near":
        rows = rows.filter(created_at__range=(_SLOTS["since"], _SLOTS["until"]))
    elif name != "any":
        rows = rows.filter(state__in=_UNFINISHED if name == "unfinished" else OPEN)
    if own_only:
        rows = rows.filter(agent=Slot("agent", BigIntegerField()))
    return CompiledValues(lambda: rows.order_by("-created_at", "-id").values_list("pk", "created_at", "state")[:MOST])


def _candidates(action: Action, parts: Iterable[str]) -> set[tuple[Any, ...]]:
    """Those of some parts, and where there are more than are looked at, the open ones too."""
    told = _told(action)
    found = {tuple(row) for part in parts for row in _part(part, frozenset()).all(**told)}
    if len(found) >= MOST:
        found |= {tuple(row) for row in _part("open", frozenset()).all(**told)}
    return found


def _first(action: Action) -> list[uuid.UUID]:
    """The keys of the first twins, at most `MAX`: the open ones before others, and of each the newest."""
    found = _candidates(action, _PARTS[bool(action.reference)])
    order = sorted(found, key=lambda row: (row[2] in OPEN, row[1], row[0]), reverse=True)
    return [key for key, *_ in order[:MAX]]


def count(action: Action, *, besides: Collection[ActionState], own_only: bool = False) -> int:
    """Return how many others are alike, at most `MOST`, without those in some states.

    ``own_only`` leaves out those of other agents.
    """
    if not action.duplicate_fingerprint:
        return 0
    told = _told(action) | {"agent": action.agent_id}
    parts = [_part(name, frozenset(besides), own_only=own_only) for name in _PARTS[bool(action.reference)]]
    return min(MOST, len({key for part in parts for key, *_ in part.all(**told)}))


def read_ahead(actions: Sequence[Action], *, besides: Collection[ActionState]) -> None:
    """Count for each of these the others that are alike, without those in some states, in one statement.

    Twins of each other are left out: the first may change what there is to say of the second.
    """
    marks = Counter((action.action_type_id, action.duplicate_fingerprint) for action in actions)
    alone = [action for action in actions if marks[action.action_type_id, action.duplicate_fingerprint] == 1]
    for action in alone:
        asked.ahead((FLAG, action.pk), 0)
    for row in _counted(frozenset(besides)).all(ids=[action.pk for action in alone]):
        asked.ahead((FLAG, row.pk), min(MOST, vars(row)["others"]))


@cache
def _counted(besides: frozenset[ActionState]) -> Compiled[Action]:
    """The actions of these ids with a fingerprint, each with how many others are alike."""
    others = _others(OuterRef("pk"), OuterRef("action_type"), OuterRef("duplicate_fingerprint"), {*_GONE, *besides})
    near = (OuterRef("created_at") - WINDOW, OuterRef("created_at") + WINDOW)
    finished = others.exclude(state__in=_UNFINISHED).filter(created_at__range=near)
    # Of the same fingerprint either all have a number or none has.
    without = _Bounded(others.filter(state__in=_UNFINISHED)) + _Bounded(finished)
    told = Case(When(reference="", then=without), default=_Bounded(others))
    found = Action.objects.filter(Among("pk", "ids", UUIDField())).exclude(duplicate_fingerprint="").order_by()
    return Compiled(lambda: found.annotate(others=told).only("pk"))


class _Bounded(Subquery):
    """How many rows there are, at most `MOST`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded)"

    def __init__(self, rows: QuerySet[Action]) -> None:
        super().__init__(rows.order_by().values("pk")[:MOST], output_field=IntegerField())


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
    """Return how many twins of each action wait, at most `MOST`, in one statement for all."""
    marked = [action.pk for action in actions if action.duplicate_fingerprint]
    return {key: count for key, count in _PENDING.all(ids=marked) if count} if marked else {}


def _bounded(besides: Collection[ActionState]) -> "_Bounded":
    """How many others have the fingerprint of an action, without those in some states."""
    return _Bounded(_others(OuterRef("pk"), OuterRef("action_type"), OuterRef("duplicate_fingerprint"), besides))


def _numbers(besides: Collection[ActionState]) -> CompiledValues:
    """The actions of these ids, each with that number."""
    found = Action.objects.filter(Among("pk", "ids", UUIDField())).order_by()
    return CompiledValues(lambda: found.annotate(others=_bounded(besides)).values_list("pk", "others"))


_CROWDS = _numbers(_GONE)
_PENDING = _numbers(set(ActionState) - OPEN)


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
