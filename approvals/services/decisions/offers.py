"""What a person may do with an action right now, asked by the rules of the decision itself, for who offers it.

Nothing is locked and nothing is written: whoever presses a button is asked again, under the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from approvals.actors import Actor
from approvals.authority import conflicts, permissions, powers
from approvals.authority.limits import Authority
from approvals.errors import Expired, SelfApproval
from approvals.models import Action, Halt, Stage
from approvals.queries.record.plans import plan_of
from approvals.queries.safety import halts
from approvals.services.decisions import claims, preconditions, revise
from approvals.services.decisions.context import DecisionContext, DecisionRequest
from approvals.services.decisions.revise import Foreseen
from approvals.services.execution import obstacles
from approvals.services.plans import stages
from approvals.services.policy import evaluate
from approvals.services.safety import halt_gate
from approvals.states import ActionState, DecisionType, StageState, Tier
from policies.errors import Refused


@dataclass(frozen=True, slots=True)
class Offers:
    """Why each decision is not this person's to take, or None where it is; ``halt`` holds the action back."""

    power: Authority | None = None
    halt: Halt | None = None
    approve: Refused | None = None
    modify: Refused | None = None
    reject: Refused | None = None
    escalate: Refused | None = None
    hand_over: Refused | None = None
    is_open: bool = False

    @property
    def may_approve(self) -> bool:
        """Whether this person may approve the action as it stands; a halt is told apart."""
        return self.is_open and self.approve is None

    @property
    def may_modify(self) -> bool:
        """Whether this person may correct the action."""
        return self.is_open and self.modify is None

    @property
    def may_reject(self) -> bool:
        """Whether this person may reject the action."""
        return self.is_open and self.reject is None

    @property
    def may_escalate(self) -> bool:
        """Whether this person may ask for a senior."""
        return self.is_open and self.escalate is None

    @property
    def may_decide(self) -> bool:
        """Whether this person may settle the action in any way."""
        return self.may_approve or self.may_modify or self.may_reject

    @property
    def may_hand_over(self) -> bool:
        """Whether this person may choose a colleague for the action."""
        return (self.may_decide or self.may_escalate) and self.hand_over is None


def of(actor: Actor, at: datetime, action: Action, plan: Sequence[Stage]) -> Offers:
    """What this person may do with the action as it stands; claims, which pass by themselves, are not asked."""
    rows = [stage for stage in plan if stage.state in (StageState.OPEN, StageState.WAITING)]
    stage = next((each for each in rows if each.state == StageState.OPEN), None)
    if action.state != ActionState.PENDING or stage is None or stage.is_check:
        return Offers()
    if stages.is_over(action, actor, at, stage):
        return Offers(approve=Expired())
    return _Asked(actor, at, action, stage, [each for each in rows if each is not stage]).offers()


def refusal_to_modify(actor: Actor, at: datetime, action: Action, plan: Sequence[Stage]) -> Refused | None:
    """Why this person could not confirm a correction right now, or None."""
    offered = of(actor, at, action, plan)
    if not offered.is_open:
        return offered.approve or preconditions.not_open(action)
    if offered.modify is not None or offered.halt is None:
        return offered.modify or (claims.objection(action, actor.person) if actor.person else None)
    return halt_gate.refusal(offered.halt)


def foresee_edit(
    request: DecisionRequest, action: Action, payload: dict[str, Any], until: datetime | None = None
) -> Foreseen:
    """What policy would say of a correction, to a person who may send it right now; writes nothing.

    :raises Refused: why the correction would be refused, but for a block by policy or a missing rationale.
    """
    # Ceilings are asked of what it is worth today, as the decision asks them.
    evaluate.update_worth(action, request.at)
    refusal = refusal_to_modify(request.actor, request.at, action, plan_of(action))
    if refusal := refusal or preconditions.changed_since_seen(request, action):
        raise refusal
    return revise.foresee(action, payload, request.at, until)


class _Right(NamedTuple):
    """The case of a verdict, and why this person's authority does not suffice for it."""

    case: DecisionContext | None
    refusal: Refused | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks about what: an action whose open stage asks people."""

    actor: Actor
    at: datetime
    action: Action
    stage: Stage
    waiting: list[Stage]

    def offers(self) -> Offers:
        halt = halts.on(self.action)
        case, who = self._right_to(DecisionType.APPROVE)
        approve = who or (preconditions.objection_to_approve(case) if case and halt is None else None)
        # Whoever may approve may reject and correct: these are bounded by less.
        reject = self._right_to(DecisionType.REJECT).refusal if who else None
        modify = (
            reject
            or preconditions.objection_to_modify(self.action.action_type)
            or obstacles.refusal_for(self.action, DecisionType.MODIFY)
        )
        return Offers(
            power=case.power if case else None,
            halt=halt,
            approve=approve,
            modify=modify,
            reject=reject,
            escalate=self._objection_to_escalate(case),
            hand_over=self._objection_to_hand_over(who),
            is_open=True,
        )

    def _right_to(self, verdict: DecisionType) -> _Right:
        """The case of this verdict, and why this person's authority does not suffice for it."""
        revision = self.action.revision
        request = DecisionRequest(self.actor, self.at, verdict, revision.number, revision.digest, "", "")
        try:
            power = powers.authority_of(self.actor, self.action, self.stage, verdict)
        except Refused as refusal:
            return _Right(None, refusal)
        tier = Tier.JUNIOR if verdict == DecisionType.ESCALATE else self.stage.tier
        case = DecisionContext(request, self.action, self.stage, power, None, self.waiting)
        return _Right(case, permissions.refusal_for(self.action, power, tier, verdict))

    def _objection_to_escalate(self, case: DecisionContext | None) -> Refused | None:
        power = case.power if case else None
        if power is None or power.break_glass is not None:
            # People with authority at the desk can escalate what the stage asks others.
            other, refusal = self._right_to(DecisionType.ESCALATE)
            if other is None or refusal:
                return refusal
            power = other.power
        return preconditions.objection_to_escalate(self.action, self.stage, power.person)

    def _objection_to_hand_over(self, who: Refused | None) -> Refused | None:
        person = self.actor.person
        if person is None or not isinstance(who, SelfApproval) or conflicts.is_eligible(person, self.action):
            return None
        return who
