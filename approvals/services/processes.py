"""Naming a process so that another can prove it gone; steps without a database.

A paused process is not gone: it may wake up and send. Only where the proof is possible is an order sent again.
"""

import os
import platform
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def myself() -> str:
    """This process: where it runs, its number, and when it started."""
    return f"{_scope()} {os.getpid()} {_started(os.getpid())}"


def is_gone(name: str) -> bool:
    """Whether the named process has provably ended; false when that cannot be known from here."""
    scope, _, rest = name.partition(" ")
    number, _, started = rest.partition(" ")
    if scope != _scope() or not number.isdigit():
        return False
    return not _exists(int(number)) or _started(int(number)) != started


@cache
def _scope() -> str:
    # Process numbers mean something within one start of one machine, and there within one namespace.
    if _BOOT.exists():
        return f"{_BOOT.read_text().strip()}/{os.readlink('/proc/self/ns/pid')}"
    return platform.node()


def _started(number: int) -> str:
    try:
        # The name, in parentheses, may hold blanks; the 20th field after it is the start, in ticks since the boot.
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    # One that has ended and that nobody has asked about is still listed, and runs no more.
    return "" if fields[0] in "ZX" else fields[19]


def _exists(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
