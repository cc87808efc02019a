"""A person who lets another decide for her from today on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from approvals.actors import Actor, Door
from approvals.models import Delegation, Person
from approvals.services.accounts import delegations

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def lend(person: Person, to: Person, **more: Any) -> Delegation:
    """A delegation that the person grants herself, for a day unless told otherwise."""
    given = {"ends_at": NOW + DAY} | more
    return delegations.grant(actor=Actor(Door.ADMIN, person=person), at=NOW, person=person, delegate=to, **given)
