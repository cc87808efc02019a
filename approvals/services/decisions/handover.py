"""Handing over: a reviewer puts an action into the hands of a colleague by name, and says why.

It gives no power and takes none: the colleague must be able to decide it as it stands, may hand it back, and anybody
who reviews there may take it over, as with any claim. What was said is kept like other words, and can be erased.
"""

import uuid
from datetime import datetime, timedelta

from approvals.actors import Actor
from approvals.authority import conflicts, powers
from approvals.errors import Malformed, SelfApproval, WrongState
from approvals.models import Action, Claim, Note, Person, Stage, Text
from approvals.models.notes import NoteKind
from approvals.models.texts import TextKind
from approvals.queries.directory import duty
from approvals.services import locks
from approvals.services.decisions import claims
from approvals.services.decisions.notes import MAX_NOTES, MAX_TEXT
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.policy import evaluate
from approvals.states import ActionState, StageState
from approvals.text import reasons
from policies import db
from policies.db import service

# So long it stays in the colleague's hands, unless it is due before.
HANDED_FOR = timedelta(hours=1)


@service
def hand_over(*, actor: Actor, at: datetime, action_id: uuid.UUID, to: str, reason: str) -> Claim:
    """Put an action into the hands of the colleague with the user name ``to``, for an hour or until it is due.

    :raises NotFound: the action is not this person's to see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAsked: the stage that is open asks somebody else.
    :raises NotAllowed: no person is acting.
    :raises SelfApproval: whoever asked for it, or owns its agent, chooses nobody to decide it.
    :raises WrongState: it does not wait for a person.
    :raises ClaimedByAnother: somebody else has it in hand; says who and until when.
    :raises Malformed: there is no reason or too long a one, or the colleague may not decide it or is away.
    """
    action = locks.action(action_id, actor)
    # Whether the colleague may decide is asked of what it is worth today.
    evaluate.update_worth(action, at)
    giver = powers.reviewer(actor, action).person
    stage = _open_stage(action)
    if not conflicts.is_eligible(giver, action):
        raise SelfApproval("You requested this action or own its agent, so you cannot choose who decides.")
    held = claims.standing(action)
    if held is not None and held.person_id != giver.pk:
        raise claims.taken(held)
    colleague = _colleague(to, giver, action, stage)
    note = _write(action, Event(actor, at, "action.handed_over"), giver, colleague, _worded(action, reason))
    claim = Claim(action=action, person=colleague, since=db.now(), note=note)
    claim.until = _until(claim.since, stage.due_at)
    claim.save()
    return claim


def _open_stage(action: Action) -> Stage:
    stage = Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).first()
    if action.state != ActionState.PENDING or stage is None:
        raise WrongState(
            "You cannot hand over this action. Its state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    if stage.is_check:
        raise WrongState("An automatic check is running. Try again after the check finishes.", state=action.state)
    return stage


def _colleague(to: str, giver: Person, action: Action, stage: Stage) -> Person:
    """The colleague, who must be able to decide it right now and must be there.

    :raises Malformed: nobody of that name may decide, they are away, or it is the giver.
    """
    # No name holds signs that cannot be printed, and a database would not even look for one with U+0000.
    if not to.isprintable() or to in ("", giver.username):
        raise Malformed("Choose a colleague who can decide on this action.", field="to")
    found = Person.objects.filter(username=to, is_active=True).first()
    # Of who has nothing to do with this, only what was written is said again: not even whether there is such a person.
    if found is None or not powers.could_decide(found, action, stage):
        raise Malformed(
            "{person} cannot decide on this action. Choose another colleague.", said={"person": to}, field="to"
        )
    if duty.absent_now([found.pk]):
        raise Malformed("{person} is out of office. Choose another colleague.", said={"person": found}, field="to")
    return found


def _worded(action: Action, reason: str) -> Text:
    plain = reasons.checked(reason, MAX_TEXT, missing=Malformed("Enter a reason for the handover.", field="reason"))
    if Note.objects.filter(action=action).count() >= MAX_NOTES:
        raise WrongState(
            "This action already has the maximum of {most} notes. Decide on the action, or escalate it.",
            said={"most": MAX_NOTES},
        )
    return texts.compose(action, TextKind.HANDOVER, {"text": plain})


def _write(action: Action, fact: Event, giver: Person, colleague: Person, words: Text) -> Note:
    """The note that everybody reads, its entry, and the colleague's notice: each time a new one."""
    turn = Note.objects.filter(action=action, kind=NoteKind.HANDOVER).count() + 1
    words.save(force_insert=True)
    data = {"from": f"person:{giver.pk}", "to": f"person:{colleague.pk}", "text": words.digest}
    entry = entries.record_event(action, Event(fact.actor, fact.at, fact.event, "Handed over", data))
    queue.notify_people(action, [colleague], fact, turn)
    about = {"action": action, "kind": NoteKind.HANDOVER, "person": giver, "handed_to": colleague}
    return Note.objects.create(**about, text=words, at=fact.at, entry=entry)


def _until(now: datetime, due_at: datetime | None) -> datetime:
    """An hour from now, or when it is due; what is overdue already is not over at once."""
    until = now + HANDED_FOR
    return min(until, due_at) if due_at is not None and due_at > now else until
