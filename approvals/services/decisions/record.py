"""Writing decisions down: people's, and those of policy, standing rules, checks and deadlines. Steps."""

import uuid
from typing import Any

from approvals.authority import break_glass, conflicts
from approvals.models import Action, BreakGlassUse, Decision, Execution, Stage
from approvals.queries.record import actions, authenticity
from approvals.services.decisions import claims
from approvals.services.decisions.context import DecisionContext, DecisionRequest
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.states import GRANTS, DecisionSource, DecisionType, Tier
from policies import unit, writes
from policies.errors import Refused


def compose(action: Action, fact: Event, verdict: DecisionType, source: DecisionSource, **more: Any) -> Decision:
    """A decision on the action as it stands, not saved yet; it is final unless ``more`` says otherwise."""
    given = {"round": action.round, "is_final": True} | more
    return writes.made(
        Decision,
        action=action,
        revision=action.revision,
        digest=action.revision.digest,
        evaluation=action.evaluation,
        verdict=verdict,
        source=source,
        door=fact.actor.door,
        at=fact.at,
        **given,
    )


def save(decision: Decision, entry_id: uuid.UUID) -> Decision:
    """Save a decision under the entry that records it, signed, and its words where they are new."""
    words = decision.rationale
    if words is not None and words._state.adding:
        unit.insert(words)
    decision.entry_id = entry_id
    decision.mac = authenticity.mac_of(decision)
    unit.insert(decision)
    return decision


def compose_for_person(case: DecisionContext, fact: Event, **more: Any) -> Decision:
    """A person's decision, bound to the revision and digest that were seen; not saved yet."""
    request, power = case.request, case.power
    given: dict[str, Any] = {
        "stage": case.stage,
        "target_digest": (request.target or "") if request.verdict in GRANTS else "",
        "person": request.actor.person,
        "delegator": power.delegator,
        "tier": power.tier,
        "is_by_member": power.member is not None and power.member.desk_id == case.stage.desk_id,
        "is_exception": _is_exception(case),
        "reason_code": request.reason_code,
        "rationale": case.words,
    }
    return compose(case.action, fact, request.verdict, DecisionSource.PERSON, **(given | more))


def save_for_person(case: DecisionContext, fact: Event, entry_id: uuid.UUID, **more: Any) -> Decision:
    """Save a person's decision; one that is not final lets the item out of their hands."""
    decision = save(compose_for_person(case, fact, **more), entry_id)
    keep_use(case, decision)
    if not decision.is_final and case.request.verdict is not DecisionType.UNDO:
        claims.settle(case.action, case.power.person)
    return decision


def attach_first(decision: Decision, *executions: Execution) -> None:
    """Attach a final decision and its execution to the action, where no earlier decision and no other stage can exist.

    A door then answers without reading them. The caller knows that no stage waits.
    """
    action, stage = decision.action, decision.stage
    before = action.revision.number - (decision.verdict == DecisionType.MODIFY)
    # An undo begins a round, whoever is asked again a stage, an edit leaves a revision, and an escalation its mark.
    if stage is not None and not stage.is_escalated and action.round == before == stage.number == stage.quorum == 1:
        actions.attach_all(action, {Stage: [stage], Decision: [decision], Execution: executions})


def keep_use(case: DecisionContext, decision: Decision) -> None:
    """Put what was decided under break-glass access on the grant's record, if it was.

    :raises NotAllowed: the access is over.
    """
    glass, request = case.power.break_glass, case.request
    if glass is None:
        return
    if ended := break_glass.lock(glass):
        raise ended
    BreakGlassUse.objects.create(break_glass=glass, decision=decision)
    data = {"row": str(glass.pk), "decision": str(decision.pk), "verdict": str(request.verdict)}
    fact = Event(request.actor, request.at, "break_glass.used", "Decided with break-glass access", data)
    entries.record_event(case.action, fact)


def event_of(case: DecisionContext, event: str, said: str) -> Event:
    """What the history and the ledger say of this decision; of the rationale, which can be erased, its digest."""
    request, action, stage, power = case.request, case.action, case.stage, case.power
    # A tier's label is in the reader's language; the record is in English.
    tier = Tier(power.tier).name.capitalize()
    as_whom = "as the assigned reviewer" if stage.asks_somebody else f"as {tier} at {stage.desk}"
    for_whom = f", on behalf of {power.delegator}" if power.delegator else ""
    under = ", with break-glass access" if power.break_glass else ""
    reason = f"{said} revision {action.revision.number} {as_whom}{for_whom}{under}"
    data: dict[str, Any] = {"revision": action.revision.number, "digest": action.revision.digest}
    data["evaluation"] = action.evaluation.digest if action.evaluation else None
    data["rationale"] = case.words.digest if case.words else None
    if power.delegator is not None:
        data["for"] = f"person:{power.delegator.pk}"
    if case.waiting or stage.number > 1:
        data["stage"] = stage.number
    if request.reason_code:
        reason = f"{reason} ({request.reason_code})"
    return Event(request.actor, request.at, event, reason, data)


def refused(request: DecisionRequest, action: Action, refusal: Refused) -> Refused:
    """The refusal, recorded once it is raised, so that the record keeps who tried."""
    data = {"verdict": str(request.verdict), "revision": request.revision}
    return refusals.recorded(refusal, Event(request.actor, request.at, "decision.refused", data=data), action)


def _is_exception(case: DecisionContext) -> bool:
    """Whether a firm of one, an emergency, or somebody who reopened what policy had blocked made this possible."""
    is_override = case.action.overrides_id is not None and case.request.verdict in GRANTS
    is_solo = any(conflicts.is_exception(each, case.action) for each in case.power.people)
    return is_override or is_solo or case.power.break_glass is not None
