"""Gunicorn's worker for ASGI, which ends the waits before it waits for the calls."""

from gunicorn.workers.gasgi import ASGIWorker


class Worker(ASGIWorker):
    """A worker that answers waiting calls when it is asked to stop."""

    def handle_exit_signal(self) -> None:
        """Take no new calls, and let those that wait be answered as things are."""
        self.asgi.stop()
        super().handle_exit_signal()
