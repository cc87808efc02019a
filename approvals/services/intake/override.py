"""Reopening what policy blocked: proposed anew against the block, with a reason, for another senior to decide on."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.authority import conflicts, memberships
from approvals.authority.visibility import may_see
from approvals.errors import Expired, NotAllowed, NotFound, RationaleMissing, SelfApproval, WrongState
from approvals.models import Action, Attachment, Decision, Person, Text
from approvals.models.action_types import BUILT_IN
from approvals.models.texts import TextKind
from approvals.queries.record.related import attachments
from approvals.queries.safety import halts
from approvals.services import doorbell, locks
from approvals.services.attachments import places
from approvals.services.decisions import preconditions
from approvals.services.intake import clients, drafts, parents
from approvals.services.intake.drafts import Draft
from approvals.services.ledger import entries, refusals, texts
from approvals.services.ledger.entries import Event
from approvals.services.payloads import ends, revisions
from approvals.services.payloads.proposal import Proposal
from approvals.services.policy import overrides
from approvals.services.safety import halt_gate
from approvals.states import ActionState, DecisionSource, Tier
from approvals.text import reasons
from policies import db
from policies.db import service
from policies.errors import Refused

PERMISSION = "approvals.override_policy"
# Nobody decided on these, and nothing came of them.
LAPSED = (ActionState.EXPIRED, ActionState.WITHDRAWN)


@service
def override_block(*, actor: Actor, at: datetime, action_id: uuid.UUID, reason: str) -> Action:
    """Propose what policy blocked once more, byte for byte, as a new action that names it; a second senior decides.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: she may not override policy here, or comes with a token.
    :raises SelfApproval: she asked for it, or owns its agent.
    :raises WrongState: policy did not block it, or it was reopened before.
    :raises Expired: the time that its agent gave it is over.
    :raises Halted: somebody has halted what it belongs to.
    :raises RationaleMissing: it was not said why.
    :raises SchemaFault: its payload has not the form that the type has by now.
    """
    original = locks.action(action_id, actor)
    person = actor.person
    if person is None or not may_see(person, original):
        raise NotFound()
    if refusal := objection(actor, original):
        raise refusals.recorded(refusal, Event(actor, at, "action.reopening_refused"), original)
    if obstacle := _obstacle(original):
        raise obstacle
    draft = _once_more(original, person, actor, at)
    words = _worded(draft.action, reason)
    _keep(draft, words, original, Event(actor, at, "action.proposed", "Proposed again to override a policy block"))
    doorbell.ring(doorbell.ROUTE)
    return draft.action


def objection(actor: Actor, original: Action) -> Refused | None:
    """Why this person may not override policy on this action, or None; whether it is blocked is not asked."""
    person = actor.person
    if person is None or actor.door is Door.TOKEN or not person.is_active:
        return NotAllowed("Sign in to request an override. API keys and personal tokens cannot do this.")
    if not person.has_perm(PERMISSION) or not _is_senior(person, original):
        return NotAllowed(
            "Only senior reviewers at the desk who belong to the Overriders group can request an override."
        )
    if original.action_type.name in BUILT_IN:
        return NotAllowed(
            "A blocked policy or configuration change cannot be overridden. Correct the change and request it again."
        )
    return SelfApproval(_OWN) if conflicts.is_own(person, original) else None


def is_open_to(actor: Actor, action: Action) -> bool:
    """Whether this person may reopen the action as it stands; asked for the page, and asked again when she does."""
    return action.state == ActionState.REJECTED and objection(actor, action) is None and _obstacle(action) is None


def is_blocked(action: Action) -> bool:
    """Whether policy, and nobody else, refused the action."""
    if action.state != ActionState.REJECTED:
        return False
    final = Decision.objects.filter(action=action, is_final=True).order_by("-round").first()
    return final is not None and final.source == DecisionSource.POLICY


_OWN = _("You requested this action or own its agent. Another senior reviewer must request the override.")
_WHAT = "Policy override: "


def _is_senior(person: Person, original: Action) -> bool:
    # At the desk that has this kind of action by now: the new one goes there.
    seats = memberships.in_force().filter(memberships.for_client(original.client_id), person=person)
    members = seats.filter(desk_id=original.action_type.desk_id)
    group = original.action_type.overriders_id
    is_among = group is None or person.groups.filter(pk=group).exists()
    return is_among and members.filter(tier__gte=Tier.SENIOR).exists()


def _obstacle(original: Action) -> Refused | None:
    """Why nobody may reopen this one now, or None."""
    if not is_blocked(original):
        return WrongState("Policy did not block this action, so there is no block to override.", state=original.state)
    former = Action.objects.filter(overrides=original).exclude(state__in=LAPSED).first()
    if former is not None:
        return WrongState(
            "An override has already been requested. Open the action that the override created.",
            reopened_as=str(former.pk),
        )
    if not original.action_type.is_active or not original.agent.is_active:
        return WrongState("The action type or its agent is no longer active.", state=original.state)
    if original.expires_at is not None and original.expires_at <= db.now():
        return Expired("The agent’s deadline has passed. The agent must propose the action again.")
    if refusal := ends.refusal_for(original.action_type, original.until, db.now()):
        return refusal
    if original.parent_id is not None and parents.refusal_for(original, original.parent):
        # Nothing more is said of the parent: who overrides here may not see it.
        return WrongState(
            "The parent of this action ended without effect. Ask the agent to propose both again.",
            state=original.state,
        )
    halt = halts.on(original)
    return halt_gate.refusal(halt) if halt else None


def _once_more(original: Action, person: Person, actor: Actor, at: datetime) -> Draft:
    kind, payload = original.action_type, original.revision.payload
    revisions.check_schema(kind, payload)
    said = Text.objects.filter(action=original, kind=TextKind.PROPOSAL).order_by("id").first()
    files = _files(original)
    proposal = Proposal(
        # Nobody can guess it, so that no agent takes it first.
        idempotency_key=f"reopened-{uuid.uuid4().hex}",
        action_type=kind.name,
        payload=payload,
        confidence=original.confidence,
        on_behalf_of=original.on_behalf_of,
        subject=original.subject,
        thread=original.thread,
        expires_at=original.expires_at,
        until=original.until,
        # What had to be executed before the blocked action has to be executed before this one.
        parent=original.parent_id,
        attachments=[file.pk for file in files],
        client=clients.key_of(original),
        **(said.content if said else {}),
    )
    client = clients.again(original, proposal, kind, original.agent)
    draft = drafts.compose(replace(actor, agent=original.agent), at, proposal, kind, client=client, files=files)
    # Who owned the agent or asked for it when it was proposed first does not decide on it either.
    draft.action.owner_id = original.owner_id
    draft.action.requesters = original.requesters
    drafts.name_requesters([draft.action])
    parents.place_one(draft.action)
    draft.action.overrides, draft.action.overridden_by = original, person
    return draft


def _files(original: Action) -> list[Attachment]:
    """The documents of the blocked action, which the new one shows too."""
    files = attachments.of(original)
    if any(file.erased_at for file in files):
        raise WrongState("An attachment of this action was erased. Ask the agent to propose it again.")
    return files


def _worded(action: Action, reason: str) -> Text:
    missing = RationaleMissing("Explain why this action should run even though policy blocks it.")
    plain = reasons.checked(reason, preconditions.MAX_RATIONALE, missing=missing)
    return texts.compose(action, TextKind.OVERRIDE, {"rationale": plain})


def _keep(draft: Draft, words: Text, original: Action, fact: Event) -> None:
    Action.objects.bulk_create([draft.action])
    for row in (draft.revision, draft.text, words):
        row.save(force_insert=True)
    places.keep(draft.places, fact.at)
    rules = sorted(f"{document} {rule}".strip() for document, rule, _text in _blocks(original))
    told = drafts.told(draft) | {"override": words.digest, "rules": rules}
    entries.record_created([draft.action], fact, {draft.action.pk: told | {"reopens": str(original.pk)}})
    data = {"reopened_as": str(draft.action.pk), "override": words.digest, "rules": rules}
    said = _WHAT + ", ".join(rules)
    entries.record_event(original, replace(fact, event="action.overridden", reason=said, data=data), is_changed=True)


def _blocks(original: Action) -> set[tuple[str, str, str]]:
    return overrides.blocks(original.evaluation.content["reasons"]) if original.evaluation else set()
