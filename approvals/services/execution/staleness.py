"""What makes an approval stale: something is not as it was decided, or policy asks for more by now. Questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from approvals import conf
from approvals.connectors.registry import faults_of
from approvals.models import Action, Decision
from approvals.queries.record import digests
from approvals.queries.record.plans import plan_of
from approvals.services.execution import grounds, schedule
from approvals.services.execution.attempts import LockedExecution
from approvals.services.plans import matching, stage_rows
from approvals.services.policy import evaluate, overrides, publications
from approvals.states import GRANTED, GRANTS, ExecutionMode, Tier
from approvals.text.money import money
from policies.engine.checks.flag import Flag
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route


@dataclass(frozen=True, slots=True)
class StricterEvaluation:
    """What policy says by now of something granted, and the tier that it asks for."""

    tier: Tier
    evaluation: Evaluation
    flags: Sequence[Flag]
    why: str = ""


def changes(held: LockedExecution, states: frozenset[str] = GRANTED) -> Iterator[str]:
    """Say what is no longer as it was when it was decided; nothing when it may go ahead."""
    action, execution = held.action, held.execution
    kind, revision = action.action_type, execution.revision
    if action.state not in states or execution.round != action.round or revision.pk != action.revision_id:
        yield f"the action is {action.state} in round {action.round}"
    if execution.digest not in {revision.digest} & {digests.digest_now(action, revision)}:
        yield "the stored payload is not the one that was approved"
    if execution.target_digest != schedule.target_digest(kind):
        yield "the connector, its target, or the risk settings of this action type have changed"
    if revision.type_version != kind.version:
        yield f"the schema of {kind.name} has changed"
    if not kind.is_active or not action.agent.is_active:
        yield "the action type or the agent is no longer active"
    if execution.mode == ExecutionMode.CONNECTOR:
        yield from faults_of(execution.connector, kind.target)
    if overtaken := publications.refusal_for(action):
        yield overtaken.message
    if forged := grounds.fault(held):
        yield forged


def stricter(held: LockedExecution, at: datetime, *, has_other_facts: bool = False) -> StricterEvaluation | None:
    """What policy says by now, when it asks for more than those who granted it; None when it may go ahead.

    It is asked where its documents, the worth of the amount or what was looked up are not as they were.
    """
    action = held.action
    documents = evaluate.documents_for(action.action_type)
    ruled = action.evaluation.content["policies"] if action.evaluation else []
    is_worth_as_before = not evaluate.update_worth(action, at)
    is_as_before = is_worth_as_before and not has_other_facts
    if is_as_before and [document.digest for document in documents] == [item["digest"] for item in ruled]:
        return None
    evaluation, flags = evaluate.evaluate_revision(action, action.revision.payload, at, documents=documents)
    had = min((tier or 0 for tier in granted(action, action.round).values_list("tier", flat=True)), default=0)
    is_overridden = overrides.covers(action, evaluation)
    if evaluation.outcome is Route.BLOCK and not is_overridden:
        needed = Tier.SENIOR
    elif evaluation.outcome is Route.AUTO or is_overridden or (evaluation.tier and _is_met(action, evaluation, had)):
        return None
    else:
        needed = stage_rows.TIERS[evaluation.tier] if evaluation.tier else Tier.SENIOR
    why = "" if is_worth_as_before else _other_worth(action)
    return StricterEvaluation(needed, evaluation, flags, why)


def _other_worth(action: Action) -> str:
    base = conf.base_currency()
    if action.amount_base is None:
        return f"there is no current exchange rate from {action.currency} to {base}"
    worth = money(action.amount_base, base)
    return f"the amount is worth {worth} by today's exchange rate, and policy requires more approval for that"


def _is_met(action: Action, evaluation: Evaluation, had: int) -> bool:
    """Whether those who granted it are as many, and of as high a tier, as policy asks for by now; stage by stage."""
    return not matching.missing_steps(evaluation, plan_of(action), had)


def granted(action: Action, round_number: int) -> QuerySet[Decision]:
    """What people decided for the revision as it stands, in whatever stage, last first."""
    given = action.decisions.filter(round=round_number, verdict__in=GRANTS, person__isnull=False)
    return given.filter(digest=action.revision.digest).order_by("-at")
