"""The connection, in the module where Django looks for it."""

import select
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from approvals import tracing

# A connection that was used this recently and is silent is not asked: what cuts idle ones off takes minutes.
FRESH_SECONDS = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL that costs a request no round trip to learn that it still works."""

    _seen_at = -FRESH_SECONDS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if tracing.is_on():
            self.execute_wrappers.append(_traced)

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


def _traced(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Keep a span of a statement, by its first word alone: the rest may hold values."""
    with tracing.span("database", operation=str(sql).lstrip("( \n")[:20].partition(" ")[0]):
        return execute(sql, params, many, context)
