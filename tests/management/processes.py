"""Looking at processes: whether they are there, and waiting until something holds."""

import time
from collections.abc import Callable
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not yet waited for does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether something comes to hold within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def living_in(home: Path) -> list[int]:
    """The processes that were started with this HITL_HOME, by what Linux says of their environment."""
    mark = f"HITL_HOME={home}\0".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and is_alive(int(folder.name)) and mark in _environment(folder) + b"\0":
            found.append(int(folder.name))
    return found


def _environment(folder: Path) -> bytes:
    try:
        return (folder / "environ").read_bytes()
    except OSError:
        # It ended while we looked, or belongs to somebody else.
        return b""
