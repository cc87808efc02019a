"""Work that falls due: the clock rings for a Celery worker, and does it itself only where no worker answers.

   what the clock finds                                             what it does
1  nothing is due                                                   nothing
2  something is due                                                 it rings
3  the broker does not take the message                             it does the work
4  it rang, and a worker has taken up work since                    it rings again
5  it rang lately, and no worker has taken up work                  it rings again, and waits
6  it rang some time ago, and no worker has taken up work           it does the work, and rings again now and then
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from approvals.services import doorbell, heartbeats
from policies import db

# A worker that lives answers within this time, unless all of its processes wait for slow calls.
PATIENCE = timedelta(seconds=3)
# So long after a ring that nobody answered the clock rings once more: a worker may be back.
AGAIN = timedelta(seconds=15)


class Ringing:
    """One kind of work: the task that does it, whether any is due, and how it is done without a worker."""

    def __init__(self, task: str, is_due: Callable[[], bool], work: Callable[[], int]) -> None:
        self._task, self._is_due, self._work = task, is_due, work
        self._rang_at: datetime | None = None

    def __call__(self) -> int:
        """Ring, or do the work; return how much was done here."""
        return 0 if self._is_taken() else self._work()

    def _is_taken(self) -> bool:
        """Whether nothing is due, or a worker can be expected to take it."""
        if not self._is_due():
            self._rang_at = None
            return True
        now = db.now()
        if self._rang_at is None or self._is_answered():
            return self._ring(now)
        waited = now - self._rang_at
        if waited < PATIENCE:
            # A busy worker says so once a second: this may have fallen due after it came and went.
            return doorbell.ring_now(self._task)
        if waited > AGAIN:
            self._ring(now - PATIENCE)
        return False

    def _is_answered(self) -> bool:
        answered = heartbeats.last(heartbeats.of_worker(self._task))
        return answered is not None and self._rang_at is not None and answered >= self._rang_at

    def _ring(self, at: datetime) -> bool:
        is_rung = doorbell.ring_now(self._task)
        self._rang_at = at if is_rung else None
        return is_rung
