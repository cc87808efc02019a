"""Whatever happens to a family, in any order: nothing runs before its parent was executed, or where it never was."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Execution
from approvals.services.decisions import undo
from approvals.states import UNSENT, WITHOUT_EFFECT
from policies.errors import Refused
from tests import world
from tests.services.execution.families import run, settle
from tests.world import NOON, World, fresh

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
NO = (False, CallResult(CallStatus.REFUSED, error="No."))
VERBS = st.sampled_from(["approve", "approve", "reject", "undo", "withdraw", "forge"])
STEPS = st.one_of(st.sampled_from(["run", "run", "settle", "no"]), st.tuples(VERBS, st.integers(0, 3)))


def family(here: World) -> list[Action]:
    """A parent, two children of it, and a child of the first of these."""
    parent = here.pending()
    first, second = here.pending(parent=parent.pk), here.pending(parent=parent.pk)
    return [parent, first, second, here.pending(parent=first.pk)]


def step(what: str | tuple[str, int], made: list[Action], here: World, fake: FakeConnector) -> None:
    if what == "run":
        run()
    elif what == "settle":
        settle()
    elif what == "no":
        fake.script.append(NO)
    else:
        # Refused where it is over, or was sent.
        with suppress(Refused):
            act(what[0], fresh(made[int(what[1])]), here)


def act(verb: str, action: Action, here: World) -> None:
    if verb == "undo":
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
    elif verb == "withdraw":
        world.withdraw(here, action)
    elif verb == "forge":
        Execution.objects.filter(action=action).update(waits_for=None)
    else:
        world.decide(verb, action, here.junior, rationale="Because.")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_a_child_runs_only_after_its_parent(
    here: World, fake: FakeConnector, steps: list[str | tuple[str, int]]
) -> None:
    fake.script.clear()
    fake.orders.clear()
    made = family(here)
    for what in steps:
        step(what, made, here, fake)
    while settle() or run():
        pass
    sent = [order.action for order in fake.orders]
    rows = {action.pk: fresh(action) for action in made}
    for row in rows.values():
        parent = rows.get(row.parent_id) if row.parent_id is not None else None
        if parent is not None and str(row.pk) in sent:
            assert parent.state == "executed" and sent.index(str(parent.pk)) < sent.index(str(row.pk))
        if parent is not None and parent.state in WITHOUT_EFFECT:
            assert row.state not in UNSENT
