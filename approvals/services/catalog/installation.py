"""Ending the set-up, for good: from then on a second person decides on whatever loosens the gate. Steps."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.authority import memberships
from approvals.errors import WrongState
from approvals.models import Desk, Installation
from approvals.models.action_types import CONTROL_DESK
from approvals.queries.safety import installation
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event

NOBODY = _(
    "This change would leave nobody who can decide on configuration changes. First, add two people to the desk "
    "“{desk}”, or make it a single-reviewer desk with one member."
)


def go_live(actor: Actor, at: datetime, why: str) -> bool:
    """End the set-up, unless it is over; return whether this ended it.

    :raises WrongState: a person ends it while nobody could decide on changes from then on.
    """
    if installation.is_live():
        return False
    if actor.person is not None:
        _check_deciders(Desk.objects.get(slug=CONTROL_DESK))
    row = Installation(live_since=at, ended_by=actor.person)
    row.save(force_insert=True)
    entries.record_refusal(Event(actor, at, "setup.ended", why))
    return True


def _check_deciders(desk: Desk) -> None:
    """Nobody decides on what they asked for themselves, so it takes two; in a firm of one it takes that one."""
    seats = memberships.in_force().filter(memberships.for_client(None), desk=desk).count()
    if seats < (1 if desk.is_solo else 2):
        raise WrongState(NOBODY, said={"desk": desk.name}, state="setup")
