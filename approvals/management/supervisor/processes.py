"""The demo's processes: web, worker, clock and feeder, with the commands of production but for the web server."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from approvals.management.supervisor import demo_home
from approvals.management.supervisor.children import Child

WORKER = (
    *("-A", "hitl_project", "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def of_the_demo(port: int, held: int, *, is_feeding: bool) -> list[Child]:
    """Return the demo's processes, not yet started.

    `held` is the folder's lock; children inherit it, so the next run waits for all of them to end.
    """
    lifeline, ours = os.pipe()
    # Our end stays open while this process runs; any end of the process closes the pipe.
    os.set_inheritable(ours, False)
    logs = demo_home.home() / "logs"
    for folder in (logs, Path(settings.STATIC_ROOT)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    address = f"{demo_home.HOST}:{port}"
    environment = {
        "DJANGO_SETTINGS_MODULE": "hitl_project.settings",
        "HITL_URL": f"http://{address}",
        "PYTHONUNBUFFERED": "1",
    }
    commands: list[tuple[str, str, Sequence[str]]] = [
        # One process with threads: SQLite has one writer anyway, and a laptop starts it in half the time.
        ("web", "approvals.management.supervisor.web_server", (address,)),
        ("worker", "celery", WORKER),
        ("clock", "django", ("clock",)),
    ]
    if is_feeding:
        commands.append(("feeder", "django", ("feed",)))
    return [
        Child(name, module, arguments, logs / f"{name}.log", (lifeline, held), environment)
        for name, module, arguments in commands
    ]
