"""Long polling: at most a quarter of the threads wait, and none inside a transaction."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from approvals import conf
from approvals.ids import uuid7
from approvals.models import Action, Decision, Note
from approvals.states import DECIDED, FINAL, ActionState

REACHED: Mapping[str, frozenset[str]] = {
    "routed": frozenset(ActionState.values) - {ActionState.PROPOSED},
    "decided": frozenset(DECIDED),
    "final": frozenset(FINAL),
}
# A rejection that its reviewer can still undo.
_UNDOABLE = Q(action=OuterRef("pk"), round=OuterRef("round"), final_at__gt=Now())
_OPEN = Q(action=OuterRef("pk"), is_open=True)
FIRST_PAUSE = 0.05
MAX_PAUSE = 0.5


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


def for_action(action: Action, goal: str, seconds: float) -> bool:
    """Wait until the action reaches a state or a reviewer asks its agent a question.

    Return False if no slot was free.
    """
    if not seconds:
        return True
    reached = Q(state__in=REACHED[goal])
    if goal == "final":
        reached &= ~Q(Exists(Decision.objects.filter(_UNDOABLE)), state=ActionState.REJECTED)
    rows = Action.objects.filter(pk=action.pk)
    if action.state in REACHED[goal] and rows.filter(reached).exists():
        return True
    began = uuid7()
    rows = rows.filter(reached | Exists(Note.objects.filter(_OPEN, pk__gt=began)))
    return until(rows.exists, seconds)


def _poll(is_reached: Callable[[], bool], deadline: float) -> None:
    pause = FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if is_reached():
            return
        pause = min(pause * 1.5, MAX_PAUSE)
