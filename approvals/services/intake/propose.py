"""Taking proposals in: accepted and durable, judged later by a task.

``propose`` is ``propose_many`` of one. A key is unique per agent for ever: the same body gets the same action again,
another body is refused.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from django.db import IntegrityError
from django.db.models import BigIntegerField, CharField, Exists, QuerySet

from approvals.actors import Actor
from approvals.errors import KeyReused, NotAllowed, ScopeMissing, UnknownType, WrongState
from approvals.models import Action, ActionType, Agent
from approvals.queries.safety import halts
from approvals.services import doorbell, locks
from approvals.services.attachments import places
from approvals.services.ends import cancel
from approvals.services.execution import schedule
from approvals.services.intake import backlog, clients, parents, proxy_agents
from approvals.services.intake.drafts import Draft, compose, name_requesters, told
from approvals.services.intake.results import Asked, Line, Preview, ProposalResult
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.payloads import ends, revisions
from approvals.services.payloads.proposal import Proposal, check
from approvals.services.plans import due_times, stages
from approvals.services.policy import evaluate
from approvals.services.safety import halt_gate
from approvals.states import GRANTED, OPEN, ActionState, Mode, StageState
from policies import unit, writes
from policies.compiled import Among, Compiled, Slot
from policies.db import service
from policies.errors import Refused

MAX_AT_ONCE = 100
_AGENT = Slot("agent", BigIntegerField())


def _kind() -> QuerySet[ActionType]:
    used = Action.objects.filter(Among("idempotency_key", "keys", CharField()), agent=_AGENT)
    kinds = ActionType.objects.filter(name=Slot("name", CharField()))
    return kinds.annotate(halt_id=halts.of_kind(_AGENT), has_used_keys=Exists(used)).order_by()


_KIND: Compiled[ActionType] = Compiled(_kind)


def propose(*, actor: Actor, at: datetime, proposal: Proposal) -> ProposalResult:
    """Take one proposal in, as a batch of one.

    :raises ScopeMissing: the key may not propose this type.
    :raises NotAllowed: only a person starts this type.
    :raises UnknownType: there is no active type of this name.
    :raises Halted: the type, its desk, its connector, the agent or everything is halted.
    :raises SchemaFault: the payload does not have the type's form.
    :raises Malformed: a value is outside its range.
    :raises KeyReused: the key was used with another body.
    :raises Backlogged: as many actions of the agent or at the desk wait as may.
    """
    result = propose_many(actor=actor, at=at, proposals=[proposal])[0]
    if result.refusal is not None:
        raise result.refusal
    return result


def propose_many(*, actor: Actor, at: datetime, proposals: Sequence[Proposal]) -> list[ProposalResult]:
    """Take up to 100 proposals in, in one transaction; a faulty one is refused alone, in its place in the answer.

    :raises ValueError: there are more than 100; send them in chunks.
    """
    if len(proposals) > MAX_AT_ONCE:
        raise ValueError(f"There are {len(proposals)} proposals in this request. Send at most {MAX_AT_ONCE}.")
    are_new = True
    while True:
        try:
            return take_in(actor=actor, at=at, proposals=proposals, are_new=are_new)
        except IntegrityError:
            if not are_new:
                raise
            # A rival with one of the keys was first, so each key is looked for now.
            are_new = False


@service
def take_in(*, actor: Actor, at: datetime, proposals: Sequence[Proposal], are_new: bool) -> list[ProposalResult]:
    """Take proposals in; ``are_new`` trusts that a key which is not found is new, and saves a round trip.

    :raises IntegrityError: a rival used one of the keys meanwhile.
    """
    actor = proxy_agents.proposing(actor, at)
    kinds = {kind.name: kind for kind in _kinds(proposals, actor.agent)}
    halted = halt_gate.refusals({kind.pk: vars(kind)["halt_id"] for kind in kinds.values()})
    books = clients.read(proposals, kinds.values(), actor.agent)
    files = places.held(actor, chain.from_iterable(item.attachments for item in proposals))
    asked = Asked(halted, books, files)
    lines = [_line(actor, at, item, kinds.get(item.action_type), asked) for item in proposals]
    orphans = parents.place([line.draft.action for line in lines if line.draft])
    lines = [_within(line, orphans) for line in lines]
    over = backlog.refusals(actor, [line.draft.action for line in lines if line.draft], at)
    lines = [_within(line, over) for line in lines]
    fresh = [line.draft for line in lines if line.draft]
    name_requesters([draft.action for draft in fresh])
    due_times.warn_at_intake([draft.action for draft in fresh], at)
    differ = len({item.idempotency_key for item in proposals}) == len(proposals)
    are_new = are_new and differ and not any(vars(kind)["has_used_keys"] for kind in kinds.values())
    kept = _keep(actor, at, fresh, proposals, are_new=are_new)
    return [_result(line, kept) for line in lines]


def preview(*, actor: Actor, at: datetime, proposal: Proposal) -> Preview:
    """Say what policy would say of a proposal now; a step that stores nothing.

    :raises ScopeMissing: the key may not propose this type.
    :raises UnknownType: there is no active type of this name.
    :raises SchemaFault: the payload does not have the type's form.
    :raises Malformed: a value is outside its range.
    """
    # What policy would say does not depend on what is halted now.
    kinds = ActionType.objects.select_related("desk__calendar")
    kind = kinds.filter(name=proposal.action_type).first()
    books = clients.read([proposal], [kind] if kind else [], actor.agent)
    files = places.held(actor, proposal.attachments, is_kept=False)
    draft = _draft(actor, at, proposal, kind, Asked({}, books, files))
    action = draft.action
    parents.place_one(action)
    action.desk = action.action_type.desk
    evaluate.update_worth(action, at)
    evaluation, flags = evaluate.evaluate_for_agent(action, draft.revision.payload, at)
    return Preview(action, evaluation, action.missing, flags)


@service
def withdraw(*, actor: Actor, at: datetime, action_id: uuid.UUID, reason: str) -> Action:
    """Take an action back, by its agent, before anything was sent.

    :raises NotFound: it is not this agent's.
    :raises WrongState: it is decided against, is carried out, or was.
    """
    return withdraw_step(actor=actor, at=at, action_id=action_id, reason=reason)


def withdraw_step(*, actor: Actor, at: datetime, action_id: uuid.UUID, reason: str) -> Action:
    """The same within another service's transaction, with the same refusals.

    :raises WrongState: it is decided against, or was carried out.
    """
    action = locks.own_action(actor, action_id)
    before = action.state
    if before not in OPEN | GRANTED:
        raise cancel.instead(action) or WrongState(
            "You can no longer withdraw this action. Its state is “{state}”.",
            said={"state": ActionState(before)},
            state=before,
        )
    fact = Event(actor, at, "action.withdrawn", reason[:500])
    if before in GRANTED:
        schedule.cancel(action, fact)
    stages.close(action, fact, StageState.SUPERSEDED)
    action.withdraw()
    action.decided_at = action.decided_at or at
    entries.record_transition(action, fact, state_from=before)
    return action


def _kinds(proposals: Sequence[Proposal], agent: Agent | None) -> Iterable[ActionType]:
    """The types, each with what halts it for this agent and whether it used a key; the query for one is compiled."""
    names, keys = {item.action_type for item in proposals}, [item.idempotency_key for item in proposals]
    if len(names) == 1 and agent is not None:
        return _KIND.all(name=next(iter(names)), agent=agent.pk, keys=keys)
    used = Action.objects.filter(agent=agent, idempotency_key__in=keys)
    kinds = ActionType.objects.filter(name__in=names)
    return kinds.annotate(halt_id=halts.of_kind(agent and agent.pk), has_used_keys=Exists(used))


def _line(actor: Actor, at: datetime, item: Proposal, kind: ActionType | None, asked: Asked) -> Line:
    try:
        return Line(item, draft=_draft(actor, at, item, kind, asked))
    except Refused as refusal:
        return Line(item, refusal=refusal)


def _within(line: Line, over: Mapping[str, Refused]) -> Line:
    """The line without its draft where it may not have its parent, or a limit leaves no room for it."""
    refusal = over.get(line.item.idempotency_key) if line.draft else None
    return Line(line.item, refusal=refusal) if refusal else line


def _draft(actor: Actor, at: datetime, item: Proposal, kind: ActionType | None, asked: Asked) -> Draft:
    if kind is None or not kind.is_active or clients.is_strange(kind, actor.agent):
        raise UnknownType(action_type=item.action_type)
    if not actor.scopes & {"propose:*", f"propose:{kind.name}"}:
        raise ScopeMissing(
            "This key cannot propose “{name}”. Use a key with the propose:{name} scope.",
            said={"name": kind.name},
            scope=f"propose:{kind.name}",
        )
    if actor.person is None and actor.agent is not None and actor.agent.mode_for(kind) == Mode.IN_COMMAND:
        raise NotAllowed(
            "API keys cannot propose “{name}”. A person must start the action in the admin.", said={"name": kind.name}
        )
    if kind.pk in asked.halted:
        raise asked.halted[kind.pk]
    check(item, at)
    ends.check(kind, item.until, at)
    revisions.check_schema(kind, item.payload)
    said = places.Named(item.attachments, item.evidence)
    places.check_evidence(said, item.payload)
    client = clients.of(item, kind, actor.agent, asked.clients)
    return compose(actor, at, item, kind, client=client, files=places.chosen(kind, said, asked.files))


def _insert(drafts: Sequence[Draft], *, are_new: bool) -> Sequence[Draft]:
    """Insert the actions; return the drafts of those that are there by it, which only new ones are without a look."""
    if are_new:
        for draft in drafts:
            unit.insert(draft.action)
        return drafts
    written = writes.insert([draft.action for draft in drafts], pass_over=True)
    return [draft for draft in drafts if draft.action.pk in written]


def _keep(
    actor: Actor, at: datetime, drafts: Sequence[Draft], proposals: Sequence[Proposal], *, are_new: bool
) -> dict[str, Action]:
    """Insert what is new and return the action that each key names now.

    The insert comes before the look: a rival with the same key makes it wait, and the look then finds the winner.
    """
    won = _insert(drafts, are_new=are_new)
    keys = {item.idempotency_key for item in proposals} - {draft.action.idempotency_key for draft in won}
    before = Action.objects.filter(agent=actor.agent, idempotency_key__in=keys) if keys else ()
    kept = {action.idempotency_key: action for action in (*before, *(draft.action for draft in won))}
    if won:
        for draft in won:
            unit.insert(draft.revision)
            unit.insert(draft.text)
            places.keep(draft.places, at)
        about = {draft.action.pk: told(draft) for draft in won}
        entries.record_created([draft.action for draft in won], Event(actor, at, "action.proposed"), about)
        doorbell.ring(doorbell.ROUTE)
        if any(draft.action.next_lookup_at for draft in won):
            doorbell.ring(doorbell.CHECK)
    return kept


def _result(line: Line, kept: dict[str, Action]) -> ProposalResult:
    action = kept.get(line.item.idempotency_key)
    if action is None:
        return ProposalResult(refusal=line.refusal or KeyReused())
    if action.request_digest != line.item.request_digest:
        return ProposalResult(refusal=line.refusal or KeyReused(action=str(action.pk)))
    return ProposalResult(action, is_replay=line.draft is None or line.draft.action.pk != action.pk)
