"""Gunicorn's worker with threads, which answers all that has reached it before it stops.

gunicorn's own stops to take connections, but keeps its address open until its last call ends. What connects meanwhile
is never answered. This one takes what waits and closes the address then, so that the front server tries again.
"""

from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """A worker that leaves no connection behind when it is asked to stop."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or end to take connections; at the end of all, take those that wait, and close the address."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._take_all(listener)
                listener.close()

    def _take_all(self, listener: Any) -> None:
        listener.setblocking(False)
        before = -1
        # One that finds nobody counts nothing.
        while self.nr_conns != before:
            before = self.nr_conns
            self.accept(listener)
