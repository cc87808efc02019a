"""The supervisor: it starts the processes, watches them, and stops every one of them however it is told to end."""

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
    """Keeps some children running until it is told to stop; a second signal stops them without grace."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()
        self.hurried = threading.Event()
        self.parent = os.getppid()

    def start(self) -> None:
        """Start every child, and listen to the signals from now on."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Start fallen children again until the end is asked for; then stop them all."""
        while not self.stopping.is_set() and not self._is_orphan():
            for child in self.children:
                self._look_after(child)
            self.stopping.wait(LOOK_SECONDS)
        self.stop()

    def stop(self) -> None:
        """Ask every child to stop, wait for them, and kill what is left after the grace."""
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
            self.say(f"{child.name} ended by itself (status {status}); it is started again. Its log: {child.log}")
        if child.is_due:
            self._start_again(child)

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            # No memory, no process or no room for a moment must not end the others.
            child.wait_longer()
            self.say(f"{child.name} cannot be started: {error}. It is tried again in {child.pause:.0f} s.")

    def _is_orphan(self) -> bool:
        # Started by make, it goes when make is killed; started from a shell, it may outlive the shell (nohup).
        return "MAKELEVEL" in os.environ and os.getppid() != self.parent

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.stopping.is_set():
            self.hurried.set()
        self.stopping.set()
