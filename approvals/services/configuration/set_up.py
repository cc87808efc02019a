"""Ending the set-up on purpose; the first live key ends it too."""

from datetime import datetime

from approvals.actors import Actor
from approvals.services.catalog import installation
from policies.db import service


@service
def end(*, actor: Actor, at: datetime, why: str) -> bool:
    """End the set-up for good; return whether this ended it.

    :raises WrongState: a person ends it while nobody could decide on changes from then on.
    """
    return installation.go_live(actor, at, why)
