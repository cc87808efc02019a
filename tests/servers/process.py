"""One real server on a leash: started, stopped and killed by its process id."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
START_SECONDS = 30.0
STOP_SECONDS = 15.0


class ServerFailed(Exception):
    """A server did not come up or did not go down; the message ends with the last lines of its log."""


class Process:
    """A server process that ends when this one does, however that happens; the folder `remove` then goes too."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        remove: Path | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.command = list(command)
        self.log = log
        self.remove = remove
        self.user = user
        self.stop_signal = stop_signal
        self.pid = 0
        self._leash: subprocess.Popen[str] | None = None

    def start(self, is_ready: Callable[[], bool]) -> None:
        """Start the server and wait until it answers.

        :raises ServerFailed: when it ends or stays silent; the message holds its log.
        """
        # A session of its own: Ctrl-C in the terminal must reach pytest alone, which then stops servers in order.
        self._leash = subprocess.Popen(
            self._leash_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._leash.stdout is not None
        self.pid = int(self._leash.stdout.readline() or 0)
        until = time.monotonic() + START_SECONDS
        while not is_ready():
            if self._leash.poll() is not None or time.monotonic() > until:
                raise ServerFailed(f"{self.command[0]} did not start. Its log ends:\n{self.tail()}")
            time.sleep(0.02)

    @property
    def has_ended(self) -> bool:
        """Whether the server ended by itself, or was killed by somebody else."""
        return self._leash is not None and self._leash.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server alone, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stop(self) -> None:
        """Ask the server to stop and wait for it; its files stay."""
        if self._leash is None:
            return
        if self._leash.poll() is None:
            self.signal(self.stop_signal)
        self._end_leash()

    def kill(self) -> None:
        """Kill the server with -9 and keep its files, as a crash would."""
        self.signal(signal.SIGKILL)
        assert self._leash is not None
        self._leash.wait(STOP_SECONDS)

    def tail(self, lines: int = 20) -> str:
        """The last lines of the server's log."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _end_leash(self) -> None:
        leash = self._leash
        assert leash is not None
        assert leash.stdin is not None
        try:
            leash.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            leash.wait(STOP_SECONDS)
        finally:
            leash.stdin.close()
            self._leash = None

    def _leash_command(self) -> list[str]:
        options = ["--log", str(self.log), "--stop-signal", str(int(self.stop_signal))]
        if self.remove is not None:
            options += ["--remove", str(self.remove)]
        if self.user is not None:
            options += ["--user", self.user]
        return [sys.executable, "-I", "-S", str(LEASH), *options, "--", *self.command]
