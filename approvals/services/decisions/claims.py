"""Claims: whoever looks at an action has it in hand for a few minutes, and others see who.

A claim is a courtesy between people: it ends by itself, anybody who reviews there can take it over, and a decision is
refused only while somebody else's stands. To look at something is nothing to record; to take it from a colleague is,
and so is to hand back what a colleague has handed over.
"""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, UUIDField

from approvals import conf
from approvals.actors import Actor
from approvals.authority import permissions, powers
from approvals.errors import ClaimedByAnother, NotAllowed, WrongState
from approvals.models import Action, Claim, Note, Person, Stage
from approvals.models.notes import NoteKind
from approvals.models.people import active_person
from approvals.services import locks
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.policy import evaluate
from approvals.states import ActionState, DecisionType, StageState
from policies import db
from policies.compiled import Compiled, Slot
from policies.db import service
from policies.errors import Refused

# An action has one claim at most.
_OF_ANOTHER: Compiled[Claim] = Compiled(
    lambda: (
        Claim.objects.select_related("person")
        .filter(active_person(), action=Slot("action", UUIDField()))
        .exclude(person=Slot("person", BigIntegerField()))
    )
)


@service
def take(*, actor: Actor, at: datetime, action_id: uuid.UUID, is_takeover: bool = False) -> Claim:
    """Take an action in hand, or keep it there a while longer; with ``is_takeover`` from somebody else, too.

    :raises NotFound: the action is not this person's to see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAllowed: no person is acting, or this person may not decide it.
    :raises WrongState: it does not wait for a decision.
    :raises ClaimedByAnother: somebody else has it in hand; says who and until when.
    """
    action = locks.action(action_id, actor)
    person = _reviewer(actor, action)
    if action.state != ActionState.PENDING:
        raise WrongState(
            "You cannot claim this action. Its state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    evaluate.update_worth(action, at)
    if barred := _bar(actor, action):
        raise barred
    now, held = db.now(), Claim.objects.select_related("person").filter(action=action).first()
    if held and held.is_held_by_another(person, now) and not is_takeover:
        raise taken(held)
    is_kept = held is not None and held.person_id == person.pk and held.until > now
    lease = now + timedelta(seconds=conf.claim_seconds())
    claim = held if held and is_kept else Claim(action=action, person=person, since=now, until=lease)
    # What was handed over stays longer; looking at it takes none of that away.
    claim.until = max(claim.until, lease)
    claim.save()
    if held and held.is_held_by_another(person, now):
        data = {"from": f"person:{held.person_id}"}
        entries.record_event(action, Event(actor, at, "claim.taken_over", "Taken over", data))
    return claim


@service
def release(*, actor: Actor, at: datetime, action_id: uuid.UUID, is_left: bool = False) -> Action:
    """Give an action out of hand; it is no fault that it was not in it.

    What a colleague handed over is handed back by it, which is recorded and told to the colleague; with ``is_left``,
    where merely its page was left, it stays.

    :raises NotFound: the action is not this person's to see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAllowed: no person is acting.
    """
    action = locks.action(action_id, actor)
    person = _reviewer(actor, action)
    held = standing(action)
    if held is None or held.person_id != person.pk:
        return action
    if held.note is not None and is_left:
        return action
    held.delete()
    if held.note is not None:
        _hand_back(action, held.note, Event(actor, at, "action.handed_back", "Released"))
    return action


def standing(action: Action) -> Claim | None:
    """The claim that holds right now by the database's clock, whoever has it; a step, asked under the lock."""
    held = Claim.objects.select_related("person", "note__person").filter(action=action).first()
    return held if held and held.until > db.now() else None


def settle(action: Action, person: Person) -> None:
    """Whoever has decided, though not for good, has it out of hand: others are asked next; a step."""
    if locks.may_be_claimed(action):
        Claim.objects.filter(action=action, person=person).delete()


def objection(action: Action, person: Person) -> Refused | None:
    """Why this person should not decide right now: somebody else has it in hand; a step, asked under the lock."""
    held = _OF_ANOTHER.first(action=action.pk, person=person.pk) if locks.may_be_claimed(action) else None
    return taken(held) if held and held.until > db.now() else None


def taken(claim: Claim) -> ClaimedByAnother:
    """The refusal that names the holder."""
    return ClaimedByAnother(
        "{person} claimed this action at {since:%H:%M} UTC. To decide, take over the action.",
        said={"person": claim.person, "since": claim.since},
        by=str(claim.person),
        since=claim.since.isoformat(),
        until=claim.until.isoformat(),
    )


def _hand_back(action: Action, note: Note, fact: Event) -> None:
    assert note.person is not None  # only people hand over
    entries.record_event(action, replace(fact, data={"to": f"person:{note.person.pk}"}))
    turn = Note.objects.filter(action=action, kind=NoteKind.HANDOVER).count()
    queue.notify_people(action, [note.person], fact, turn)


def _bar(actor: Actor, action: Action) -> Refused | None:
    """Why this person may neither approve nor correct the action as it waits now, or None; a claim keeps others off."""
    stage = Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).first()
    if stage is None or stage.is_check:
        return None
    found: list[Refused] = []
    for verdict in (DecisionType.APPROVE, DecisionType.MODIFY):
        try:
            power = powers.authority_of(actor, action, stage, verdict)
        except Refused as refusal:
            found.append(refusal)
            continue
        against = permissions.refusal_for(action, power, stage.tier, verdict)
        if against is None:
            return None
        found.append(against)
    return found[0]


def _reviewer(actor: Actor, action: Action) -> Person:
    powers.reviewer(actor, action)
    if actor.person is None:
        raise NotAllowed("Only a person can claim an action. Sign in or use a personal token.")
    return actor.person
