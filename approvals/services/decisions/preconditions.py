"""What stands between a request to decide and its effect, asked inside the action's lock, as it is at that moment."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext_noop as _

from approvals.authority import conflicts, daily, delegations, permissions, powers
from approvals.authority.limits import Authority
from approvals.errors import (
    AlreadyDecided,
    DelegationRefused,
    Expired,
    NotAllowed,
    NotAsked,
    NotYourDesk,
    RationaleMissing,
    SelfApproval,
    StaleRevision,
    StaleTarget,
    WrongState,
)
from approvals.models import Action, ActionType, Decision, Person, Stage
from approvals.models.recorded import Recorded
from approvals.queries.insight import reason_codes
from approvals.queries.record.related import twins
from approvals.services import locks
from approvals.services.catalog import proposed_changes
from approvals.services.decisions import claims, record, reevaluate
from approvals.services.decisions.context import DecisionContext, DecisionRequest
from approvals.services.decisions.reevaluate import Reevaluation
from approvals.services.execution import obstacles, schedule
from approvals.services.ledger import texts
from approvals.services.plans import quorum, stages
from approvals.services.policy import evaluate
from approvals.services.safety import halt_gate
from approvals.states import GRANTS, ActionState, DecisionType, RejectNeeds, Tier
from policies.errors import Refused

MAX_RATIONALE = 5_000
FORGED = _("The {row} was changed outside HITL. Ask an administrator to check its history and save it again.")


def check(request: DecisionRequest, action_id: uuid.UUID) -> DecisionContext:
    """Lock the action and ask everything that stands between this request and its effect. A step.

    :raises NotFound: there is none that this person may see.
    :raises AlreadyDecided: somebody, or policy, was first; says who and when.
    :raises WrongState: it was not routed to a person yet.
    :raises Expired: its time is over, whether or not the sweep has said so already.
    :raises Refused: the request does not count; this is recorded.
    """
    action = locks.action(action_id, request.actor)
    # Ceilings and policy are asked of what it says and is worth today, and not when it was proposed.
    evaluate.update_amount(action)
    evaluate.update_worth(action, request.at)
    rows = stages.unfinished(action) if action.state == ActionState.PENDING else []
    stage = rows[0] if rows else None
    asking = None if stage is None or stage.is_check else stage
    try:
        power = powers.hold(request.actor, action, asking, request.verdict)
        if power.needs_lock:
            locks.forget_moment(action)
        if request.verdict in GRANTS and not daily.lock_for(power):
            power = powers.hold(request.actor, action, asking, request.verdict)
    except (NotYourDesk, NotAsked, DelegationRefused) as foreign:
        raise record.refused(request, action, foreign) from None
    if stage is None:
        raise not_open(action)
    if stage.is_check:
        raise WrongState("An automatic check is running. Try again after the check finishes.", state=action.state)
    if stages.is_over(action, request.actor, request.at, stage):
        raise Expired()
    case = DecisionContext(request, action, stage, power, texts.worded(action, request.rationale), rows[1:])
    if refusal := _refusal(case):
        raise record.refused(request, action, refusal)
    return case


def _refusal(case: DecisionContext) -> Refused | None:
    """Why this request does not count, or None; then what policy adds by now is taken up. A step."""
    if refusal := refusal_for(case):
        return refusal
    # Everything that is asked before costs less than evaluating again.
    now = reevaluate.look_for(case)
    if refusal := refusal_under(case, now):
        return reevaluate.kept_after(refusal, case, now)
    reevaluate.take_up(case, now)
    return None


def refusal_for(case: DecisionContext) -> Refused | None:
    """Why this request does not count as policy stood, or None. The first that applies is told, in this order:

    1. who decides (self-approval, tier, ceiling, token, a change of their own authority): whoever may not decide
       learns nothing further; then whether what gives them authority, and what is granted, is as HITL saved it;
    2. what was seen (revision and digest): all that follows is asked of the payload as it is now;
    3. a halt: nothing is granted under it, whatever else holds;
    4. a colleague's claim: it passes by itself, so it comes before what needs work;
    5. what lets nothing run, then the target: an approval of what has changed could never run.
    """
    request, action = case.request, case.action
    # Escalating asks for more, never for less, so a junior may always do it.
    tier = Tier.JUNIOR if request.verdict == DecisionType.ESCALATE else case.stage.tier
    return (
        permissions.refusal_for(action, case.power, tier, request.verdict)
        or _own_authority(case)
        or _forged(case)
        or _stale(request, action)
        or _halted(request, action)
        or claims.objection(action, case.power.person)
        or obstacles.refusal_for(action, request.verdict)
        or _changed_target(request, action)
    )


def _forged(case: DecisionContext) -> Refused | None:
    """Why nothing is granted by rows that somebody wrote to the database past HITL, or None."""
    if case.request.verdict not in GRANTS:
        return None
    action, power = case.action, case.power
    rows: tuple[Recorded | None, ...] = (action.action_type, action.agent, action.desk, power.person, power.delegator)
    rows = (*rows, power.member, power.lent, power.break_glass)
    forged = next((row for row in rows if row is not None and not row.is_sealed), None)
    return NotAllowed(FORGED, said={"row": forged._meta.verbose_name}) if forged is not None else None


def refusal_under(case: DecisionContext, now: Reevaluation | None) -> Refused | None:
    """Why policy as it is now does not let this request count, or None. In this order, after `refusal_for`:

    1. what policy blocks or adds by now: it decides what the next two ask;
    2. the rationale: by the evaluation in force and by the one that is kept;
    3. whether this person counted before: only where everything else lets them approve.
    """
    return (
        (reevaluate.refusal_for(case, now) if now is not None else None)
        or rationale_error(case, is_wanted=now is not None and now.wants_rationale)
        or twice(case.action, case.stage, case.power, case.request.verdict)
    )


def objection_to_approve(case: DecisionContext) -> Refused | None:
    """Why nobody's words help this person to approve the action as it stands, where their authority would; or None."""
    if refusal := _own_authority(case) or obstacles.refusal_for(case.action, DecisionType.APPROVE):
        return refusal
    now = reevaluate.look_for(case)
    against = reevaluate.refusal_for(case, now) if now is not None else None
    return against or twice(case.action, case.stage, case.power, DecisionType.APPROVE)


def objection_to_modify(kind: ActionType) -> Refused | None:
    """Why an action of this type is not corrected, or None."""
    if not kind.schema.get("readOnly"):
        return None
    return NotAllowed(
        "Actions of type “{title}” cannot be edited. Approve this action as requested, or reject it and explain "
        "what should change.",
        said={"title": kind.title},
    )


def objection_to_escalate(action: Action, stage: Stage, person: Person) -> Refused | None:
    """Why this person asks no senior about an action at this stage, or None."""
    if stage.tier >= Tier.SENIOR and not stage.asks_somebody:
        return WrongState(
            "Senior reviewers already have this action. Approve, modify, or reject it.", state=action.state
        )
    if stage.asks_somebody and not conflicts.is_eligible(person, action):
        return SelfApproval("You requested this action or own its agent, so you cannot choose who decides.")
    return None


def rationale_error(case: DecisionContext, *, is_wanted: bool = False) -> Refused | None:
    """Why the request needs more words, or fewer; None when it has what policy wants."""
    request, evaluation = case.request, case.action.evaluation
    if len(request.rationale) > MAX_RATIONALE:
        return _too_long()
    is_needed = is_wanted or (evaluation is not None and evaluation.content["requires_rationale"])
    is_silent = not request.rationale.strip()
    if request.verdict == DecisionType.REJECT and (missing := _missing_to_reject(case, is_silent=is_silent)):
        return missing
    return RationaleMissing() if is_needed and is_silent and request.verdict != DecisionType.ESCALATE else None


def _missing_to_reject(case: DecisionContext, *, is_silent: bool) -> RationaleMissing | None:
    """Why an action of this type is not rejected with so little said, or None."""
    action, code = case.action, case.request.reason_code
    kind, evaluation = action.action_type, action.evaluation
    if kind.reject_needs == RejectNeeds.REASON and is_silent:
        return RationaleMissing("Rejecting an action of this type needs a reason. Enter one.")
    content = evaluation.content if evaluation is not None else None
    if kind.reject_needs != RejectNeeds.CODE or reason_codes.suffices_to_reject(kind, content, code):
        return None
    if code != reason_codes.DUPLICATE or not twins.alike(action).exists():
        return RationaleMissing("Rejecting an action of this type needs a predefined reason. Choose one.")
    return None


def undo_wants_reason(action: Action, people: Collection[Person]) -> bool:
    """Whether others approved what these people would undo, and none of these did; policy alone asks for no reason."""
    given = Decision.objects.filter(action=action, round=action.round, verdict__in=GRANTS, person__isnull=False)
    approvers = {each for pair in given.values_list("person", "delegator") for each in pair}
    return bool(approvers) and approvers.isdisjoint(person.pk for person in people)


def undo_error(action: Action, people: Collection[Person], rationale: str) -> RationaleMissing | None:
    """Why the undo needs more words, or fewer; None when it has what it needs."""
    if len(rationale) > MAX_RATIONALE:
        return _too_long()
    if rationale.strip() or not undo_wants_reason(action, people):
        return None
    return RationaleMissing("A colleague approved this action. Enter a reason to undo the approval.")


def _too_long() -> RationaleMissing:
    return RationaleMissing("The rationale is longer than {most} characters. Shorten it.", said={"most": MAX_RATIONALE})


def not_open(action: Action) -> Refused:
    """Why an action that does not wait for anybody is not decided; says by whom it was."""
    final = action.decisions.filter(is_final=True).order_by("-at").select_related("person").first()
    if final is None:
        return WrongState(
            "You cannot decide on this action. Its state is “{state}”.",
            said={"state": action.get_state_display().lower()},
            state=action.state,
        )
    by = final.by
    said = {"by": by, "verdict": final.get_verdict_display().lower(), "at": final.at}
    message = _(
        "{by} already {verdict} this action on {at:%Y-%m-%d at %H:%M} UTC. Reload the page to see the decision."
    )
    return AlreadyDecided(message, said=said, by=by, at=final.at.isoformat(), verdict=final.verdict, state=action.state)


def _own_authority(case: DecisionContext) -> Refused | None:
    """Nobody approves a configuration change that gives them authority; in a firm of one it is an exception."""
    if case.request.verdict not in GRANTS or case.action.desk.is_solo:
        return None
    return next(
        (found for each in case.power.people if (found := proposed_changes.refusal_by(case.action, each))), None
    )


def _stale(request: DecisionRequest, action: Action) -> Refused | None:
    if (request.revision, request.digest) == (action.revision.number, action.revision.digest):
        return None
    return StaleRevision(revision=action.revision.number, digest=action.revision.digest)


def changed_since_seen(request: DecisionRequest, action: Action) -> Refused | None:
    """Why what was seen, or how it is carried out, is no longer so, or None."""
    return _stale(request, action) or _changed_target(request, action)


def _halted(request: DecisionRequest, action: Action) -> Refused | None:
    """Under a halt nothing is granted; to refuse it, to ask for more and to call it back stay possible."""
    return halt_gate.refusal_for(action) if request.verdict in GRANTS else None


def _changed_target(request: DecisionRequest, action: Action) -> Refused | None:
    """What was seen of where it goes and by whom must still be so; what lets it run has to name it."""
    now = schedule.target_digest(action.action_type)
    if request.target == now or (request.target is None and request.verdict not in GRANTS):
        return None
    return StaleTarget(target_digest=now)


def twice(action: Action, stage: Stage, power: Authority, verdict: DecisionType) -> Refused | None:
    """Nobody counts twice: not within a stage, nor in two stages, unless the later one names exactly this person.

    A delegation makes two people one, also where each decides with their own authority.
    """
    people = power.people
    if verdict != DecisionType.APPROVE or (stage.quorum <= 1 and stage.number == 1):
        return None
    if stage.quorum > 1 and quorum.has_approved(people, action, stage):
        return _already(power, *_TWICE)
    # Only the one whom the stage names may have approved before, and not whoever decides for that one.
    others = [person for person in people if not (stage.asks_somebody and person.pk == stage.person_id)]
    if others and quorum.has_approved_elsewhere(others, action, stage):
        return _already(power, *_EARLIER)
    if tied := delegations.tie(others, quorum.moments(action), stage.desk_id):
        return NotAllowed(_TWICE[1], said={"lender": tied})
    return None


_TWICE = (
    _("You already approved this action. Another person must give the next approval."),
    _(
        "You or {lender} already approved this action, and you count as one person because of a delegation. Another "
        "person must approve."
    ),
)
_EARLIER = (
    _("You approved an earlier stage. Another person must decide at this stage."),
    _(
        "You and {lender} count as one person because of a delegation, and one of you approved an earlier stage. "
        "Another person must decide at this stage."
    ),
)


_SHARED = _(
    "You and an earlier approver count as one person because of a password that someone else set. Another person "
    "must approve."
)


def _already(power: Authority, alone: str, together: str) -> NotAllowed:
    if len(power.people) > 1 + (power.delegator is not None):
        return NotAllowed(_SHARED)
    return NotAllowed(together, said={"lender": power.delegator}) if power.delegator else NotAllowed(alone)
