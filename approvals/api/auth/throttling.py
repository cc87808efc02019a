"""Rate limits per key, in process memory because a shared bucket would cost a round trip."""

import threading
import time
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from approvals import conf
from approvals.actors import Actor

MAX_BUCKETS = 10_000


class Buckets:
    """Token buckets that refill at `per_minute` and hold one minute of tokens, at least ten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def forget(self) -> None:
        """Reset all buckets to full."""
        with self._lock:
            self._levels.clear()

    def take(self, name: str, per_minute: int, now: float) -> float:
        """Take one token; return 0, or the seconds until the next one."""
        capacity = float(max(per_minute, 10))
        with self._lock:
            level, since = self._levels.pop(name, (capacity, now))
            level = min(capacity, level + (now - since) * per_minute / 60)
            # Taken out and put back, the buckets stay in the order of their last use.
            self._levels[name] = (level - 1 if level >= 1 else level, now)
            if len(self._levels) > MAX_BUCKETS:
                self._levels.pop(next(iter(self._levels)))
        return 0.0 if level >= 1 else (1 - level) * 60 / per_minute


BUCKETS = Buckets()


class PerKey(BaseThrottle):
    """Limit requests per minute for each key or person in this web process; 0 disables it."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether this request is within the limit."""
        per_minute = conf.rate_per_minute()
        actor = request.auth
        if not per_minute or not isinstance(actor, Actor):
            return True
        key = getattr(request._request, "api_key", None)
        self._wait = BUCKETS.take(key.identifier if key else actor.pseudonym, per_minute, time.monotonic())
        return self._wait == 0.0

    def wait(self) -> float:
        """Return the seconds until the next request is accepted."""
        return max(1.0, self._wait)
