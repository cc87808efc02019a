"""The connection, in the module where Django looks for it."""

import select
import time

from django.db.backends.postgresql import base

# A connection that was used this recently and is silent is not asked: what cuts idle ones off takes minutes.
FRESH_SECONDS = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL that costs a request no round trip to learn that it still works."""

    _seen_at = -FRESH_SECONDS

    def is_usable(self) -> bool:
        """Return whether the connection works: a server that ended it has said so, and so it has something to read."""
        before, self._seen_at = self._seen_at, time.monotonic()
        is_fresh = self._seen_at - before < FRESH_SECONDS
        if is_fresh and self.connection is not None and not self.connection.closed and not self._has_news():
            return True
        return bool(super().is_usable())

    def _has_news(self) -> bool:
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(waiting.poll(0))
