"""Out of office: whoever is away gets no notices and counts as off duty; power is not touched by it."""

import uuid
from datetime import datetime, timedelta

from approvals.actors import Actor, Door
from approvals.authority import delegations
from approvals.errors import Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Absence, Person
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies.db import service

MAX_LENGTH = timedelta(days=366)
MAX_AT_ONCE = 20


@service
def enter(
    *, actor: Actor, at: datetime, person: Person, ends_at: datetime, starts_at: datetime | None = None
) -> Absence:
    """Note that somebody is out of office from a moment on until another; by herself, or by a senior of her desk.

    :raises NotAllowed: no person is acting in a session, or this is somebody of whom she is no senior.
    :raises Malformed: it ends before it begins or before now, is longer than a year, or too many are noted.
    """
    author = _person(actor)
    if not may_enter(author, person):
        raise NotAllowed(
            "Only {person} or a senior reviewer at one of their desks can set these absences.", said={"person": person}
        )
    begins = starts_at or at
    if ends_at <= max(begins, at):
        raise Malformed("The end must be in the future and after the start.", field="ends_at")
    if ends_at - begins > MAX_LENGTH:
        raise Malformed(
            "An absence can last at most {days} days. Choose an earlier end date.",
            said={"days": MAX_LENGTH.days},
            field="ends_at",
        )
    if Absence.objects.filter(person=person, ended_at__isnull=True, ends_at__gt=at).count() >= MAX_AT_ONCE:
        raise Malformed(
            "There are already {most} absences. End an absence before you add another.", said={"most": MAX_AT_ONCE}
        )
    row = Absence(person=person, starts_at=begins, ends_at=ends_at, entered_by=author, entered_at=at)
    entries.record_row(row, Event(actor, at, "absence.entered", "Out of office.", _data(row)), is_new=True)
    return row


@service
def end(*, actor: Actor, at: datetime, absence_id: uuid.UUID) -> Absence:
    """Note that somebody is back, or will not go; by herself, or by a senior of her desk.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: no person is acting in a session.
    :raises WrongState: it is over.
    """
    author = _person(actor)
    row = (
        Absence.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .filter(pk=absence_id)
        .first()
    )
    if row is None or not may_enter(author, row.person):
        raise NotFound()
    if row.ended_at is not None or row.ends_at <= at:
        raise WrongState("This absence has already ended.")
    row.end(author, at)
    entries.record_row(row, Event(actor, at, "absence.ended", "Back in the office.", _data(row)))
    return row


def may_enter(author: Person, person: Person) -> bool:
    """Whether one may say of the other when she is away."""
    if author.pk == person.pk:
        return True
    return delegations.led_by(author).filter(person=person).exists()


def _person(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to set an absence.")
    return actor.person


def _data(row: Absence) -> dict[str, object]:
    return {
        "row": str(row.pk),
        "person": row.person_id,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
    }
