"""What an execution rests on: decisions that were signed here, and enough of them. Questions, asked before an effect.

    who granted it      what has to hold
 1  any                 one final decision of its round is authentic, and names its revision, digest and target
 2  policy              its evaluation is as it was signed, and lets the action run automatically
 3  a standing rule     nothing more: the rule is signed with the decision
 4  people or a check   each stage of the plan that asks people has its quorum of authentic approvals
 5  any                 its action type and its agent are as HITL saved them

Whoever can only write to the database can make none of these.
"""

from collections.abc import Iterator, Sequence

from approvals.models import Decision, Execution, Stage
from approvals.queries.record import authenticity, digests
from approvals.queries.record.plans import plan_of
from approvals.services.execution.attempts import LockedExecution
from approvals.services.plans import stage_rows
from approvals.states import DecisionSource, DecisionType, StageState
from policies.engine.values.vocabulary import Route

UNSIGNED = "a decision that it rests on was not made by HITL"
UNFOUNDED = "no decision grants what would be executed"
UNFINISHED = "a stage of its plan does not have the approvals that it needs"
FORGED = "its action type or agent was changed outside HITL"
_BY_PEOPLE = (DecisionSource.PERSON, DecisionSource.CHECK)


def fault(held: LockedExecution) -> str:
    """Why the decisions do not let it run, or nothing."""
    return next(_faults(held), "")


def _faults(held: LockedExecution) -> Iterator[str]:
    decisions, execution = held.grants, held.execution
    if not all(authenticity.is_authentic(each) for each in decisions):
        yield UNSIGNED
    final = next((each for each in decisions if each.is_final), None)
    if final is None or not _covers(final, execution) or not _is_evaluated(final):
        yield UNFOUNDED
    elif final.source in _BY_PEOPLE and not _is_plan_done(held, decisions, final):
        yield UNFINISHED
    if not held.action.action_type.is_sealed or not held.action.agent.is_sealed:
        yield FORGED


def _covers(final: Decision, execution: Execution) -> bool:
    granted = (final.revision_id, final.digest, final.target_digest, final.round)
    return granted == (execution.revision_id, execution.digest, execution.target_digest, execution.round)


def _is_evaluated(final: Decision) -> bool:
    evaluation = final.evaluation
    if evaluation is None:
        return final.source != DecisionSource.POLICY
    is_automatic = final.source != DecisionSource.POLICY or evaluation.content["outcome"] == Route.AUTO
    return digests.is_whole(evaluation) and is_automatic


def _is_plan_done(held: LockedExecution, decisions: Sequence[Decision], final: Decision) -> bool:
    plan = plan_of(held.action, held.stages, held.execution.round)
    if final.stage_id not in {stage.pk for stage in plan}:
        return False
    refused = {stage.name for stage in plan if stage.is_check and stage.state == StageState.REFUSED}
    # A stage that stood in for a check is not asked again where that check has passed since.
    asked = [stage for stage in plan if not stage.is_check and stage_rows.stands_for(stage) in {None, *refused}]
    return all(_is_met(stage, decisions) for stage in asked)


def _is_met(stage: Stage, decisions: Sequence[Decision]) -> bool:
    # By the step, too: a copy of a stage cannot ask fewer people than policy does.
    quorum = max(stage.quorum, int(stage.written.get("quorum") or 1))
    given = [each for each in decisions if each.stage_id == stage.pk and each.person_id is not None]
    if quorum > 1:
        # An edit never counts towards a quorum above one.
        given = [each for each in given if each.verdict == DecisionType.APPROVE]
    return stage.state == StageState.SATISFIED and _people(given) >= quorum


def _people(given: Sequence[Decision]) -> int:
    """How many approved, where whoever decides for another and that other are one."""
    ones: list[set[int]] = []
    for each in given:
        mine = {person for person in (each.person_id, each.delegator_id) if person is not None}
        tied = [one for one in ones if one & mine]
        ones = [one for one in ones if not one & mine] + [mine.union(*tied)]
    return len(ones)
