"""Actions whose effect ends, and the moment at which it does."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from approvals.actors import Actor, Door, system
from approvals.models import Action, Attempt, Execution, Person
from approvals.services.ends import due, early
from approvals.services.execution import run
from tests import world
from tests.world import NOON, World

WORKER = system(Door.CELERY)
DAY = timedelta(days=1)


def tomorrow() -> datetime:
    """A moment that no test reaches by itself."""
    return world.now() + DAY


def executed(here: World, **changes: Any) -> Action:
    """An action that a junior approved and that was carried out; it ends tomorrow."""
    action = here.approved(**({"until": tomorrow()} | changes))
    run_ready()
    return world.fresh(action)


def run_ready() -> None:
    """Be the worker that carries out what is ready."""
    run.run_ready(actor=WORKER, clock=lambda: NOON)


def let_end(action: Action) -> None:
    """Let the promised end of an action be due; no service moves a time to the past."""
    # Tests execute at noon, which is still to come in the morning.
    past = connection.ops.adapt_datetimefield_value(min(NOON, world.now()))
    world.tamper(
        "UPDATE approvals_execution SET not_before = %s WHERE action_id = %s",
        [past, world.stored(action.pk)],
        "approvals_execution_fixed",
    )


def end_due() -> int:
    """Be the worker that ends what is due."""
    return due.run_due(actor=WORKER, clock=lambda: NOON)


def crash() -> None:
    """A worker that committed its intent to end what is due, and was never heard of again."""
    claim = due.lease(actor=WORKER, at=NOON)
    assert claim is not None and due.dispatch_end(actor=WORKER, at=NOON, claim=claim)
    Execution.objects.filter(pk=claim.execution_id).update(leased_until=NOON - timedelta(days=2))


def recover() -> int:
    """Be the worker that finds out about it."""
    return run.recover(actor=WORKER, clock=lambda: NOON)


def end_now(action: Action, who: Person, rationale: str = "") -> Action:
    """Somebody ends it with one click."""
    return early.end(actor=Actor(Door.ADMIN, person=who), at=NOON, action_id=action.pk, rationale=rationale)


def ends(action: Action) -> list[Execution]:
    """The ends of an action, in order."""
    return list(Execution.objects.filter(action=action, end_number__gt=0).order_by("end_number"))


def states(action: Action) -> list[str]:
    """What became of them."""
    return [end.state for end in ends(action)]


def steps(action: Action) -> list[str]:
    """What the attempts at them tell."""
    rows = Attempt.objects.filter(execution__action=action, execution__end_number__gt=0)
    return list(rows.order_by("id").values_list("step", flat=True))


def is_live(action: Action) -> bool:
    """Whether it is in effect, for all that the record says."""
    return Action.objects.get(pk=action.pk).is_live
