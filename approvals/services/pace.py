"""How many calls a worker commits to at once: as many as it can make in a moment, by how long the last ones took.

Whatever is committed to is sent, or was in doubt if the worker is killed. So a connector that answers slowly is called
for one action after the other, and a halt never waits for more than a moment of calls.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

MOMENT = 0.2
# So many are leased where every connector answers quickly, else few: the rest must not wait for long behind slow calls.
MOST, FEW = 16, 8
# So much of the longest call is remembered at each further one.
_FADES = 0.8

_took: dict[str, float] = {}
_lock = threading.Lock()


def size(connector: str) -> int:
    """How many calls of a connector fit into a moment; one as long as none was made."""
    took = _took.get(connector, MOMENT)
    return max(1, min(MOST, int(MOMENT / max(took, 0.001))))


def lease_size() -> int:
    """How many executions a worker leases at once."""
    took = list(_took.values())
    return MOST if took and max(took) <= MOMENT else FEW


def forget() -> None:
    """Forget how long calls took, as a worker that starts."""
    with _lock:
        _took.clear()


@contextmanager
def timed(connector: str) -> Iterator[None]:
    """Take the time of a call, however it ends."""
    began = monotonic()
    try:
        yield
    finally:
        with _lock:
            _took[connector] = max(monotonic() - began, _took.get(connector, 0.0) * _FADES)
