"""Runs a Python module that must not outlive its supervisor: ``python -m ...lifeline DESCRIPTOR MODULE ARGUMENTS``.

The supervisor holds the other end of a pipe. The kernel closes it however its holder dies, ``kill -9`` included, on
every system; the end of the pipe is the sign to stop. Nothing here loads Django, so that it costs milliseconds.
"""

import os
import runpy
import signal
import sys
import threading
from threading import Event

GRACE_SECONDS = 8.0


def watch(descriptor: int, grace_seconds: float = GRACE_SECONDS) -> None:
    """Wait for the end of the pipe; then ask this process to stop, and after the grace end it with its children."""
    while os.read(descriptor, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    Event().wait(grace_seconds)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Start the watch and become the module."""
    descriptor, module, *rest = arguments
    threading.Thread(target=watch, args=(int(descriptor),), name="lifeline", daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
