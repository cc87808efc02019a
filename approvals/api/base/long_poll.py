"""Waiting for a decision without hoarding threads: at most a quarter of them wait, and none inside a transaction."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db.models import Exists, OuterRef, Q

from approvals import conf
from approvals.ids import uuid7
from approvals.models import Action, Note
from approvals.states import DECIDED, FINAL, ActionState

REACHED: Mapping[str, frozenset[str]] = {
    "routed": frozenset(ActionState.values) - {ActionState.PROPOSED},
    "decided": frozenset(DECIDED),
    "final": frozenset(FINAL),
}
_OPEN = Q(action=OuterRef("pk"), is_open=True)
FIRST_PAUSE = 0.05
MAX_PAUSE = 0.5


class Slots:
    """How many requests of this process are waiting now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    @contextmanager
    def one(self, most: int) -> Iterator[bool]:
        """Take a slot while the block runs; False when all are taken."""
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
    """Wait until something holds or the time is over; False when there was no slot to wait in, and it does not hold."""
    if is_reached():
        return True
    with SLOTS.one(conf.waiting_slots()) as is_free:
        if is_free:
            _poll(is_reached, time.monotonic() + seconds)
        return is_free


def for_action(action: Action, goal: str, seconds: float) -> bool:
    """Wait until the action was routed, decided or is final, or a reviewer asks its agent something meanwhile.

    False when there was no slot to wait in.
    """
    if not seconds or action.state in REACHED[goal]:
        return True
    began = uuid7()
    rows = Action.objects.filter(pk=action.pk)
    rows = rows.filter(Q(state__in=REACHED[goal]) | Exists(Note.objects.filter(_OPEN, pk__gt=began)))
    return until(rows.exists, seconds)


def _poll(is_reached: Callable[[], bool], deadline: float) -> None:
    pause = FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if is_reached():
            return
        pause = min(pause * 1.5, MAX_PAUSE)
