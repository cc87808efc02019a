"""The supervisor, which starts, watches and stops the processes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from approvals.management.supervisor.children import Child

STOP_SECONDS = 8.0
LOOK_SECONDS = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


class Supervisor:
    """Keep the children running until a signal; a second signal kills them immediately."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()
        self.hurried = threading.Event()
        self.parent = os.getppid()

    def start(self) -> None:
        """Start every child and install the signal handlers."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Restart stopped children until asked to stop; then stop them all."""
        while not self.stopping.is_set() and not self._is_orphan():
            for child in self.children:
                self._look_after(child)
            self.stopping.wait(LOOK_SECONDS)
        self.stop()

    def stop(self) -> None:
        """Ask every child to stop, and kill those left after the grace period."""
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        while any(child.is_running for child in self.children):
            if self.hurried.is_set() or time.monotonic() > until:
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill()

    def _look_after(self, child: Child) -> None:
        status = child.fell()
        if status is not None:
            self.say(f"{child.name} stopped unexpectedly (status {status}) and will be restarted. Log: {child.log}")
        if child.is_due:
            self._start_again(child)

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            # No memory, no process or no room for a moment must not end the others.
            child.wait_longer()
            self.say(f"{child.name} could not be started: {error}. Next attempt in {child.pause:.0f} s.")

    def _is_orphan(self) -> bool:
        # Started by make, it goes when make is killed; started from a shell, it may outlive the shell (nohup).
        return "MAKELEVEL" in os.environ and os.getppid() != self.parent

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.stopping.is_set():
            self.hurried.set()
        self.stopping.set()
