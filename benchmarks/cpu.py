"""How much processor time processes took, read from Linux's /proc."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


class Meter:
    """Processor milliseconds since it was made, for each named process with its descendants, the ended ones too."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self._began = self._now()

    def spent(self) -> dict[str, float]:
        """Milliseconds by name."""
        now = self._now()
        return {name: (now[name] - self._began[name]) * 1_000 for name in now}

    def _now(self) -> dict[str, float]:
        children, seconds = _snapshot()
        return {name: _with_descendants(pid, children, seconds) for name, pid in self._processes.items()}


def parent_of(pid: int) -> int:
    """The process that started this one: a database backend's is the server."""
    return int(_stat(_PROC / str(pid))[1])


def descendants(pid: int) -> set[int]:
    """A process and all that it started, which still run."""
    children, _ = _snapshot()
    found, left = set(), [pid]
    while left:
        found.add(each := left.pop())
        left += children.get(each, ())
    return found


def _snapshot() -> tuple[Mapping[int, list[int]], Mapping[int, float]]:
    children: dict[int, list[int]] = defaultdict(list)
    seconds: dict[int, float] = {}
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = _stat(folder)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we were looking; its parent has its time now
        children[int(fields[1])].append(int(folder.name))
        # Own user and system time, and that of children that have ended.
        seconds[int(folder.name)] = sum(map(int, fields[11:15])) / _TICK
    return children, seconds


def _with_descendants(pid: int, children: Mapping[int, list[int]], seconds: Mapping[int, float]) -> float:
    below = sum(_with_descendants(child, children, seconds) for child in children.get(pid, ()))
    return seconds.get(pid, 0.0) + below


def _stat(folder: Path) -> list[str]:
    # The name in brackets may hold anything; the fields after it do not.
    return (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
