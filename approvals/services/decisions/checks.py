"""Automatic checks between people's stages, and the facts that routing waits for: what nobody has to be asked about.

The open stage, or the proposal, is the promise: a worker that dies between leaves it to the next. Sources are asked
outside any transaction; what they answered is taken under the action's lock, if it is still what was asked about.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from approvals.actors import Actor
from approvals.models import Action, LookupResult, Stage
from approvals.services import locks, sweeps
from approvals.services.decisions import grant
from approvals.services.ledger.entries import Event
from approvals.services.plans import stages
from approvals.services.policy import budgets, evaluate
from approvals.services.policy.lookups import fetching, results, specs
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer
from approvals.states import ActionState, FetchState
from policies import db
from policies.db import errand, service
from policies.engine.document.plan_steps import PlanStep, check_passes
from policies.engine.inputs.policy_input import PolicyInput

# How long until a silent source is asked again for a check; after the last a person looks.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1200))
# Nothing is approved under a halt, so a check waits for its end.
WHILE_HALTED = timedelta(seconds=5)


@errand
def run_due(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 100, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Look up what up to ``limit`` actions wait for, and make the checks that are due; return how many were tried.

    One that fails is logged and comes again when its lease is over; it never holds up the others.
    """

    def leased() -> Iterator[uuid.UUID]:
        for _turn in range(limit):
            if is_stopping() or not fetching.is_due():
                return
            if (action_id := fetching.lease(actor=actor, at=clock())) is None:
                return
            yield action_id

    return sweeps.for_each("check", leased(), lambda action_id: _take_on(actor, clock(), action_id)).tried


@errand
def check(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Stage | None:
    """Ask the sources that the open check names, afresh, and take the action on by what they answer.

    :raises NotFound: there is no such action.
    """
    action = Action.objects.select_related("action_type", "agent", "revision").get(pk=action_id)
    stage = _open_check(action)
    asked = _asked_for(action, stage) if stage else []
    answers = [specs.ask(lookup, action, action.revision.payload) for lookup in asked]
    return conclude(
        actor=actor,
        at=at,
        action_id=action_id,
        stage_id=stage.pk if stage else None,
        revision=action.revision.number,
        answers=answers,
    )


@service
def conclude(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    stage_id: uuid.UUID | None,
    revision: int,
    answers: Sequence[LookupAnswer],
) -> Stage | None:
    """Keep what the sources answered and take the action on, if the same check of the same revision is still open.

    What passes opens the next stage, or lets the action run as people decided; what does not goes to a person. Returns
    the check, in the state that it is in then; None where none is open.

    :raises NotFound: there is no such action.
    """
    action = locks.action(action_id)
    stage = _open_check(action)
    if stage is None or stage.pk != stage_id or revision != action.revision.number:
        # Decided, called back or edited meanwhile: what is open now, if it is a check, is made at once.
        _schedule(action, db.now() if stage else None)
        return stage
    if locks.halt_of(action) is not None:
        _schedule(action, db.now() + WHILE_HALTED)
        return stage
    rows = results.keep(action, stage, answers, actor, at) if answers else []
    if wait := _wait(stage, rows):
        _schedule(action, db.now() + wait)
        return stage
    action.next_lookup_at = None
    _judge(action, stage, rows, actor, at)
    return stage


def _take_on(actor: Actor, at: datetime, action_id: uuid.UUID) -> None:
    is_proposed = Action.objects.filter(pk=action_id, state=ActionState.PROPOSED).exists()
    take_on = fetching.look_up if is_proposed else check
    take_on(actor=actor, at=at, action_id=action_id)


def _open_check(action: Action) -> Stage | None:
    stage = stages.current(action) if action.state == ActionState.PENDING else None
    return stage if stage is not None and stage.is_check else None


def _asked_for(action: Action, stage: Stage) -> list[Lookup]:
    names = stage.written.get("fetch", [])
    return [lookup for lookup in specs.lookups(action.action_type) if lookup.name in names]


def _wait(stage: Stage, rows: Sequence[LookupResult]) -> timedelta | None:
    """How long until the silent sources are asked again; None where none is silent, or was for too long."""
    if all(row.state != FetchState.UNREACHABLE for row in rows):
        return None
    kept = LookupResult.objects.filter(stage=stage, state=FetchState.UNREACHABLE).values_list("entry", flat=True)
    tries = len(set(kept))
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def _judge(action: Action, stage: Stage, rows: Sequence[LookupResult], actor: Actor, at: datetime) -> None:
    step = PlanStep.from_json(stage.written)
    known = {row.name for row in rows if row.state == FetchState.FOUND}
    passes, sentence = False, _why_not(step.name, rows)
    if known.issuperset(step.fetch):
        passes, sentence = check_passes(step, _facts(action, step, rows, at))
    data = {
        "stage": str(stage.pk),
        "revision": action.revision.number,
        "digest": action.revision.digest,
        "facts": {row.name: row.digest for row in rows},
    }
    fact = Event(actor, at, "check.passed" if passes else "check.failed", sentence, data)
    follow = grant.check_passed if passes else grant.check_failed
    follow(action, stage, fact)


def _why_not(name: str, rows: Sequence[LookupResult]) -> str:
    why = " ".join(f"{row.name}: {row.error}" for row in rows if row.state != FetchState.FOUND)
    return (
        f"The check “{name}” could not be completed. {why or 'The action type has no lookup with the required name.'}"
    )


def _facts(action: Action, step: PlanStep, rows: Sequence[LookupResult], at: datetime) -> PolicyInput:
    """What the evaluation knew, with what was fetched for the check in place of what was known of it before."""
    facts = evaluate.facts_of(action, action.action_type, action.agent, action.revision.payload, at)
    return replace(
        facts,
        score=action.risk,
        flags=tuple(flag["code"] for flag in action.flags),
        counted=budgets.kept(action),
        fetched=results.of_check(action, rows, step.fetch),
    )


def _schedule(action: Action, moment: datetime | None) -> None:
    Action.objects.filter(pk=action.pk).update(next_lookup_at=moment)
