"""The product's processes on one host: started as production starts them, found, hit, and started anew."""

import contextlib
import os
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.management.processes import living_in
from tests.servers.process import Process

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = ROOT / "deploy" / "compose.yaml"
SERVICES = ("web", "worker", "clock")
# How a process is recognized by its command line.
SIGNS = {"web": "gunicorn", "worker": "celery", "clock": "clock"}
FEWER = {"--workers 4": "--workers 2"}


@dataclass
class Host:
    """One machine, or what passes for it: where its processes run, and under which address they are asked."""

    number: int
    home: Path
    address: str = "127.0.0.1"
    port: int = 8000
    prefix: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    services: dict[str, Process] = field(default_factory=dict)
    paused: list[tuple[float, int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its web process answers."""
        return f"http://{self.address}:{self.port}"

    def start(self) -> None:
        """Start what does not run."""
        for name in SERVICES:
            if name not in self.services or self.services[name].has_ended:
                self.services[name] = self._process(name)
                self.services[name].start(lambda: True)

    def tend(self) -> None:
        """Start again what ended, as a supervisor does, and let go on what was paused for long enough."""
        for until, pid in list(self.paused):
            if time.monotonic() > until:
                resume(pid)
                self.paused.remove((until, pid))
        self.start()

    def wake(self) -> None:
        """Let everything go on that is paused."""
        while self.paused:
            resume(self.paused.pop()[1])

    def hit(self, victim: str, number: signal.Signals, draw: float, seconds: float = 0.0) -> bool:
        """Send a signal to one process of a service, or to one of its children; false when there is none."""
        name, _, child = victim.partition(" ")
        found = self.living(name)
        pids = [pid for pid in found if (parent_of(pid) in found) is bool(child)]
        if not pids:
            return False
        pid = pids[int(draw * len(pids))]
        send(pid, number)
        if seconds:
            self.paused.append((time.monotonic() + seconds, pid))
        return True

    def living(self, name: str) -> list[int]:
        """The processes of a service."""
        return sorted(pid for pid in living_in(self.home) if SIGNS[name] in command_of(pid))

    def stop(self) -> None:
        """Ask all to end; what does not is killed."""
        self.wake()
        for process in self.services.values():
            process.signal(signal.SIGTERM)
        for process in self.services.values():
            process.stop()
        self.services.clear()
        for pid in living_in(self.home):
            send(pid, signal.SIGKILL)

    def _process(self, name: str) -> Process:
        words = shlex.split(_command(name).replace("0.0.0.0:8000", f"{self.address}:{self.port}"))
        program = [str(Path(sys.executable).parent / words[0]), *words[1:]]
        given = [f"{name}={value}" for name, value in self.environment.items()]
        command = [*self.prefix, "/usr/bin/env", "-i", "-C", str(ROOT), *given, *program]
        return Process(command, log=self.home.parent / f"{name}-{self.number}.log")


def _command(name: str) -> str:
    command: str = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"][name]["command"]
    for more, fewer in FEWER.items():
        command = command.replace(more, fewer)
    return command


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def resume(pid: int) -> None:
    """Let a paused process go on, and what entered its host for it.

    `nsenter` stops when its child does, and would otherwise never learn that the child ended.
    """
    parent = parent_of(pid)
    send(pid, signal.SIGCONT)
    if command_of(parent).startswith("nsenter"):
        send(parent, signal.SIGCONT)


def command_of(pid: int) -> str:
    """The command line of a process, or nothing if it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def parent_of(pid: int) -> int:
    """The parent of a process; 0 if it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0
