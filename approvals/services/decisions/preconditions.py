"""What every decision has in common: the click, what is asked of it, and how it is written down. Steps."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.authority import powers
from approvals.authority.powers import Authority
from approvals.errors import (
    AlreadyDecided,
    BlockedByPolicy,
    DelegationRefused,
    Expired,
    Malformed,
    NotAllowed,
    NotAsked,
    NotYourDesk,
    RationaleMissing,
    Refused,
    StaleRevision,
    StaleTarget,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, BreakGlass, BreakGlassUse, Decision, Stage, Text
from approvals.models.break_glass import HOLDING
from approvals.queries.record import stages
from approvals.services import locks
from approvals.services.decisions import claims
from approvals.services.execution import schedule
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.plans import quorum
from approvals.services.plans import stages as plan_stages
from approvals.services.policy import evaluate, overrides
from approvals.services.safety import halt_gate
from approvals.states import GRANTS, ActionState, DecisionSource, DecisionType, Tier
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route

MAX_RATIONALE = 5_000
MAX_CODE = 40


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """One attempt to decide: by whom, when, on what was seen, and why.

    ``target`` is the digest of how it would be carried out; only what lets nothing run may leave it out.
    """

    actor: Actor
    at: datetime
    verdict: DecisionType
    revision: int
    digest: str
    rationale: str
    reason_code: str
    target: str | None = None

    def __post_init__(self) -> None:
        if len(self.reason_code) > MAX_CODE or not self.reason_code.isprintable():
            raise Malformed(
                "Use plain text of at most {most} characters for the reason code.",
                said={"most": MAX_CODE},
                field="reason_code",
            )


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """A locked action with its open stage, the power that decides, its words, and the stages that wait."""

    action: Action
    stage: Stage
    power: Authority
    words: Text | None = None
    waiting: list[Stage] = field(default_factory=list)


def check(click: DecisionRequest, action_id: uuid.UUID) -> DecisionContext | Refused:
    """Lock the action and ask everything that stands between this click and its effect; a refusal is recorded.

    :raises NotFound: there is none that this person may see.
    :raises AlreadyDecided: somebody, or policy, was first; says who and when.
    :raises WrongState: it was not routed to a person yet.
    :raises Expired: its time is over, whether or not the sweep has said so already.
    """
    action = locks.action(action_id)
    rows = plan_stages.unfinished(action) if action.state == ActionState.PENDING else []
    stage = rows[0] if rows else None
    try:
        power = powers.authority_of(
            click.actor, action, None if stage is None or stage.is_check else stage, click.verdict
        )
    except (NotYourDesk, NotAsked, DelegationRefused) as refusal:
        return refuse(click, action, refusal)
    if over := powers.lock_delegation(power):
        return refuse(click, action, over)
    if stage is None:
        raise _not_open(action)
    if stage.is_check:
        raise WrongState("An automatic check is running. Try again when it is finished.", state=action.state)
    if plan_stages.is_over(action, click.actor, click.at, stage):
        raise Expired()
    case = DecisionContext(action, stage, power, texts.worded(action, click.rationale), rows[1:])
    against = refusal_for(click, case)
    return refuse(click, action, against) if against else case


def refusal_for(click: DecisionRequest, case: DecisionContext) -> Refused | None:
    """Why this click does not count, or None; asked inside the lock."""
    # Escalating asks for more, never for less, so a junior may always do it.
    tier = Tier.JUNIOR if click.verdict == DecisionType.ESCALATE else case.stage.tier
    return (
        powers.refusal_for(click.actor, case.action, case.power, tier, click.verdict)
        or _stale(click, case.action)
        or _halted(click, case.action)
        or claims.objection(case.action, case.power.person)
        or _changed_form(click, case.action)
        or _changed_target(click, case.action)
        or _changed_evaluation(click, case)
        or rationale_error(click, case)
        or _twice(click, case)
    )


def refuse(click: DecisionRequest, action: Action, refusal: Refused) -> Refused:
    """Record a refused click, so that the record keeps who tried; the service returns it."""
    data = {"code": refusal.code, "verdict": str(click.verdict), "revision": click.revision}
    entries.record_event(action, Event(click.actor, click.at, "decision.refused", refusal.message, data))
    return refusal


def record_decision(
    click: DecisionRequest,
    case: DecisionContext,
    entry_id: uuid.UUID,
    *,
    is_final: bool,
    round_number: int | None = None,
) -> Decision:
    """Write the decision down with its words, bound to the revision and digest that were seen."""
    if case.words is not None:
        case.words.save(force_insert=True)
    decision = Decision.objects.create(
        action=case.action,
        round=round_number or case.action.round,
        stage=case.stage,
        revision=case.action.revision,
        digest=case.action.revision.digest,
        target_digest=(click.target or "") if click.verdict in GRANTS else "",
        evaluation=case.action.evaluation,
        verdict=click.verdict,
        source=DecisionSource.PERSON,
        person=click.actor.person,
        delegator=case.power.delegator,
        tier=case.power.tier,
        door=click.actor.door,
        is_final=is_final,
        is_exception=_is_exception(click, case),
        reason_code=click.reason_code,
        rationale=case.words,
        at=click.at,
        entry_id=entry_id,
    )
    if case.power.break_glass is not None:
        _keep_use(click, case.action, case.power.break_glass, decision)
    if not is_final and click.verdict is not DecisionType.UNDO:
        claims.settle(case.action, case.power.person)
    return decision


def event_of(click: DecisionRequest, case: DecisionContext, event: str, said: str) -> Event:
    """What the history and the ledger say of this decision; of the rationale, which can be erased, its digest."""
    stage = case.stage
    as_whom = "as the assigned reviewer" if stage.asks_somebody else f"as {Tier(case.power.tier).label} at {stage.desk}"
    for_whom = f", on behalf of {case.power.delegator}" if case.power.delegator else ""
    under = ", with break-glass access" if case.power.break_glass else ""
    reason = f"{said} revision {case.action.revision.number} {as_whom}{for_whom}{under}"
    data: dict[str, Any] = {"revision": case.action.revision.number, "digest": case.action.revision.digest}
    data["evaluation"] = case.action.evaluation.digest if case.action.evaluation else None
    data["rationale"] = case.words.digest if case.words else None
    if case.power.delegator is not None:
        data["for"] = f"person:{case.power.delegator.pk}"
    if case.waiting or stage.number > 1:
        data["stage"] = stage.number
    return Event(click.actor, click.at, event, f"{reason} ({click.reason_code})" if click.reason_code else reason, data)


def _is_exception(click: DecisionRequest, case: DecisionContext) -> bool:
    """Whether a firm of one, an emergency, or somebody who reopened what policy had blocked made this possible."""
    is_override = case.action.overrides_id is not None and click.verdict in GRANTS
    is_solo = any(powers.is_exception(each, case.action) for each in case.power.people)
    return is_override or is_solo or case.power.break_glass is not None


def _keep_use(click: DecisionRequest, action: Action, glass: BreakGlass, decision: Decision) -> None:
    """What was decided by the power of an emergency is on its record, and nothing is once it is over."""
    held = BreakGlass.objects.select_for_update().filter(HOLDING, pk=glass.pk)
    if not held.values_list("pk", flat=True).first():
        raise NotAllowed("Your break-glass access has ended.")
    BreakGlassUse.objects.create(break_glass=glass, decision=decision)
    data = {"row": str(glass.pk), "decision": str(decision.pk), "verdict": str(click.verdict)}
    entries.record_event(
        action, Event(click.actor, click.at, "break_glass.used", "Decided with break-glass access", data)
    )


def _not_open(action: Action) -> Refused:
    final = action.decisions.filter(is_final=True).order_by("-at").select_related("person").first()
    if final is None:
        return WrongState(
            "The action is {state}, so you cannot decide it.",
            said={"state": action.get_state_display().lower()},
            state=action.state,
        )
    by = final.by
    said = {"by": by, "verdict": final.get_verdict_display().lower(), "at": final.at}
    message = _("{by} already {verdict} this on {at:%Y-%m-%d at %H:%M} UTC.")
    return AlreadyDecided(message, said=said, by=by, at=final.at.isoformat(), verdict=final.verdict, state=action.state)


def _stale(click: DecisionRequest, action: Action) -> Refused | None:
    if (click.revision, click.digest) == (action.revision.number, action.revision.digest):
        return None
    return StaleRevision(revision=action.revision.number, digest=action.revision.digest)


def _halted(click: DecisionRequest, action: Action) -> Refused | None:
    """Under a halt nothing is granted; to refuse it, to ask for more and to call it back stay possible."""
    return halt_gate.refusal_for(action) if click.verdict in GRANTS else None


def rationale_error(click: DecisionRequest, case: DecisionContext) -> Refused | None:
    """Why the click needs more words, or fewer; None when it has what policy wants."""
    if len(click.rationale) > MAX_RATIONALE:
        return RationaleMissing(
            "The rationale is longer than {most} characters. Shorten it.", said={"most": MAX_RATIONALE}
        )
    is_needed = _wanted_words(case.action) and click.verdict != DecisionType.ESCALATE
    return RationaleMissing() if is_needed and not click.rationale.strip() else None


def _twice(click: DecisionRequest, case: DecisionContext) -> Refused | None:
    """Nobody counts twice: not within a stage, nor in two stages, unless the later one names exactly this person."""
    people, action, stage = case.power.people, case.action, case.stage
    if click.verdict != DecisionType.APPROVE:
        return None
    if stage.quorum > 1 and quorum.has_approved(people, action, stage):
        return _already(case, *_TWICE)
    # Only the one whom the stage names may have approved before, and not whoever decides for that one.
    others = [person for person in people if not (stage.asks_somebody and person.pk == stage.person_id)]
    if others and quorum.has_approved_elsewhere(others, action, stage):
        return _already(case, *_EARLIER)
    return None


_TWICE = (
    _("You already approved this. Another person must give the next approval."),
    _(
        "You or {lender} already approved this, and a delegation makes you count as one person. Another person must "
        "approve."
    ),
)
_EARLIER = (
    _("You approved an earlier stage. Another person must decide this stage."),
    _(
        "You or {lender} approved an earlier stage, and a delegation makes you count as one person. Another person "
        "must decide."
    ),
)


def _already(case: DecisionContext, alone: str, together: str) -> NotAllowed:
    lender = case.power.delegator
    return NotAllowed(together, said={"lender": lender}) if lender else NotAllowed(alone)


def _changed_form(click: DecisionRequest, action: Action) -> Refused | None:
    """An approval of a form that the type no longer has could never run."""
    if click.verdict != DecisionType.APPROVE or action.revision.type_version == action.action_type.version:
        return None
    return WrongState("The schema of this action type has changed. Modify or reject the action.", state=action.state)


def _changed_target(click: DecisionRequest, action: Action) -> Refused | None:
    """What was seen of where it goes and by whom must still be so; what lets it run has to name it."""
    now = schedule.target_digest(action.action_type)
    if click.target == now or (click.target is None and click.verdict not in GRANTS):
        return None
    return StaleTarget(target_digest=now)


def _changed_evaluation(click: DecisionRequest, case: DecisionContext) -> Refused | None:
    """Rule again on what is approved, by policy, catalog and facts as they are now; the stricter evaluation wins."""
    action, stage = case.action, case.stage
    if click.verdict != DecisionType.APPROVE:
        return None
    evaluation, flags = evaluate.evaluate_revision(action, action.revision.payload, click.at)
    steps = plan_stages.missing_steps(evaluation, current_plan(case))
    is_stricter = bool(steps) or _wants_words(evaluation) > _wanted_words(action)
    is_blocked = evaluation.outcome is Route.BLOCK and not overrides.covers(action, evaluation)
    if not is_blocked and not is_stricter:
        return None
    evaluate.record(action, evaluation, flags, action.revision.number, click.at)
    if is_blocked:
        return BlockedByPolicy("Policy now blocks this action. Reject it.", rules=_rules(action))
    change = Event(
        click.actor,
        click.at,
        "action.rerouted",
        "Reevaluated; policy now requires more than when the action was routed",
    )
    case.waiting.extend(plan_stages.extend(action, [stage, *case.waiting], steps, change))
    entries.record_event(action, change, is_changed=True)
    if case.power.tier < stage.tier:
        return TierTooLow("This action now needs a senior reviewer. Escalate it.")
    # The bar that was raised holds for the door, too: a token never decides what seniors are asked.
    return powers.limit(click.actor, action, case.power, stage.tier)


def current_plan(case: DecisionContext) -> list[Stage]:
    """The plan of the round as it stands, read only where it can have more stages than the open one and those after."""
    rows = [case.stage, *case.waiting]
    is_whole = case.stage.number == 1
    return rows if is_whole else stages.as_it_stands(Stage.objects.filter(action=case.action), case.action.round)


def _wants_words(evaluation: Evaluation) -> bool:
    return evaluation.requires_rationale and evaluation.outcome is not Route.AUTO


def _wanted_words(action: Action) -> bool:
    return action.evaluation is not None and bool(action.evaluation.content["requires_rationale"])


def _rules(action: Action) -> list[str]:
    return list(action.evaluation.rules) if action.evaluation else []
