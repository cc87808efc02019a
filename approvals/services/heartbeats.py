"""Signs of life of processes that nobody talks to, so that readiness can tell when one is gone."""

import time
from datetime import datetime

from approvals.actors import Actor
from approvals.models import Beat
from policies import db
from policies.db import errand, service

CLOCK = "clock"
EVERY_SECONDS = 10.0
# A worker that is busy says so this often.
_ANSWER_SECONDS = 1.0
_answered: dict[str, float] = {}


@service
def beat(*, actor: Actor, at: datetime, name: str) -> int:
    """Note that the process lives, by the database's clock; nothing is done, so a loop rests after it."""
    Beat.objects.update_or_create(name=name, defaults={"at": db.now()})
    return 0


@errand
def answer(*, actor: Actor, task: str) -> None:
    """Note that a worker takes what it is rung for by this task; one statement a second at most."""
    name = of_worker(task)
    if time.monotonic() - _answered.get(name, float("-inf")) >= _ANSWER_SECONDS:
        _answered[name] = time.monotonic()
        beat(actor=actor, at=db.now(), name=name)


def of_worker(task: str) -> str:
    """The name of the heartbeat of whoever takes this task: one that takes another may not take it."""
    return f"worker_{task.rpartition('.')[2]}"


def last(name: str) -> datetime | None:
    """When a process of this name lived last, by the database's clock."""
    return Beat.objects.filter(name=name).values_list("at", flat=True).first()
