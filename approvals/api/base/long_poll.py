"""Long polling: at most a quarter of the threads wait, and none inside a transaction.

In the process of long polls no thread waits. There a call is asked twice: its first look says what it waits for, and
its last one answers.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from rest_framework.request import Request

from approvals import conf
from approvals.ids import uuid7
from approvals.models import Action, Decision, Execution, Note
from approvals.states import DECIDED, FINAL, GRANTED, ActionState, ExecutionState

REACHED: Mapping[str, frozenset[str]] = {
    "routed": frozenset(ActionState.values) - {ActionState.PROPOSED},
    "decided": frozenset(DECIDED),
    "redeemable": frozenset(DECIDED),
    "final": frozenset(FINAL),
}
# A rejection that its reviewer can still undo.
_UNDOABLE = Q(action=OuterRef("pk"), round=OuterRef("round"), final_at__gt=Now())
# An approval that nobody can undo any more, and that waits for no parent.
_REDEEMABLE = Q(
    action=OuterRef("pk"),
    round=OuterRef("round"),
    end_number=0,
    state=ExecutionState.READY,
    waits_for=None,
    not_before__lte=Now(),
)
_OPEN = Q(action=OuterRef("pk"), is_open=True)
FIRST_PAUSE = 0.05
MAX_PAUSE = 0.5
# No header of a client gets this name.
LOOK = "hitl.look"
T = TypeVar("T")


class Held(Exception):
    """A first look that found nothing to answer yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a call waits for: a state of an action, or a question to its agent since the call began."""

    action_id: UUID
    goal: str
    began: UUID


class Look:
    """One call in the process of long polls, from its first look to its last."""

    def __init__(self) -> None:
        self.waiting: Waiting | None = None
        self.seconds = 0.0
        self.is_last = False
        self.is_waited = False
        self.kept: Any = None

    def hold(self, waiting: Waiting, seconds: float) -> None:
        """End the first look.

        :raises Held: always.
        """
        self.waiting, self.seconds = waiting, seconds
        raise Held()


class Slots:
    """Counts the waiting requests of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    @contextmanager
    def one(self, most: int) -> Iterator[bool]:
        """Hold a slot while the block runs; yield False if none is free."""
        with self._lock:
            is_free = self._taken < most
            self._taken += is_free
        try:
            yield is_free
        finally:
            with self._lock:
                self._taken -= is_free


SLOTS = Slots()


def until(is_reached: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition holds or time runs out; return False if no slot was free."""
    if is_reached():
        return True
    with SLOTS.one(conf.waiting_slots()) as is_free:
        if is_free:
            _poll(is_reached, time.monotonic() + seconds)
        return is_free


def look_of(request: Request) -> Look | None:
    """Return the look that a request is, or None where threads wait."""
    return cast("Look | None", request.META.get(LOOK))


def is_asked_again(request: Request) -> bool:
    """Return whether this call was counted and let in before, and has waited since."""
    look = look_of(request)
    return look is not None and look.is_last


def is_held(request: HttpRequest) -> bool:
    """Return whether this was only the first look, whose answer is not sent."""
    look: Look | None = request.META.get(LOOK)
    return look is not None and look.waiting is not None and not look.is_last


def once(request: Request, work: Callable[[], T]) -> T:
    """Do what a call does before it waits; its last look gets what the first one did."""
    look = look_of(request)
    if look is None:
        return work()
    if look.kept is None:
        look.kept = work()
    return cast(T, look.kept)


def reached(goal: str) -> Q:
    """Return the condition of actions that have reached a state."""
    found = Q(state__in=REACHED[goal])
    if goal == "redeemable":
        # What never can be redeemed ends the wait, too.
        found &= ~Q(state__in=GRANTED) | Q(Exists(Execution.objects.filter(_REDEEMABLE)))
    if goal in {"redeemable", "final"}:
        found &= ~Q(Exists(Decision.objects.filter(_UNDOABLE)), state=ActionState.REJECTED)
    return found


def for_action(request: Request, action: Action, goal: str, seconds: float) -> bool:
    """Wait until the action reaches a state or a reviewer asks its agent a question.

    Return False if no slot was free.

    :raises Held: this is a first look, and nothing is reached.
    """
    if not seconds:
        return True
    look = look_of(request)
    if look is not None and look.is_last:
        return look.is_waited
    rows = Action.objects.filter(pk=action.pk)
    if action.state in REACHED[goal] and rows.filter(reached(goal)).exists():
        return True
    began = uuid7()
    if look is not None:
        look.hold(Waiting(action.pk, goal, began), seconds)
    rows = rows.filter(reached(goal) | Exists(Note.objects.filter(_OPEN, pk__gt=began)))
    return until(rows.exists, seconds)


def _poll(is_reached: Callable[[], bool], deadline: float) -> None:
    pause = FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if is_reached():
            return
        pause = min(pause * 1.5, MAX_PAUSE)
