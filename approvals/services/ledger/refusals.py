"""Recording who was refused what: the entry outlives the transaction that the refusal rolls back."""

from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.db.models import Model

from approvals.models import Action
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies.errors import Refused

R = TypeVar("R", bound=Refused)


def recorded(refusal: R, fact: Event, row: Model | None = None) -> R:
    """Have the refusal recorded once it is raised out of its service; a step that writes nothing yet.

    The entry says the refusal's message and code; it belongs to ``row``, an action or another row with history.
    """
    told = replace(fact, reason=refusal.message, data=fact.data | {"code": refusal.code})
    refusal.followed_by(partial(_append, told, row))
    return refusal


def _append(fact: Event, row: Model | None) -> None:
    # The refused transaction is rolled back: what it changed in memory must not be saved.
    if row is None:
        entries.record_refusal(fact)
    elif isinstance(row, Action):
        entries.record_event(row, fact)
    else:
        entries.record_unchanged(row, fact)
