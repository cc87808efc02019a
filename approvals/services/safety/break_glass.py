"""Breaking the glass: a senior's power at a desk for an hour at most, told to others at once, reviewed afterwards."""

import uuid
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db.models import Exists, Q

from approvals import conf
from approvals.actors import Actor, Door
from approvals.authority import break_glass as break_glass_access
from approvals.authority import identity, memberships
from approvals.errors import Malformed, NotAllowed, NotFound, RationaleMissing, SelfApproval, WrongState
from approvals.models import BreakGlass, Client, Desk, Membership, Person
from approvals.models.break_glass import OVER, Finding
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.safety import passwords
from approvals.services.safety.passwords import Counted, Prompt
from approvals.states import Stakes, Tier
from approvals.text import reasons
from policies import db
from policies.db import errand, service

MAX_WORDS = 500


@errand
def start(*, actor: Actor, at: datetime, desk: str, reason: str, password: str, address: str = "") -> BreakGlass:
    """Take a senior's power at a desk for an hour at most; everybody concerned is told at once.

    ``address`` is where the request came from, if that is known; wrong passwords are counted for it, too.

    :raises NotAllowed: no signed-in person with the permission is acting, the password is wrong, or not at this desk.
    :raises RationaleMissing: it was not said why.
    :raises Malformed: the reason is too long.
    :raises WrongState: she has this power already.
    :raises TooManyAttempts: passwords were tried too often; this one was not looked at.
    """
    # A try is counted and committed before the password is looked at: two at once are two tries.
    counted = _admit(actor=actor, at=at, desk=desk, address=address)
    _check(actor=actor, at=at, desk=desk, password=password, counted=counted)
    return _open(actor=actor, at=at, desk=desk, reason=reason)


@service
def _admit(*, actor: Actor, at: datetime, desk: str, address: str) -> Counted:
    person = _person(actor)
    if refusal := _objection(person):
        raise _recorded(refusal, actor, at, _desk(desk) or person)
    return passwords.admit(actor, at, Prompt("break_glass", person.get_username(), address))


@service
def _check(*, actor: Actor, at: datetime, desk: str, password: str, counted: Counted) -> None:
    person = _person(actor)
    if not check_password(password, person.password):
        raise _recorded(NotAllowed("The password is not correct. Try again."), actor, at, _desk(desk) or person)
    passwords.accept(counted)


@service
def _open(*, actor: Actor, at: datetime, desk: str, reason: str) -> BreakGlass:
    person, where = _person(actor), _desk(desk)
    if where is None:
        raise NotAllowed("Break-glass access is not available for this desk. Choose a desk from the list.")
    missing = RationaleMissing("Describe the emergency. The desk is notified immediately.")
    why = reasons.checked(reason, MAX_WORDS, missing=missing)
    now = db.now()
    _end_former(actor, at, person, where)
    if _has_all(person, where):
        raise WrongState("You can already decide on every action at this desk, so you do not need break-glass access.")
    glass = BreakGlass(person=person, desk=where, reason=why, opened_at=now, expires_at=now + conf.break_glass_time())
    entries.record_row(glass, Event(actor, at, "break_glass.opened", why, _data(glass)), is_new=True)
    queue.notify_break_glass(glass, break_glass_access.alarmed(glass), at)
    return glass


@service
def close(*, actor: Actor, at: datetime, break_glass_id: uuid.UUID) -> BreakGlass:
    """Give the power back before its time, or take it from somebody: by oneself or by whoever may review it.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: it is neither hers nor hers to review.
    :raises WrongState: it is over already.
    """
    person = _person(actor)
    glass = _locked(person, break_glass_id)
    if glass.person_id != person.pk and not break_glass_access.may_review(person, glass):
        raise NotAllowed(
            "Only the person with this break-glass access, or one of its reviewers, can end the access early."
        )
    now = db.now()
    if glass.closed_at is not None or glass.expires_at <= now:
        raise WrongState("This break-glass access has already ended.")
    glass.close(now)
    entries.record_row(glass, Event(actor, at, "break_glass.closed", "Ended early", _data(glass)))
    return glass


@service
def review(*, actor: Actor, at: datetime, break_glass_id: uuid.UUID, finding: str, note: str) -> BreakGlass:
    """Say whether it was justified, after looking at what was decided under it; never about one's own.

    :raises NotFound: there is none that this person may see.
    :raises SelfApproval: it is her own.
    :raises NotAllowed: she may not review it.
    :raises WrongState: it is not over yet, or was reviewed before.
    :raises RationaleMissing: it was not said what was found.
    :raises Malformed: the finding is none, or the note too long.
    """
    person = _person(actor)
    glass = _locked(person, break_glass_id)
    if identity.are_one(person, glass.person):
        raise _recorded(
            SelfApproval("You cannot review your own break-glass access. Another person must review it."),
            actor,
            at,
            glass,
        )
    if not break_glass_access.may_review(person, glass):
        raise NotAllowed(
            "Only a senior reviewer at the desk, or someone with permission to review all break-glass access, can "
            "review this access."
        )
    if glass.reviewed_by is not None:
        raise WrongState(
            "{reviewed_by} already reviewed this on {reviewed_at:%Y-%m-%d at %H:%M} UTC.",
            said={"reviewed_by": glass.reviewed_by, "reviewed_at": glass.reviewed_at},
        )
    now = db.now()
    if glass.closed_at is None and glass.expires_at > now:
        raise WrongState("This break-glass access is still active. End it first, or review it after it ends.")
    if finding not in Finding.values:
        raise Malformed("Choose whether the access was justified.", field="finding")
    missing = RationaleMissing("Enter your findings to complete the review.")
    words = reasons.checked(note, MAX_WORDS, missing=missing, field="note")
    if glass.closed_at is None:
        glass.close(now)
    glass.review(person, at, finding, words)
    entries.record_row(glass, Event(actor, at, "break_glass.reviewed", words, _data(glass) | {"finding": finding}))
    return glass


def _person(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active or actor.door is not Door.ADMIN:
        raise NotAllowed("Sign in to the admin to start, end, or review break-glass access.")
    return actor.person


def _objection(person: Person) -> NotAllowed | None:
    if not person.has_perm(break_glass_access.OPEN):
        return NotAllowed(
            "You do not have permission to use break-glass access. Ask an administrator to add you to the "
            "Break-glass group."
        )
    if not person.has_usable_password():
        return NotAllowed(
            "Your account has no password, so your identity cannot be confirmed. Ask an administrator to set a "
            "password."
        )
    return memberships.left(person)


def _recorded(refusal: NotAllowed, actor: Actor, at: datetime, row: Desk | Person | BreakGlass) -> NotAllowed:
    return refusals.recorded(refusal, Event(actor, at, "break_glass.refused", data={"row": str(row.pk)}), row)


def _desk(slug: str) -> Desk | None:
    return break_glass_access.desks().filter(slug=slug).first()


def _end_former(actor: Actor, at: datetime, person: Person, desk: Desk) -> None:
    """Close what expired; one that still runs is in the way."""
    open_ones = BreakGlass.objects.select_for_update(of=("self",), no_key=True).filter(
        person=person, desk=desk, closed_at=None
    )
    former = open_ones.filter(OVER).first()
    if former is not None:
        former.close(former.expires_at)
        entries.record_row(former, Event(actor, at, "break_glass.closed", "Expired", _data(former)))
    elif open_ones.exists():
        raise WrongState("You already have break-glass access at this desk. It ends automatically.")


def _has_all(person: Person, desk: Desk) -> bool:
    own = Membership.objects.filter(person=person, desk=desk, tier=Tier.SENIOR, ceilings={}, daily_ceilings={})
    # Where there are clients, only a membership for every client reaches as far.
    own = own.filter(Q(covers_clients=True) | ~Q(Exists(Client.objects.all())))
    return own.filter(max_stakes=Stakes.HIGH).exists()


def _locked(person: Person, break_glass_id: uuid.UUID) -> BreakGlass:
    held = (
        BreakGlass.objects.select_for_update(no_key=True).filter(pk=break_glass_id).values_list("pk", flat=True).first()
    )
    glass = break_glass_access.visible_to(person).filter(pk=held).first() if held else None
    if glass is None:
        raise NotFound()
    return glass


def _data(glass: BreakGlass) -> dict[str, object]:
    return {"row": str(glass.pk), "desk": glass.desk_id, "person": glass.person_id}
