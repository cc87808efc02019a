"""A child process of the supervisor, in its own session, restarted when it stops."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

LIFELINE = "approvals.management.supervisor.parent_watchdog"
LARGEST_LOG = 5 * 1024 * 1024
MIN_PAUSE = 0.5
# So soon does everything run again once what stopped it, such as a full disk, is over.
MAX_PAUSE = 4.0
STEADY_SECONDS = 30.0


@dataclass
class Child:
    """One process: its name, the Python module that it runs, and its log file.

    `held` are inherited file descriptors that stay open while it runs; the first is its lifeline.
    """

    name: str
    module: str
    arguments: Sequence[str]
    log: Path
    held: Sequence[int]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = MIN_PAUSE
    started_at: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        """Start the process and append its output to its log; a large log starts over."""
        is_large = self.log.exists() and self.log.stat().st_size > LARGEST_LOG
        with self.log.open("wb" if is_large else "ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which then stops all in order.
            self.process = subprocess.Popen(
                [sys.executable, "-m", LIFELINE, str(self.held[0]), self.module, *self.arguments],
                cwd=settings.BASE_DIR,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=tuple(self.held),
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Return whether the process is running."""
        return self.process is not None and self.process.poll() is None

    def fell(self) -> int | None:
        """Return the exit status once after an unexpected end, and schedule a restart."""
        if self.process is None or self.process.poll() is None:
            return None
        now = time.monotonic()
        # One that ran for a while is started again at once; one that falls at every start is given more and more time.
        is_steady = now - self.started_at > STEADY_SECONDS
        self.pause = MIN_PAUSE if is_steady else min(self.pause * 2, MAX_PAUSE)
        self.again_at = now + self.pause
        status, self.process = self.process.returncode, None
        return status

    def wait_longer(self) -> None:
        """Delay the next start, because this one failed."""
        self.pause = min(self.pause * 2, MAX_PAUSE)
        self.again_at = time.monotonic() + self.pause

    @property
    def is_due(self) -> bool:
        """Return whether a stopped process should be restarted now."""
        return self.process is None and time.monotonic() >= self.again_at

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process only; it stops its own children."""
        if self.is_running and self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """Kill the process and everything in its session."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
