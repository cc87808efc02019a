"""Run a Python module that must not outlive its supervisor.

Usage: `python -m approvals.management.supervisor.parent_watchdog DESCRIPTOR MODULE ARGUMENTS`. The supervisor holds the
other end of a pipe, which the kernel closes however the supervisor dies. Django is not loaded, to start fast.
"""

import os
import runpy
import signal
import sys
import threading
from threading import Event

GRACE_SECONDS = 8.0


def watch(descriptor: int, grace_seconds: float = GRACE_SECONDS) -> None:
    """Wait for the end of the pipe, then stop this process and its children."""
    while os.read(descriptor, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    Event().wait(grace_seconds)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Start the watch thread and run the module."""
    descriptor, module, *rest = arguments
    threading.Thread(target=watch, args=(int(descriptor),), name="lifeline", daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
