"""Opening and closing the stages of an approval plan; steps, called on a locked action.

All stages of a round are written when it begins, frozen as policy asked for them: the first open, the others waiting.
Whom a stage asks is found then, too, but for whoever is on duty: that is found when the stage opens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from approvals.actors import Actor, Door
from approvals.authority import powers
from approvals.db import database_now
from approvals.models import Action, Person, Stage
from approvals.queries.directory import assignees
from approvals.queries.record import stages
from approvals.services import doorbell
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.plans import due_times
from approvals.states import StageKind, StageState, Tier
from policies.engine.document.sections import DEFAULT_TERMS
from policies.engine.document.stage import DEFAULT_STAGES
from policies.engine.document.stage import Stage as Step
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import OnTimeout
from policies.engine.values.vocabulary import Tier as PolicyTier

TIERS = {PolicyTier.JUNIOR: Tier.JUNIOR, PolicyTier.SENIOR: Tier.SENIOR}
_NAMES = {tier: name for name, tier in TIERS.items()}
DEFAULT_NAMES = frozenset(DEFAULT_STAGES.values())
OWNER = "owner"
_UNFINISHED = (StageState.OPEN, StageState.WAITING)
# How a stage that is open ends in a state.
_ENDS = {
    StageState.REFUSED: Stage.refuse,
    StageState.EXPIRED: Stage.expire,
    StageState.SUPERSEDED: Stage.supersede,
}


def open_first(action: Action, evaluation: Evaluation, fact: Event) -> Stage:
    """Freeze the plan as stages of the action's current round, open the first, and put the action in its queue."""
    return _begin(action, [_found(action, step) for step in evaluation.plan], fact)


def open_again(action: Action, former: Stage | None, fact: Event) -> Stage:
    """Open the plan that this stage was part of anew, from its first stage; without one, a senior looks."""
    if former is None:
        return _begin(action, [_found(action, _senior(DEFAULT_TERMS[PolicyTier.SENIOR].quorum))], fact)
    # The latest of a round is its only one where it is the first.
    is_only = former.number == 1
    rows = [former] if is_only else stages.as_it_stands(Stage.objects.filter(action=action), former.round)
    return _begin(action, [_copied(action, row) for row in rows if not _is_stand_in(row)], fact)


def unfinished(action: Action) -> list[Stage]:
    """The stages of the current round that are not over: the open one, and after it those that wait, in order."""
    rows = Stage.objects.filter(action=action, round=action.round, state__in=_UNFINISHED)
    rows = rows.select_related("desk", "person", "group")
    return sorted(rows, key=lambda stage: (stage.state != StageState.OPEN, stage.number))


def current(action: Action) -> Stage | None:
    """The open stage of the action's current round."""
    return next((stage for stage in unfinished(action) if stage.state == StageState.OPEN), None)


def latest(action: Action) -> Stage | None:
    """The last stage that the action had, in any state."""
    return Stage.objects.filter(action=action).order_by("-round", "-number").first()


def is_over(action: Action, actor: Actor, at: datetime, stage: Stage | None = None) -> bool:
    """Whether the time to decide has passed by the database's clock; a stage that escalates when overdue goes on.

    Only the demo, which tells a past that was, asks at the moment told.
    """
    ends = [action.expires_at]
    if stage is not None and stage.on_timeout == "expire":
        ends.append(stage.due_at)
    given = [moment for moment in ends if moment is not None]
    return bool(given) and min(given) <= (at if actor.door == Door.DEMO else database_now())


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


def manual_fallback(action: Action, stage: Stage, fact: Event) -> Stage:
    """Close a check that did not pass, and ask the desk's seniors in its place. The caller saves the action."""
    stage.refuse()
    entries.save_with_history(stage, fact)
    step = replace(_senior(DEFAULT_TERMS[PolicyTier.SENIOR].quorum), name=f"{stage.name}_by_hand"[:80])
    row = _found(action, step)
    row.step = {**step.as_json(), "instead_of": stage.name}
    row.note = fact.reason[:200]
    return _append(action, row, fact, is_open=True)


def restart_round_after_edit(
    action: Action, own: Stage | None, fact: Event, until: datetime | None = None
) -> tuple[Stage | None, Stage | None]:
    """Ask everybody again, because the payload changed; ``own`` is the stage that its editor has satisfied by it.

    Returns the stage that is open now, and the row that stands for ``own``; whoever is asked first has to decide by
    ``until``, if that is earlier. The caller saves the action.
    """
    rows = stages.as_it_stands(Stage.objects.filter(action=action), action.round)
    close(action, fact, StageState.SUPERSEDED)
    number = Stage.objects.filter(action=action, round=action.round).count()
    opened = mine = None
    for row in (each for each in rows if not _is_stand_in(each)):
        number += 1
        again = _copied(action, row)
        if own is not None and row.pk == own.pk:
            again.open(fact.at, row.due_at)
            again.satisfy()
            mine = again
        elif opened is None:
            _open(action, again, fact, until)
            opened = again
        elif opened.is_check and not again.is_check:
            # A check takes no time from anybody, and gives none: whoever is asked after it has what was left.
            again.due_at, until = until, None
        again.number = number
        entries.save_with_history(again, fact, is_new=True)
    return opened, mine


def missing_steps(evaluation: Evaluation, rows: Iterable[Stage], had: int = 0) -> list[Step]:
    """The steps that an evaluation asks for and none of these stages covers; ``had`` is the tier of all who approved.

    A stage covers one step that asks the same people (or checks the same), of no higher tier and no more of them.
    """
    free = [row for row in rows if row.state not in (StageState.SUPERSEDED, StageState.EXPIRED)]
    every, missing = list(free), []
    for step in evaluation.plan:
        if step.name in DEFAULT_NAMES:
            if not any(_is_enough(row, step, had) for row in every):
                missing.append(step)
            continue
        matching = [row for row in free if _is_same(row, step) and _is_enough(row, step, had)]
        if matching:
            free.remove(min(matching, key=lambda row: row.name != step.name))
        else:
            missing.append(step)
    return missing


def extend(action: Action, rows: Sequence[Stage], steps: Iterable[Step], fact: Event) -> list[Stage]:
    """Ask for further steps beside these stages that are not over, and return those that were added.

    The default stage is raised if it is among them; all others follow those that wait. The caller saves the action.
    """
    added: list[Stage] = []
    for step in steps:
        default = next((row for row in (*rows, *added) if row.name in DEFAULT_NAMES), None)
        if step.name in DEFAULT_NAMES and default is not None:
            raise_bar(action, default, TIERS[step.tier], step.quorum, fact)
        else:
            added.append(_append(action, _found(action, step), fact))
    return added


def ensure_stage(action: Action, tier: Tier, quorum: int, fact: Event) -> None:
    """See to it that a stage which is not over asks for this tier and this many. The caller saves the action."""
    step = _senior(quorum)
    step = step if tier == Tier.SENIOR else replace(step, name="review", tier=_NAMES[tier])
    rows = unfinished(action)
    if not any(_is_enough(row, step, 0) for row in rows):
        extend(action, rows, [step], fact)


def raise_bar(action: Action, stage: Stage, tier: Tier, quorum: int, fact: Event) -> None:
    """Ask seniors of the stage's desk, or more people; a bar is never lowered. The caller saves the action."""
    stage.ask_more(tier, quorum)
    if stage.state == StageState.OPEN:
        _ask(action, stage)
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


def _open(action: Action, stage: Stage, fact: Event, until: datetime | None = None) -> None:
    if str(stage.written.get("who", "")).startswith("on_duty"):
        _ask_whom(action, stage, str(stage.written["who"]), is_new=False)
    stage.open(fact.at, None if stage.is_check else _earlier(due_times.due(stage, fact.at), until or stage.due_at))
    stage.remind_at = due_times.reminder(stage, fact.at)
    _ask(action, stage)
    action.warnings = due_times.warnings(action, stage, fact.at)
    if stage.is_check:
        action.next_lookup_at = database_now()
        doorbell.ring(doorbell.CHECK)


def _earlier(due: datetime | None, until: datetime | None) -> datetime | None:
    return min((moment for moment in (due, until) if moment is not None), default=None)


def _ask(action: Action, stage: Stage) -> None:
    """Put the action where those whom the stage asks find it; nobody is asked while a check is made."""
    somebody = stage.asks_somebody
    action.assigned_person_id = stage.person_id if somebody else None
    action.assigned_group_id = stage.group_id if somebody and not stage.person_id else None
    action.assigned_desk_id = None if somebody or stage.is_check else stage.desk_id
    action.due_at = stage.due_at
    if not stage.is_check:
        action.required_tier = stage.tier


def _found(action: Action, step: Step) -> Stage:
    """A stage as policy wrote it, with whom it asks; not yet saved."""
    stage = Stage(
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
        _ask_whom(action, stage, step.who, is_new=True)
    return stage


def _ask_whom(action: Action, stage: Stage, who: str, *, is_new: bool) -> None:
    found = assignees.resolve(who, action, lambda person: _may_be_asked(person, action))
    if not is_new and stage.tier == Tier.SENIOR and not found.is_fallback and stage.person is None:
        # Seniors were asked for want of anybody; a bar is never lowered, so they stay.
        return
    if is_new:
        # Frozen from here on; of a stage that waits only the person, and why her, may still be found.
        stage.desk, stage.group = found.desk, found.group
        stage.is_other_desk = found.desk.pk != action.desk_id
    stage.person = found.person
    stage.note = found.note[:200] or None
    if found.is_fallback:
        stage.tier = Tier.SENIOR


def _may_be_asked(person: Person, action: Action) -> bool:
    return powers.is_eligible(person, action) and action.revision.person_id != person.pk


def _copied(action: Action, row: Stage) -> Stage:
    """The same stage, to be asked again: of the same people, and never for less; an owner is that of the subject."""
    again = _same(action, row)
    if row.written.get("who") == OWNER and not row.is_escalated:
        _ask_whom(action, again, OWNER, is_new=True)
        again.tier = max(again.tier, row.tier)
    return again


def _same(action: Action, row: Stage) -> Stage:
    return Stage(
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


def _senior(quorum: int) -> Step:
    return Step(DEFAULT_STAGES[PolicyTier.SENIOR], PolicyTier.SENIOR, "desk", quorum, 0, OnTimeout.EXPIRE)


def _is_stand_in(row: Stage) -> bool:
    return "instead_of" in row.written


def _is_same(row: Stage, step: Step) -> bool:
    if row.is_check or step.check:
        return bool(row.written.get("check") == step.check)
    return bool(row.written.get("who") == step.who)


def _is_enough(row: Stage, step: Step, had: int) -> bool:
    if row.is_check or step.check:
        # A check answers for no person, and no person for a check.
        return row.is_check and bool(step.check)
    return max(row.tier, had) >= TIERS[step.tier] and row.quorum >= step.quorum
