"""Stages as rows that are not saved yet: made from a policy's step, or copied to be asked again. Steps.

Whom a stage asks is resolved here, when its round begins; whoever is on duty is resolved again when it opens.
"""

from approvals.authority import conflicts, memberships
from approvals.models import Action, Person, Stage
from approvals.queries.directory import assignee_resolver
from approvals.states import StageKind, StageState, Tier
from approvals.text import normalize
from policies import writes
from policies.engine.document.plan_steps import DEFAULT_STAGES, PlanStep
from policies.engine.values.vocabulary import OnTimeout
from policies.engine.values.vocabulary import Tier as PolicyTier

TIERS = {PolicyTier.JUNIOR: Tier.JUNIOR, PolicyTier.SENIOR: Tier.SENIOR}
DEFAULT_NAMES = frozenset(DEFAULT_STAGES.values())
_POLICY_TIERS = {tier: name for name, tier in TIERS.items()}
_OWNER = "owner"
_STANDS_FOR = "instead_of"


def default_step(tier: Tier, quorum: int) -> PlanStep:
    """The step that asks reviewers of the action's desk, where no plan asks for as much."""
    policy_tier = _POLICY_TIERS[tier]
    return PlanStep(DEFAULT_STAGES[policy_tier], policy_tier, "desk", quorum, 0, OnTimeout.EXPIRE)


def from_step(action: Action, step: PlanStep) -> Stage:
    """A stage as policy wrote it, with whom it asks."""
    stage = writes.made(
        Stage,
        action=action,
        round=action.round,
        name=step.name,
        kind=StageKind(step.kind),
        state=StageState.WAITING,
        tier=TIERS[step.tier],
        desk=action.desk,
        quorum=step.quorum,
        step=step.as_json(),
        on_timeout=step.on_timeout,
    )
    if not stage.is_check:
        _resolve(action, stage, step.who)
    return stage


def stand_in(action: Action, check: Stage, step: PlanStep, note: str) -> Stage:
    """A stage that asks people in place of a check, which it names."""
    stage = from_step(action, step)
    stage.step = {**step.as_json(), _STANDS_FOR: check.name}
    stage.note = note[:200]
    return stage


def is_stand_in(stage: Stage) -> bool:
    """Whether a stage asks people in place of a check; the check is asked again, and never the stage."""
    return _STANDS_FOR in stage.written


def stands_for(stage: Stage) -> str | None:
    """The name of the check in whose place a stage asks people, if it does."""
    name = stage.written.get(_STANDS_FOR)
    return None if name is None else str(name)


def copy_of(action: Action, row: Stage) -> Stage:
    """The same stage, to be asked again: of the same people, and never for less; an owner is that of the subject."""
    copy = writes.made(
        Stage,
        action=action,
        round=action.round,
        name=row.name,
        kind=row.kind,
        state=StageState.WAITING,
        tier=row.tier,
        desk_id=row.desk_id,
        group_id=row.group_id,
        person_id=row.person_id,
        step=row.step,
        note=row.note,
        is_other_desk=row.is_other_desk,
        quorum=row.quorum,
        is_escalated=row.is_escalated,
        on_timeout=row.on_timeout,
    )
    if _asks_owner(row) and not row.is_escalated:
        _resolve(action, copy, _OWNER)
        copy.tier = max(copy.tier, row.tier)
    return copy


def for_others(action: Action, row: Stage, why: str) -> Stage:
    """The same stage for whom its step asks by now, or else for the desk's seniors; ``why`` its people are gone."""
    copy = copy_of(action, row)
    who = str(row.written.get("who", ""))
    found = assignee_resolver.resolve(who, action, lambda person: _may_be_asked(person, action))
    before = (row.desk_id, row.group_id, row.person_id)
    if found.is_fallback or (found.desk.pk, found.group and found.group.pk, found.person and found.person.pk) == before:
        found = assignee_resolver.seniors(action, why.rstrip("."))
    copy.desk, copy.group = found.desk, found.group
    copy.is_other_desk = found.desk.pk != action.desk_id
    _assign(copy, found)
    copy.tier = max(copy.tier, row.tier)
    return copy


def resolve_on_duty(action: Action, stage: Stage) -> None:
    """Find who is on duty now, where the stage asks for that; its desk is frozen since its round began."""
    who = str(stage.written.get("who", ""))
    if not who.startswith("on_duty"):
        return
    # By the desk and not by its slug, which may be another one since.
    found = assignee_resolver.on_duty(stage.desk, action, lambda person: _may_be_asked(person, action))
    if stage.tier == Tier.SENIOR and not found.is_fallback and stage.person is None:
        # Seniors were asked for want of anybody; a bar is never lowered, so they stay.
        return
    _assign(stage, found)


def has_another_owner(action: Action, former_subject: str, rows: list[Stage]) -> bool:
    """Whether an edit made it about another subject, whose owner one of these stages would ask."""
    is_same_subject = normalize.subject(action.subject) == normalize.subject(former_subject)
    return not is_same_subject and any(_asks_owner(row) for row in rows)


def _asks_owner(row: Stage) -> bool:
    return bool(row.written.get("who") == _OWNER)


def _resolve(action: Action, stage: Stage, who: str) -> None:
    found = assignee_resolver.resolve(who, action, lambda person: _may_be_asked(person, action))
    stage.desk, stage.group = found.desk, found.group
    stage.is_other_desk = found.desk.pk != action.desk_id
    _assign(stage, found)


def _assign(stage: Stage, found: assignee_resolver.Found) -> None:
    stage.person = found.person
    stage.note = found.note[:200] or None
    if found.is_fallback:
        stage.tier = Tier.SENIOR


def _may_be_asked(person: Person, action: Action) -> bool:
    if action.revision.person_id == person.pk or memberships.has_left(person):
        return False
    # An agent names subject and requester, and so whom they lead to: never to somebody of another client.
    return memberships.is_of_client(person, action.client_id) and conflicts.is_eligible(person, action)
