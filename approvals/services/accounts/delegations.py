"""Delegations: somebody lends her power for a while, or a desk's senior does for whoever cannot.

Granting gives nothing by itself: what a delegation is worth is asked at every decision, of the membership that the
person whose power it is has then.
"""

import uuid
from datetime import datetime, timedelta

from approvals.actors import Actor, Door
from approvals.authority import delegations, identity, memberships
from approvals.errors import DelegationRefused, Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Delegation, Desk, Membership, Person
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.states import Tier
from approvals.text import reasons
from policies.db import service

MAX_LENGTH = timedelta(days=60)
# A form takes a while to fill in: a start of a moment ago means now.
GRACE = timedelta(minutes=10)
MAX_REASON = 500


@service
def grant(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    delegate: Person,
    ends_at: datetime,
    starts_at: datetime | None = None,
    desk: Desk | None = None,
    reason: str = "",
) -> Delegation:
    """Let the delegate decide for the person from a moment on until another, at one desk or (her own choice) at all.

    :raises NotAllowed: no person is acting in a session, or somebody else's power is not hers to lend.
    :raises DelegationRefused: the power is not the person's own, or the delegate cannot sign in, or is who asks.
    :raises Malformed: the time is in the past, upside down or longer than 60 days, or the reason is too long.
    """
    granter = _person(actor)
    begins = _begins(starts_at, at)
    _check_time(begins, ends_at)
    why = reasons.checked(reason, MAX_REASON)
    if person.pk != granter.pk:
        _check_senior(granter, person, desk)
    given = Delegation(
        person=person,
        delegate=delegate,
        desk=desk,
        starts_at=begins,
        ends_at=ends_at,
        reason=why,
        granted_by=granter,
        granted_at=at,
    )
    if refusal := _objection(granter, given):
        raise refusals.recorded(refusal, Event(actor, at, "delegation.refused", data=_data(given)))
    entries.record_row(given, Event(actor, at, "delegation.granted", why or str(given), _data(given)), is_new=True)
    return given


@service
def end(*, actor: Actor, at: datetime, delegation_id: uuid.UUID) -> Delegation:
    """End a delegation at once: by whose power it is, by who holds it, or by a senior of its desk.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: she may see it and not end it, or comes with a token.
    :raises WrongState: it is over.
    """
    person = _person(actor)
    held = Delegation.objects.select_for_update(of=("self",), no_key=True).filter(pk=delegation_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    given = delegations.concerning(person).filter(pk=delegation_id).first()
    if given is None:
        raise NotFound()
    if not may_end(person, given):
        raise NotAllowed("Only the delegator, the delegate, or a senior reviewer at the desk can end a delegation.")
    if given.ended_at is not None or given.ends_at <= at:
        raise WrongState("This delegation has already ended.")
    given.end(person, at)
    entries.record_row(given, Event(actor, at, "delegation.ended", "Ended early.", _data(given)))
    return given


def may_end(person: Person, given: Delegation) -> bool:
    """Whether the person may end this delegation."""
    if person.pk in (given.person_id, given.delegate_id):
        return True
    led = delegations.led_by(person).filter(person=given.person_id)
    if given.desk_id is not None:
        led = led.filter(desk=given.desk_id)
    return led.exists()


def has_login(person: Person) -> bool:
    """Whether somebody can sign in and decide: by a password, or by whatever else has let her in before."""
    return person.is_active and person.is_staff and (person.has_usable_password() or person.last_login is not None)


def _objection(granter: Person, given: Delegation) -> DelegationRefused | None:
    own = memberships.in_force().filter(person=given.person_id)
    if given.desk is not None:
        own = own.filter(desk=given.desk)
    if given.delegate_id == given.person_id:
        return DelegationRefused("People cannot delegate to themselves. Choose someone else.")
    if given.person_id != granter.pk and identity.are_one(given.delegate, granter):
        return DelegationRefused(
            "You cannot delegate another person’s authority to yourself. Ask that person or another senior reviewer "
            "to delegate it."
        )
    if not has_login(given.delegate):
        return DelegationRefused(
            "{delegate} cannot sign in, so they cannot decide. Choose another colleague.",
            said={"delegate": given.delegate},
        )
    if memberships.has_left(given.delegate):
        return DelegationRefused(
            "The directory lists {delegate} as inactive, so they cannot decide. Choose another colleague.",
            said={"delegate": given.delegate},
        )
    if not own.exists():
        where = f"at {given.desk}" if given.desk else "at any desk"
        return DelegationRefused(
            "{person} has no authority of their own {where}. Delegated authority cannot be passed on.",
            said={"person": given.person, "where": where},
        )
    return None


def _check_senior(granter: Person, person: Person, desk: Desk | None) -> None:
    if desk is None:
        raise NotAllowed("To delegate another person’s authority, choose a single desk.")
    if not _leads(granter, person, desk):
        raise NotAllowed(
            "Only {person} or a senior reviewer at {desk} can delegate this authority.",
            said={"person": person, "desk": desk},
        )


def _leads(granter: Person, person: Person, desk: Desk) -> bool:
    """Whether a senior has a membership at the desk for every client for which the person has one there."""
    led = list(memberships.in_force().filter(person=granter, desk=desk, tier=Tier.SENIOR))
    theirs = Membership.objects.filter(person=person, desk=desk)
    covers_all = any(seat.covers_clients for seat in led)
    clients = {seat.client_id for seat in led}
    return bool(led) and (covers_all or all(not row.covers_clients and row.client_id in clients for row in theirs))


def _begins(starts_at: datetime | None, at: datetime) -> datetime:
    if starts_at is None or at - GRACE <= starts_at < at:
        return at
    if starts_at < at:
        raise Malformed(
            "A delegation cannot start in the past. Choose the current time or a later time.", field="starts_at"
        )
    return starts_at


def _check_time(begins: datetime, ends_at: datetime) -> None:
    if ends_at <= begins:
        raise Malformed("The delegation must end after it starts. Change the start or the end.", field="ends_at")
    if ends_at - begins > MAX_LENGTH:
        raise Malformed(
            "A delegation can last at most {days} days. Choose an earlier end date.",
            said={"days": MAX_LENGTH.days},
            field="ends_at",
        )


def _person(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to start or end a delegation.")
    return actor.person


def _data(given: Delegation) -> dict[str, object]:
    return {
        "row": str(given.pk),
        "person": given.person_id,
        "delegate": given.delegate_id,
        "desk": given.desk_id,
        "starts_at": given.starts_at.isoformat(),
        "ends_at": given.ends_at.isoformat(),
    }
