"""Opening and closing the stages of an approval plan; steps, called on a locked action.

All stages of a round are written when it begins, frozen as policy asked for them: the first open, the others waiting.
A round goes on by one of these:

    what happened                            what becomes of the stages
 1  a stage has its quorum, a check passed   it is satisfied, and the next one opens (`advance`)
 2  a check did not pass                     it is refused, and the seniors are asked instead (`manual_fallback`)
 3  somebody or the clock asks for more      the open stage is raised to seniors, never lowered (`raise_bar`)
 4  policy asks for more by now              what is missing is added after the last one (`extend`)
 5  the payload changed                      all are superseded and asked again (`restart_round_after_edit`)
 6  the people it asks are gone              it is superseded, and others are asked instead (`replace_open`)
 7  it is rejected, withdrawn or expired     the open one ends so, those that wait are superseded (`close`)
 8  an escalation is undone                  the same are asked again, at the bar from before it (`ask_as_before`)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import PositiveSmallIntegerField, UUIDField

from approvals.actors import Actor
from approvals.authority import assignees
from approvals.db import moment_for
from approvals.models import Action, Stage
from approvals.queries.record.plans import plan_of
from approvals.services import doorbell, locks
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.plans import due_times, matching, stage_rows
from approvals.services.plans.stage_rows import DEFAULT_NAMES, TIERS
from approvals.states import StageState, Tier
from policies import db
from policies.compiled import Compiled, Slot
from policies.engine.document.plan_steps import PlanStep
from policies.engine.document.sections import DEFAULT_TERMS
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Tier as PolicyTier

_UNFINISHED = (StageState.OPEN, StageState.WAITING)
# Asked by whatever decides on an action.
_OF_ROUND: Compiled[Stage] = Compiled(
    lambda: Stage.objects.filter(
        action=Slot("action", UUIDField()), round=Slot("round", PositiveSmallIntegerField()), state__in=_UNFINISHED
    ).select_related("desk", "person", "group")
)
_SENIORS_ENOUGH = DEFAULT_TERMS[PolicyTier.SENIOR].quorum
# How a stage that is open ends in a state.
_ENDS = {
    StageState.REFUSED: Stage.refuse,
    StageState.EXPIRED: Stage.expire,
    StageState.SUPERSEDED: Stage.supersede,
}


@dataclass(frozen=True, slots=True)
class RestartedRound:
    """What a round that is asked again stands at: the open stage, and the one that its editor has satisfied."""

    open_stage: Stage | None
    editors_stage: Stage | None


def open_first(action: Action, evaluation: Evaluation, fact: Event) -> Stage:
    """Freeze the plan as stages of the action's current round, open the first, and put the action in its queue."""
    return _begin(action, [stage_rows.from_step(action, step) for step in evaluation.plan], fact)


def open_again(action: Action, former: Stage | None, fact: Event) -> Stage:
    """Open the plan that this stage was part of again, from its first stage; without one, a senior looks."""
    if former is None:
        step = stage_rows.default_step(Tier.SENIOR, _SENIORS_ENOUGH)
        return _begin(action, [stage_rows.from_step(action, step)], fact)
    # The latest of a round is its only one where it is the first.
    is_only = former.number == 1
    rows = [former] if is_only else plan_of(action, round_number=former.round)
    return _begin(action, [stage_rows.copy_of(action, row) for row in rows if not stage_rows.is_stand_in(row)], fact)


def unfinished(action: Action) -> list[Stage]:
    """The stages of the current round that are not over: the open one, and after it those that wait, in order."""
    rows = _OF_ROUND.all(action=action.pk, round=action.round)
    return sorted(rows, key=lambda stage: (stage.state != StageState.OPEN, stage.number))


def current(action: Action) -> Stage | None:
    """The open stage of the action's current round."""
    return next((stage for stage in unfinished(action) if stage.state == StageState.OPEN), None)


def latest(action: Action) -> Stage | None:
    """The last stage that the action had, in any state."""
    return Stage.objects.filter(action=action).order_by("-round", "-number").first()


def is_over(action: Action, actor: Actor, at: datetime, stage: Stage | None = None) -> bool:
    """Whether the time to decide has passed by the database's clock; a stage that escalates when overdue goes on.

    Nothing is decided that would have ended already.
    """
    ends = [action.expires_at, action.until]
    if stage is not None and stage.on_timeout == "expire":
        ends.append(stage.due_at)
    given = [moment for moment in ends if moment is not None]
    return bool(given) and min(given) <= moment_for(actor, at, locks.moment(action))


def advance(action: Action, stage: Stage, waiting: Sequence[Stage], fact: Event) -> Stage | None:
    """Close the open stage as satisfied and open the next of those that wait; None when it was the last.

    The caller saves the action.
    """
    stage.satisfy()
    entries.save_with_history(stage, fact)
    if not waiting:
        return None
    _open(action, waiting[0], fact)
    entries.save_with_history(waiting[0], fact)
    return waiting[0]


def manual_fallback(action: Action, check: Stage, fact: Event) -> Stage:
    """Close a check that did not pass, and ask the desk's seniors in its place. The caller saves the action."""
    check.refuse()
    entries.save_with_history(check, fact)
    step = replace(stage_rows.default_step(Tier.SENIOR, _SENIORS_ENOUGH), name=f"{check.name}_by_hand"[:80])
    return _append(action, stage_rows.stand_in(action, check, step, fact.reason), fact, is_open=True)


def replace_open(action: Action, stage: Stage, why: str, fact: Event) -> Stage:
    """Supersede the open stage, whose people are gone, and ask others in its place. The caller saves the action."""
    stage.supersede()
    entries.save_with_history(stage, fact)
    return _append(action, stage_rows.for_others(action, stage, why), fact, is_open=True)


def restart_round_after_edit(
    action: Action, fact: Event, *, satisfied: Stage | None = None, until: datetime | None = None
) -> RestartedRound:
    """Ask everybody again, because the payload changed; ``satisfied`` is the stage that its editor has satisfied by it.

    Whoever is asked first has to decide by ``until``, if that is earlier. The caller saves the action.

    1. A stage that stood in for a check is not asked again: its check is.
    2. The copy of ``satisfied`` is satisfied already, and keeps its due time.
    3. The first of the others opens.
    4. Those after it wait.
    """
    former_plan = [row for row in plan_of(action) if not stage_rows.is_stand_in(row)]
    close(action, fact, StageState.SUPERSEDED)
    last_number = Stage.objects.filter(action=action, round=action.round).count()
    copies = [stage_rows.copy_of(action, row) for row in former_plan]
    editors_stage = None
    for number, (copy, former) in enumerate(zip(copies, former_plan, strict=True), last_number + 1):
        copy.number = number
        if satisfied is not None and former.pk == satisfied.pk:
            copy.open(fact.at, former.due_at)
            copy.satisfy()
            editors_stage = copy
    open_stage = _open_first_of([copy for copy in copies if copy is not editors_stage], action, fact, until)
    for copy in copies:
        entries.save_with_history(copy, fact, is_new=True)
    return RestartedRound(open_stage, editors_stage)


def ask_as_before(action: Action, fact: Event) -> Stage:
    """Ask whom the open stage asked before it was raised last, then the later stages. The caller saves the action.

    A bar is never lowered, so the stages are superseded by copies; their due time stays.
    """
    rows = unfinished(action)
    raised = rows[0]
    close(action, fact, StageState.SUPERSEDED, rows)
    last_number = Stage.objects.filter(action=action, round=action.round).count()
    copies = [stage_rows.copy_of(action, row) for row in rows]
    first = copies[0]
    first.tier, first.quorum, first.is_escalated = _former_bar(raised)
    for number, copy in enumerate(copies, last_number + 1):
        copy.number = number
    _open(action, first, fact, raised.due_at)
    for copy in copies:
        entries.save_with_history(copy, fact, is_new=True)
    return first


def extend(action: Action, rows: Sequence[Stage], steps: Iterable[PlanStep], fact: Event) -> list[Stage]:
    """Ask for further steps beside these stages that are not over, and return those that were added.

    The default stage is raised if it is among them; all others follow those that wait. The caller saves the action.
    """
    added: list[Stage] = []
    for step in steps:
        default = next((row for row in (*rows, *added) if row.name in DEFAULT_NAMES), None)
        if step.name in DEFAULT_NAMES and default is not None:
            raise_bar(action, default, TIERS[step.tier], step.quorum, fact)
        else:
            added.append(_append(action, stage_rows.from_step(action, step), fact))
    return added


def ensure_stage(action: Action, tier: Tier, quorum: int, fact: Event) -> None:
    """Ensure that a stage which is not over asks for this tier and this many. The caller saves the action."""
    step = stage_rows.default_step(tier, quorum)
    rows = unfinished(action)
    if not any(matching.is_enough(row, step) for row in rows):
        extend(action, rows, [step], fact)


def raise_bar(action: Action, stage: Stage, tier: Tier, quorum: int, fact: Event) -> None:
    """Ask seniors of the stage's desk, or more people; a bar is never lowered. The caller saves the action."""
    stage.ask_more(tier, quorum)
    if stage.state == StageState.OPEN:
        _put_in_inbox(action, stage)
    entries.save_with_history(stage, fact)


def close(action: Action, fact: Event, state: StageState, known: Sequence[Stage] = ()) -> Stage | None:
    """Close the open stage, if there is one, and supersede those that wait; ``known`` are both, if read already."""
    rows = known or unfinished(action)
    for row in rows:
        end = _ENDS[state] if row.state == StageState.OPEN else Stage.supersede
        end(row)
        entries.save_with_history(row, fact)
    return rows[0] if rows else None


def _begin(action: Action, rows: Sequence[Stage], fact: Event) -> Stage:
    for number, row in enumerate(rows, 1):
        row.number = number
        if number == 1:
            _open(action, row, fact)
        entries.save_with_history(row, fact, is_new=True)
    return rows[0]


def _append(action: Action, row: Stage, fact: Event, *, is_open: bool = False) -> Stage:
    row.number = Stage.objects.filter(action=action, round=action.round).count() + 1
    if is_open:
        _open(action, row, fact)
    entries.save_with_history(row, fact, is_new=True)
    return row


def _open_first_of(rows: Sequence[Stage], action: Action, fact: Event, until: datetime | None) -> Stage | None:
    if not rows:
        return None
    first, *later = rows
    _open(action, first, fact, until)
    asked_next = next((row for row in later if not row.is_check), None)
    if first.is_check and asked_next is not None:
        # A check takes no time from anybody, and gives none: whoever is asked after it has what was left.
        asked_next.due_at = until
    return first


def _open(action: Action, stage: Stage, fact: Event, until: datetime | None = None) -> None:
    stage_rows.resolve_on_duty(action, stage)
    due = None if stage.is_check else due_times.due(stage, fact.at, action.client)
    stage.open(fact.at, None if stage.is_check else _earlier(due, until or stage.due_at))
    stage.remind_at = due_times.reminder(stage, fact.at)
    _put_in_inbox(action, stage)
    action.warnings = due_times.warnings(action, stage, fact.at)
    if stage.is_check:
        action.next_lookup_at = db.now()
        doorbell.ring(doorbell.CHECK)


def _former_bar(stage: Stage) -> tuple[int, int, bool]:
    """Tier, quorum and escalation of the stage before these last changed."""
    bars = stage.history.order_by("-history_date", "-history_id").values_list("tier", "quorum", "is_escalated")
    now = (stage.tier, stage.quorum, stage.is_escalated)
    return next((bar for bar in bars if bar != now), now)


def _earlier(due: datetime | None, until: datetime | None) -> datetime | None:
    return min((moment for moment in (due, until) if moment is not None), default=None)


def _put_in_inbox(action: Action, stage: Stage) -> None:
    """Put the action where those whom the stage asks find it; nobody is asked while a check is made."""
    for column, asked in assignees.inbox_columns(stage).items():
        setattr(action, column, asked)
    action.due_at = stage.due_at
    if not stage.is_check:
        action.required_tier = stage.tier
