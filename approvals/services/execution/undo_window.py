"""The undo window: how long nothing follows from a person's decision, so that people can still undo it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from approvals import conf
from approvals.db import moment_for
from approvals.models import Action
from approvals.services import locks
from approvals.services.ledger.entries import Event
from policies import db
from policies.engine.values.vocabulary import Route
from policies.queries.in_force import in_force_with_house


def ends_at(action: Action, fact: Event, *, is_person: bool, now: datetime | None = None) -> datetime:
    """When the window ends, by the database's clock; ``now`` saves asking it twice."""
    clock = now or locks.moment(action) or db.now()
    began = min(clock, moment_for(fact.actor, fact.at, clock))
    return began + timedelta(seconds=_seconds(action, is_person))


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
