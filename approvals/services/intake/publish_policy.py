"""Asking that a draft of a policy be put in force: an action like any other, which a second person decides on."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.errors import NotAllowed, NotFound, NothingChanged, PolicyInvalid, TestsFail, WrongState
from approvals.models import Action
from approvals.models.action_types import PUBLICATION
from approvals.services.intake import propose
from approvals.services.payloads.proposal import Proposal
from approvals.services.policy import replay
from approvals.states import GRANTED, OPEN
from policies.db import service
from policies.lab import findings
from policies.lab.compare import differences, is_same
from policies.queries import versions, written
from policies.queries.versions import Draft

KIND = PUBLICATION


def request(*, actor: Actor, at: datetime, version_id: int) -> Action:
    """Propose that a draft be published, by its author, with what it changes and what it would have said.

    :raises WrongState: it is no draft any more, or waits for somebody's decision already.
    :raises NotAllowed: somebody else drafted it.
    :raises NothingChanged: it is the same as the version in force, or the first version and has no effect.
    :raises PolicyInvalid: it names what does not exist, or says what can never hold.
    :raises TestsFail: a test that it carries fails.
    """
    draft = versions.draft(version_id)
    if draft is None:
        raise WrongState("This draft does not exist or has already been published. Create a new draft.", state="")
    if actor.person is None or actor.person.pk != draft.author_id:
        raise NotAllowed("Only the author of a draft can request its publication. Create your own draft instead.")
    _check_changes(draft)
    if found := written.errors_in(draft.document):
        raise PolicyInvalid(" ".join(map(str, found)), faults=[{"pointer": "", "message": str(each)} for each in found])
    if failing := draft.failing:
        sentences = " ".join(failing)
        raise TestsFail(sentences, failing=failing)
    if versions.obstacle(draft.name, draft.number, draft.digest):
        raise WrongState(
            "A newer version of this policy is already in force. Create a new draft from that version.", state=""
        )
    if Action.objects.filter(action_type__name=KIND, reference=draft.digest, state__in=OPEN).exists():
        raise WrongState("This draft is already waiting for a decision. See the inbox.", state="pending")
    proposal = Proposal(
        idempotency_key=uuid.uuid4().hex, action_type=KIND, payload=_payload(draft, at), subject=draft.name,
        instruction=f"Publish version {draft.number} of {draft.title}.",
    )  # fmt: skip
    allowed = replace(actor, scopes=frozenset({f"propose:{KIND}"}))
    return propose.propose(actor=allowed, at=at, proposal=proposal).action


@service
def withdraw(*, actor: Actor, at: datetime, version_id: int) -> Action:
    """Take a request back, by its author, as long as nothing was published.

    :raises NotFound: nobody has asked for the publication of this draft, or somebody else has.
    :raises WrongState: it can no longer be withdrawn.
    :raises TooLate: it was already dispatched.
    """
    action = pending(version_id)
    if action is None or actor.person is None or action.agent.person_id != actor.person.pk:
        raise NotFound("You have no open request to publish this draft.")
    mine = replace(actor, agent=action.agent)
    return propose.withdraw_step(actor=mine, at=at, action_id=action.pk, reason="Withdrawn by its author.")


def pending(version_id: int) -> Action | None:
    """The open request to publish a draft, or None."""
    draft = versions.draft(version_id)
    if draft is None:
        return None
    asked = Action.objects.filter(action_type__name=KIND, reference=draft.digest, subject=draft.name)
    return asked.filter(state__in=OPEN | GRANTED).select_related("agent").first()


def _check_changes(draft: Draft) -> None:
    if draft.before_number is not None and draft.before_number > draft.number:
        raise WrongState(
            "Version {number} is already in force, so this draft is out of date. Create a new draft from version "
            "{number}.",
            said={"number": draft.before_number},
            state="",
        )
    if draft.before is not None and is_same(draft.before, draft.body):
        raise NothingChanged(
            "The draft is the same as the version in force. Change the draft before you request publication."
        )
    # A version in force can be emptied on purpose; a first version without effect is only unfinished.
    if draft.before is None and (empty := next(findings.of_emptiness(draft.document), None)):
        raise NothingChanged(empty.sentence)


def _payload(draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "policy": draft.name,
        "title": draft.title,
        "number": draft.number,
        "digest": draft.digest,
        "takes_the_place_of": draft.before_number,
        "changes": differences(draft.before, draft.body),
        "tests": len(draft.document.tests),
        "replay": replay.replay(draft.document, at),
        "text": draft.source,
    }
