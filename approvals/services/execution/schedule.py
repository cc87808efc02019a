"""Opening an execution in the transaction that decides, and calling it back before anything was sent. Steps.

In the undo window nothing follows from a decision of a person, so that people can still undo it.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from approvals import asked, conf
from approvals.db import moment_for
from approvals.errors import TooLate
from approvals.models import Action, ActionType, Execution, Revision
from approvals.queries.record.related import parents
from approvals.services import doorbell, locks
from approvals.services.ledger.entries import Event
from approvals.services.payloads import targets
from approvals.services.policy import budgets
from approvals.states import ActionState, ExecutionMode, ExecutionState
from policies import db, unit, writes
from policies.engine.values.canonical import digest as digest_of
from policies.engine.values.vocabulary import Route
from policies.queries.in_force import in_force_with_house


def make_ready(
    action: Action, revision: Revision, digest: str, fact: Event, *, is_person: bool, target: str
) -> Execution:
    """Open the one execution of this revision in this round; the promise that the doorbell then announces.

    ``target`` is the digest of how it is carried out that was decided on; where that has changed, it never runs. It
    may start once the undo window is over and its action's parent was executed, as long as the approval is valid. What
    policy counts is counted here, because everything that runs passes here.
    """
    budgets.spend(action, fact.at)
    kind = action.action_type
    execution = writes.made(
        Execution,
        action=action,
        agent_id=action.agent_id,
        revision=revision,
        round=action.round,
        digest=digest,
        mode=kind.execution,
        connector=kind.connector,
        target_digest=target,
        key=key_for(action.pk, revision.number, action.round),
        created_at=fact.at,
        waits_for_id=action.parent_id if parents.is_awaited(action) else None,
        **_window(action, fact, is_person),
    )
    unit.insert(execution)
    if execution.mode == ExecutionMode.CONNECTOR and execution.waits_for_id is None:
        doorbell.ring(doorbell.EXECUTE)
    return execution


def cancel(action: Action, fact: Event) -> Execution | None:
    """Call the locked action's execution back; None when there is none to call back.

    :raises TooLate: it was already dispatched or redeemed.
    """
    execution = current(action)
    if execution is None or execution.state == ExecutionState.CANCELED:
        return None
    if execution.state != ExecutionState.READY:
        raise TooLate(state=execution.state)
    execution.cancel(fact.at, fact.reason)
    unit.update(execution)
    return execution


def current(action: Action) -> Execution | None:
    """The execution of the locked action's current round, locked too; its end is none."""
    rows = parents.with_awaiting(Execution.objects.select_for_update(of=("self",), no_key=True))
    rows = rows.select_related("revision").filter(action=action, round=action.round, end_number=0)
    return rows.order_by("-created_at").first()


def end_of(action: Action) -> Execution | None:
    """The last end of the locked action's effect, locked too."""
    rows = Execution.objects.select_for_update(of=("self",), no_key=True).select_related("revision", "reverses")
    return rows.filter(action=action, round=action.round, end_number__gt=0).order_by("-end_number").first()


def uncertain(action: Action) -> Execution | None:
    """What of the locked action nobody knows the result of, locked too: its execution, or the end of its effect."""
    found = current(action) if action.state == ActionState.UNCERTAIN else end_of(action) if action.is_live else None
    return found if found is not None and found.state == ExecutionState.UNCERTAIN else None


def is_uncertain(action: Action) -> bool:
    """The same for a page, which locks nothing."""
    if action.state == ActionState.UNCERTAIN or not action.is_live:
        return bool(action.state == ActionState.UNCERTAIN)
    ends = Execution.objects.filter(action=action, round=action.round, end_number__gt=0)
    return ends.filter(state=ExecutionState.UNCERTAIN).exists()


def key_for(action_id: uuid.UUID, revision: int, round_number: int) -> str:
    """The key that the world is sent: the same for every attempt at this revision in this round."""
    return digest_of({"action": str(action_id), "revision": revision, "round": round_number})


def target_digest(kind: ActionType) -> str:
    """SHA-256 over who carries the type out, where to, and what it is judged by: a later change of it is found."""
    return targets.digest(kind)


def undo_ends_at(action: Action, fact: Event, *, is_person: bool, now: datetime | None = None) -> datetime:
    """When the undo window ends, by the database's clock; ``now`` saves asking it twice."""
    clock = now or locks.moment(action) or db.now()
    began = min(clock, moment_for(fact.actor, fact.at, clock))
    return began + timedelta(seconds=_seconds(action, is_person))


def _window(action: Action, fact: Event, is_person: bool) -> dict[str, datetime]:
    """When it may start and until when, by the database's clock: the one that is asked before it starts."""
    kind, now = action.action_type, locks.moment(action) or asked.once("now", db.now)
    valid = conf.approval_validity() if kind.valid_seconds is None else timedelta(seconds=kind.valid_seconds)
    # What would have ended already is not begun.
    until = [now + valid, action.expires_at, action.revision.until]
    return {
        "not_before": undo_ends_at(action, fact, is_person=is_person, now=now),
        "expires_at": min(moment for moment in until if moment is not None),
    }


def _seconds(action: Action, is_person: bool) -> int:
    """The longest that type or policy set; a person has at least the type's own, or else the installation's."""
    kind = action.action_type
    given = [kind.undo_seconds, action.evaluation.content["undo_seconds"] if action.evaluation else None]
    if is_person:
        given += [conf.undo_seconds() if kind.undo_seconds is None else 0, *_after_person(action)]
    return max((seconds for seconds in given if seconds is not None), default=0)


def _after_person(action: Action) -> Iterator[int | None]:
    """What policy grants people, where the evaluation says only what follows after policy alone."""
    if action.evaluation is not None and action.evaluation.content["outcome"] == Route.AUTO:
        yield from (document.undo_after_person for document in in_force_with_house(action.action_type.policy))
