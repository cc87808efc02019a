"""Which folders attachments are stored in: two folders that are both in use are two hosts that share none."""

import time
from datetime import timedelta

from approvals.actors import Actor
from approvals.models import Beat
from approvals.models.heartbeats import STORE
from approvals.services import heartbeats
from approvals.storage import contents
from policies import db
from policies.db import errand

EVERY_SECONDS = 60.0
# A folder that nobody announced for so long is in use no more.
SILENT = timedelta(hours=1)
_announced: dict[str, float] = {}


@errand
def announce(*, actor: Actor, is_used: bool = True) -> int:
    """Note the folder that this process uses, once a minute; return 0, so that a loop rests after it.

    ``is_used`` makes the folder where there is none. Storage that is no folder is not noted.

    :raises StoreAway: the folder cannot be read or written.
    """
    if name := contents.identity(is_used=is_used):
        before = _announced.get(name, float("-inf"))
        if time.monotonic() - before >= EVERY_SECONDS:
            _announced[name] = time.monotonic()
            heartbeats.beat(actor=actor, at=db.now(), name=f"{STORE}{name}")
    return 0


def folders() -> list[str]:
    """The names of the folders in use, last used first; a question."""
    rows = Beat.objects.filter(name__startswith=STORE, at__gt=db.now() - SILENT)
    return [name.removeprefix(STORE) for name in rows.order_by("-at").values_list("name", flat=True)]
