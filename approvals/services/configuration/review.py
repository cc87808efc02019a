"""Reviewing what took effect immediately because it tightens: a second person confirms it, or asks to revert it."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, NotFound, NotYourDesk, SelfApproval, WrongState
from approvals.models import Action, Desk, Person, Tightening
from approvals.queries.safety import tightenings as found
from approvals.services.catalog import proposed_changes, tightenings
from approvals.services.catalog.gathering import ConfigurationChange
from approvals.services.configuration import request
from approvals.services.decisions.preconditions import FORGED
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from policies.db import service

OWN = _("You, or someone who counts as the same person as you, made this change. Another person must review it.")
TOO_LARGE = _("This change is too large to revert here. Make the opposite change in the admin.")


def review_tightening(*, actor: Actor, at: datetime, tightening_id: uuid.UUID, is_right: bool) -> Tightening:
    """Confirm a change that took effect immediately, or ask that it be reverted, which somebody else then decides.

    :raises NotFound: there is none.
    :raises NotAllowed: no signed-in person with a membership at the deciding desk is acting.
    :raises SelfApproval: they made the change, or count as one person with its author.
    :raises WrongState: it is reviewed already, or the configuration has changed since so that nothing can be reverted.
    :raises Malformed: it is too large to be reverted by one request.
    :raises Halted: changes of the configuration are halted.
    """
    if is_right:
        return _confirm(actor=actor, at=at, tightening_id=tightening_id)
    change = _reverting(actor=actor, at=at, tightening_id=tightening_id)
    # Two clicks are one request.
    key = f"revert-{tightening_id}"
    asked = request.request(actor=actor, at=at, change=change, key=key)
    return _note_request(actor=actor, at=at, tightening_id=tightening_id, asked=asked)


@service
def _confirm(*, actor: Actor, at: datetime, tightening_id: uuid.UUID) -> Tightening:
    row, person = _held(actor, at, tightening_id)
    row.review(person, at, None)
    entries.record_row(row, Event(actor, at, "tightening.confirmed", "Confirmed."))
    return row


@service
def _reverting(*, actor: Actor, at: datetime, tightening_id: uuid.UUID) -> ConfigurationChange:
    """The change that would revert it, if it still can."""
    row, _person = _held(actor, at, tightening_id)
    if row.left_out:
        raise WrongState(TOO_LARGE, state="")
    changes = tightenings.inverse(row)
    if (moved := proposed_changes.moved(changes)) is not None:
        raise moved
    return ConfigurationChange(changes, waits=True)


@service
def _note_request(*, actor: Actor, at: datetime, tightening_id: uuid.UUID, asked: Action) -> Tightening:
    row, person = _held(actor, at, tightening_id)
    row.review(person, at, asked)
    entries.record_row(row, Event(actor, at, "tightening.disputed", "Asked to revert it.", {"action": str(asked.pk)}))
    return row


def _held(actor: Actor, at: datetime, tightening_id: uuid.UUID) -> tuple[Tightening, Person]:
    """The tightening, locked, and the person who may review it."""
    person = actor.person
    if person is None or not person.is_active or actor.door is not Door.ADMIN:
        raise NotAllowed("Sign in to the admin to review a configuration change.")
    held = (
        Tightening.objects.select_for_update(no_key=True).filter(pk=tightening_id).values_list("pk", flat=True).first()
    )
    seat = found.seat_of(person)
    if seat is None:
        raise NotYourDesk()
    if held is None:
        raise NotFound()
    row = Tightening.objects.select_related("made_by", "reviewed_by").get(pk=held)
    forged = next((each for each in (row, seat, person) if not each.is_sealed), None)
    if forged is not None:
        raise NotAllowed(FORGED, said={"row": forged._meta.verbose_name})
    _check(row, person, seat.desk, Event(actor, at, "tightening.review_refused", data={"row": str(row.pk)}))
    return row, person


def _check(row: Tightening, person: Person, desk: Desk, tried: Event) -> None:
    if row.reviewed_at is not None:
        raise WrongState(
            "{reviewed_by} already reviewed this on {reviewed_at:%Y-%m-%d at %H:%M} UTC.",
            said={"reviewed_by": row.reviewed_by, "reviewed_at": row.reviewed_at},
            state="reviewed",
        )
    if found.is_own(person, desk, row):
        raise refusals.recorded(SelfApproval(OWN), tried, row)
