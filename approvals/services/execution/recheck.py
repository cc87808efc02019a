"""Looking up again what a decision rested on, right before its effect, where the action type says so.

Sources are asked outside any transaction. Their answers are compared under the action's lock with the last ones that
were kept: by those it was decided. A change sends the action back to a person, and the new results are kept for them.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals.actors import Actor
from approvals.models import Action, LookupResult
from approvals.services.execution import attempts, staleness
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.staleness import StricterEvaluation
from approvals.services.policy import evaluate
from approvals.services.policy.lookups import results, specs
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer
from approvals.states import GRANTED, FetchState
from approvals.text.json_diff import between
from policies.db import errand

# So long a silent source is asked again, before a person has to look.
PATIENCE = timedelta(minutes=2)
WAIT = timedelta(seconds=10)
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Recheck:
    """What came of asking again: what has changed, in sentences, and whether an answer is still owed."""

    changes: tuple[str, ...] = ()
    is_owed: bool = False


@errand
def ask_again(*, action_id: uuid.UUID) -> list[LookupAnswer]:
    """Ask the sources of what was looked up for an action, if its type wants that before the effect."""
    rows = Action.objects.select_related("action_type", "agent", "revision")
    action = rows.filter(pk=action_id, state__in=GRANTED, action_type__recheck_lookups=True).first()
    if action is None:
        return []
    return [specs.ask(lookup, action, action.revision.payload) for lookup, _row in _rested_on(action)]


def weigh(held: LockedExecution, answers: Sequence[LookupAnswer], actor: Actor, at: datetime) -> Recheck:
    """Compare the answers with what was decided by; what has changed is kept, and told. A step.

    A source that stays silent for two minutes counts as a change: nobody knows whether all is as it was.
    """
    action = held.action
    if not action.action_type.recheck_lookups:
        return Recheck()
    by_name = {answer.lookup.name: answer for answer in answers}
    rested = list(_rested_on(action))
    if any(lookup.name not in by_name for lookup, _row in rested):
        return Recheck(is_owed=True)
    found = [(by_name[lookup.name], row) for lookup, row in rested]
    is_silent = any(answer.state == FetchState.UNREACHABLE for answer, _row in found)
    if is_silent and held.now - held.execution.not_before < PATIENCE:
        return Recheck(is_owed=True)
    changed = [(answer, row) for answer, row in found if not _is_same(answer, row)]
    for stage in dict.fromkeys(row.stage for _answer, row in changed):
        results.keep(action, stage, [answer for answer, row in changed if row.stage == stage], actor, at)
    return Recheck(tuple(_said(answer, row) for answer, row in changed))


def refuse_if_otherwise(held: LockedExecution, actor: Actor, at: datetime, again: Recheck) -> bool:
    """Send it back to people where policy asks for more by now, or what was looked up has changed; whether it was."""
    why = " ".join(again.changes)
    if found := staleness.stricter(held, at, has_other_facts=bool(why)):
        _refuse_for_policy(held, actor, at, found, why)
        return True
    if why:
        attempts.refuse(held, actor, at, why)
    return bool(why)


def _refuse_for_policy(
    held: LockedExecution, actor: Actor, at: datetime, found: StricterEvaluation, because: str = ""
) -> None:
    """Record what policy says by now, and do not carry it out: it goes back to as many people as that asks for."""
    action = held.action
    evaluate.record(action, found.evaluation, found.flags, action.revision.number, at)
    why = because or found.why or "policy now requires more approval"
    attempts.refuse(held, actor, at, why, found.tier)


def _rested_on(action: Action) -> Iterator[tuple[Lookup, LookupResult]]:
    """What was looked up for the action, and its last result; of what brought none in time, nothing was known."""
    rows = LookupResult.objects.filter(action=action).exclude(state=FetchState.UNREACHABLE)
    latest = {row.name: row for row in rows.select_related("text", "stage").order_by("id")}
    for lookup in specs.lookups(action.action_type):
        if lookup.name in latest:
            yield lookup, latest[lookup.name]


def _is_same(answer: LookupAnswer, row: LookupResult) -> bool:
    if answer.state != row.state:
        return False
    return answer.state == FetchState.NOTHING or not any(between(row.value, answer.value))


def _said(answer: LookupAnswer, row: LookupResult) -> str:
    """What has changed, by the names of fields: values stay where they can be erased."""
    name = answer.lookup.title or answer.lookup.name
    if answer.state == FetchState.UNREACHABLE:
        return f"The lookup “{name}” could not be repeated: {answer.error}"
    if answer.state == FetchState.NOTHING:
        return f"The lookup “{name}” had a result at the decision and has none now: {answer.error}"
    if row.state == FetchState.NOTHING:
        return f"The lookup “{name}” had no result at the decision and has one now."
    fields = sorted({change.pointer.lstrip("/") for change in between(row.value, answer.value)} - {""})
    named = ", ".join(fields[:MAX_NAMED])
    return f"The result of the lookup “{name}” has changed since the decision{f' ({named})' if named else ''}."
