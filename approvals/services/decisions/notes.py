"""Notes on an action: colleagues comment, a reviewer asks its agent, the agent answers. Nothing of it decides.

A question that waits for its answer is a condition of a pending action, not a state: it can be decided all the same.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.authority import powers
from approvals.errors import Malformed, TooLarge, WrongState
from approvals.models import Action, Note, Text
from approvals.models.notes import NoteKind
from approvals.models.texts import TextKind
from approvals.services import locks
from approvals.services.decisions import revise
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.payloads import revisions
from approvals.states import ActionState
from approvals.text import reasons
from policies.db import service

MAX_TEXT = 5_000
MAX_ANSWER = 64 * 1024
MAX_NOTES = 200


@service
def comment(*, actor: Actor, at: datetime, action_id: uuid.UUID, text: str) -> Note:
    """Leave a comment for colleagues and for the record.

    :raises NotFound: the action is not this person's to see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAllowed: no person is acting.
    :raises Malformed: there is no text, or too much of it.
    """
    action = locks.action(action_id, actor)
    member = powers.reviewer(actor, action)
    words = _worded(action, TextKind.COMMENT, text)
    return _write(action, Event(actor, at, "action.commented"), words, kind=NoteKind.COMMENT, person=member.person)


@service
def ask(*, actor: Actor, at: datetime, action_id: uuid.UUID, text: str) -> Note:
    """Ask the agent for what is needed to decide; the action goes on waiting for its decision.

    :raises NotFound: the action is not this person's to see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAllowed: no person is acting.
    :raises WrongState: it does not wait for a decision, a question is open already, or no agent could answer.
    :raises Malformed: there is no text, or too much of it.
    """
    action = locks.action(action_id, actor)
    member = powers.reviewer(actor, action)
    if action.agent.person_id is not None:
        # Nobody has a key of this agent, so the question would stay open and keep the action from its reviewers.
        raise WrongState(
            "A person started this action, so no agent can answer. Write a comment instead.", state=action.state
        )
    if action.state != ActionState.PENDING:
        raise WrongState(
            "You cannot ask a question about this action. Its state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    if open_question(action):
        raise WrongState(
            "There is already an open question. Wait for the answer, or decide without it.", state=action.state
        )
    words = _worded(action, TextKind.QUESTION, text)
    fact = Event(actor, at, "information.requested")
    return _write(action, fact, words, kind=NoteKind.QUESTION, person=member.person, is_open=True)


@service
def answer(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    text: str,
    evidence: Sequence[dict[str, Any]] = (),
    payload: dict[str, Any] | None = None,
) -> Note:
    """Answer the open question, by the action's own agent, with words, evidence and, where it helps, a new revision.

    A ``payload`` is evaluated as a proposal is. A stricter evaluation asks for more, and earlier approvals no longer
    count. One that cannot be taken leaves everything as it was, the question too.

    :raises NotFound: it is not this agent's.
    :raises WrongState: it does not wait for a decision, or nobody asked, or its payload may not be changed.
    :raises Malformed: there is no text, or too much of it.
    :raises TooLarge: words and evidence are larger than 64 KiB, or the payload than 128.
    :raises SchemaFault: the payload does not have the type's form.
    :raises NothingChanged: it equals the one that is there.
    :raises BlockedByPolicy: policy blocks it.
    :raises Halted: somebody has halted what it belongs to.
    :raises Expired: its time is over, so its payload changes no more.
    :raises ScopeMissing: the key may not propose this type.
    :raises UnknownType: the type is no longer active.
    """
    action = locks.own_action(actor, action_id)
    question = open_question(action)
    if action.state != ActionState.PENDING or question is None:
        raise WrongState("This action has no open question.", state=action.state)
    words = _worded(action, TextKind.ANSWER, text, evidence=list(evidence))
    question.settle()
    question.save(update_fields=["is_open"])
    revised = revise.answer_with_revision(action, actor, at, payload) if payload is not None else None
    fact = Event(actor, at, "information.given", revised.said if revised else "", revised.data if revised else {})
    written = revised.revision if revised else None
    note = _write(action, fact, words, kind=NoteKind.ANSWER, agent=action.agent, answers=question, revision=written)
    if question.person is not None and not (revised and question.person_id in revised.told):
        # Each answer is told of, a second one of the same round, too.
        turn = Note.objects.filter(action=action, kind=NoteKind.ANSWER).count()
        queue.notify_people(action, [question.person], fact, turn)
    return note


def open_question(action: Action) -> Note | None:
    """The question that waits for an answer, if there is one; a step."""
    return Note.objects.filter(action=action, is_open=True).select_related("person", "text").first()


def _worded(action: Action, kind: TextKind, text: str, **more: Any) -> Text:
    is_agents = kind == TextKind.ANSWER
    missing = Malformed("Enter some text.", field="text")
    plain = reasons.checked(text, MAX_TEXT, missing=missing, field="text")
    if len(revisions.canonical_text(more).encode()) > MAX_ANSWER:
        raise TooLarge("The evidence is larger than 64 KiB. Send links instead.", field="evidence")
    if Note.objects.filter(action=action).count() >= MAX_NOTES:
        raise WrongState(
            "This action already has the maximum of {most} notes. Decide on the action, or reject it and start over.",
            said={"most": MAX_NOTES},
        )
    return texts.compose(action, kind, {"text": plain, **more}, is_agents=is_agents)


def _write(action: Action, fact: Event, words: Text, **fields: Any) -> Note:
    words.save(force_insert=True)
    told = replace(fact, data={"text": words.digest} | fact.data)
    entry = entries.record_event(action, told, is_changed=fields.get("revision") is not None)
    return Note.objects.create(action=action, text=words, at=fact.at, entry=entry, **fields)
