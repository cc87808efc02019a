"""Taking back what was carried out: a person starts another kind of action that undoes it, and another one decides."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from referencing.exceptions import Unresolvable

from approvals.actors import Actor, Door
from approvals.authority import powers
from approvals.errors import NotAllowed, RationaleMissing, UnknownType, WrongState
from approvals.models import Action, ActionType
from approvals.models.actions import NOT_REVERSED
from approvals.queries.safety import halts
from approvals.services import doorbell, locks
from approvals.services.ends import early
from approvals.services.intake import clients, drafts, proxy_agents
from approvals.services.intake.drafts import Draft
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.payloads import proposal as proposals
from approvals.services.payloads import revisions, schema_validator
from approvals.services.payloads.proposal import Proposal
from approvals.services.safety import halt_gate
from approvals.states import ActionState
from policies.db import service
from policies.errors import Refused

POINTERS = ("amount_pointer", "currency_pointer", "subject_pointer", "reference_pointer")


@service
def propose_reversal(*, actor: Actor, at: datetime, action_id: uuid.UUID, payload: dict[str, Any], why: str) -> Action:
    """Propose, in a person's own name, what undoes an action that was carried out; somebody else decides on it.

    :raises NotFound: there is none that this person may see.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises NotAllowed: no person is acting, or comes with a token.
    :raises WrongState: it was not carried out, is undone already, or nothing is named that undoes its kind.
    :raises UnknownType: the kind that undoes it is not active.
    :raises Halted: somebody has halted that kind, its desk or everything.
    :raises RationaleMissing: it was not said what was wrong.
    :raises SchemaFault: the payload does not have that kind's form.
    :raises Malformed: the reason is too long.
    :raises TooLarge: the payload is larger than 128 KiB.
    """
    original = locks.action(action_id, actor)
    ask(actor, original)
    kind = way_back(original)
    former = Action.objects.filter(reverses=original).exclude(state__in=NOT_REVERSED).first()
    if former is not None:
        raise WrongState(
            "A reversal is already in progress. Open the reversal to see its status.",
            reversed_by=str(former.pk),
            state=original.state,
        )
    if not why.strip():
        raise RationaleMissing("Explain what was wrong. The reviewer will see your explanation.")
    draft = _draft(original, kind, actor, at, payload, why)
    _keep(draft, original, Event(actor, at, "action.proposed", f"Proposed to reverse {original.action_type}"))
    return draft.action


def ask(actor: Actor, original: Action) -> None:
    """Ask whether this person may take anything back here; what the action is like is not asked.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAllowed: no person is acting, or comes with a token.
    """
    if actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to reverse an action. Personal tokens cannot do this.")
    powers.authority_of(actor, original)


def is_open_to(actor: Actor, original: Action) -> bool:
    """Whether this person may take back what was carried out; asked for the page, and asked again when she does."""
    try:
        ask(actor, original)
    except Refused:
        return False
    return True


def way_back(original: Action) -> ActionType:
    """The kind of action that undoes this one.

    :raises WrongState: it was not carried out, or nothing is named that undoes its kind.
    :raises UnknownType: the kind that does is not active.
    """
    if original.state != ActionState.EXECUTED:
        raise WrongState(
            "You cannot reverse this action. Its state is “{state}”.",
            said={"state": ActionState(original.state)},
            state=original.state,
        )
    kind = original.action_type.reversal_type
    if kind is None or kind.desk_id != original.desk_id:
        how = original.action_type.get_reversibility_display().lower()
        raise WrongState(
            "This action cannot be reversed because “{kind}” ({how}) has no reversing action type. Ask the action "
            "type’s owner to set one.",
            said={"kind": original.action_type, "how": how},
            state=original.state,
        )
    if refusal := early.instead_of_reversal(original):
        raise refusal
    if not kind.is_active:
        raise UnknownType(
            "The reversing action type “{kind}” is not active. Ask its owner to activate it.",
            said={"kind": kind},
            action_type=kind.name,
        )
    return kind


def suggested(original: Action, kind: ActionType) -> dict[str, Any]:
    """What the payload that undoes an action can take from it: fields of one name, or one meaning, that fit."""
    payload, found = original.revision.payload, {}
    described = kind.schema.get("properties")
    for name in described if isinstance(described, dict) else ():
        for value in _candidates(original.action_type, kind, payload, name):
            if _fits(kind, described[name], value):
                found[name] = value
                break
    return found


def _candidates(former: ActionType, kind: ActionType, payload: dict[str, Any], name: str) -> Iterator[Any]:
    if name in payload:
        yield payload[name]
    for pointer in POINTERS:
        if getattr(kind, pointer) == f"/{name}":
            yield revisions.value_at(payload, getattr(former, pointer))


def _fits(kind: ActionType, schema: Any, value: Any) -> bool:
    if value is None or not isinstance(schema, dict):
        return False
    try:
        return next(schema_validator.errors(kind.schema, value, schema), None) is None
    except (Unresolvable, RecursionError, schema_validator.Unsupported, schema_validator.TooComplex):
        return False


def _draft(original: Action, kind: ActionType, actor: Actor, at: datetime, payload: dict[str, Any], why: str) -> Draft:
    mine = proxy_agents.proposing(replace(actor, agent=None), at)
    halted = ActionType.objects.annotate(halt_id=halts.of_kind(mine.agent)).values_list("halt_id").get(pk=kind.pk)
    if found := halt_gate.refusals({kind.pk: halted[0]}):
        raise found[kind.pk]
    proposal = Proposal(
        # Nobody can guess it, so that nobody takes it first.
        idempotency_key=f"undoes-{uuid.uuid4().hex}",
        action_type=kind.name,
        payload=payload,
        instruction=why.strip(),
        subject=original.subject,
        thread=original.thread,
        client=clients.key_of(original),
    )
    proposals.check(proposal, at)
    revisions.check_schema(kind, payload)
    client = clients.again(original, proposal, kind, mine.agent)
    draft = drafts.compose(mine, at, proposal, kind, client=client)
    draft.action.reverses = original
    return draft


def _keep(draft: Draft, original: Action, fact: Event) -> None:
    Action.objects.bulk_create([draft.action])
    draft.revision.save(force_insert=True)
    draft.text.save(force_insert=True)
    told = {"digest": draft.revision.digest, "words": draft.text.digest, "reverses": str(original.pk)}
    entries.record_created([draft.action], fact, {draft.action.pk: told})
    said = f"Reversal started: {draft.action.action_type}"
    data = {"reversed_by": str(draft.action.pk), "words": draft.text.digest}
    entries.record_event(original, replace(fact, event="reversal.started", reason=said, data=data), is_changed=True)
    doorbell.ring(doorbell.ROUTE)
    if draft.action.next_lookup_at:
        doorbell.ring(doorbell.CHECK)
