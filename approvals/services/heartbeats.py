"""Signs of life of processes that nobody talks to, so that readiness can tell when one is gone."""

from datetime import datetime

from approvals.actors import Actor
from approvals.models import Beat
from policies import db
from policies.db import service

CLOCK = "clock"
EVERY_SECONDS = 10.0


@service
def beat(*, actor: Actor, at: datetime, name: str) -> int:
    """Note that the process lives, by the database's clock; nothing is done, so a loop rests after it."""
    Beat.objects.update_or_create(name=name, defaults={"at": db.now()})
    return 0
