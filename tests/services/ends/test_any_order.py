"""Whatever happens to an end, in any order: the effect is taken away at most once, and the record knows it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Execution
from approvals.services.ends import due
from approvals.services.execution import run
from policies.errors import Refused
from tests.services.ends.given import WORKER, end_due, end_now, ends, executed, is_live, let_end, states
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
LOST = (True, CallResult(CallStatus.UNKNOWN, error="Timed out."))
BUSY = (False, CallResult(CallStatus.NOT_DONE, error="Busy."))
NO = (False, CallResult(CallStatus.REFUSED, error="No."))
STEPS = st.sampled_from(["due", "now", "crash", "recover", "lost", "busy", "no"])


def step(name: str, action: Action, here: World, fake: FakeConnector) -> None:
    if name in {"lost", "busy", "no"}:
        fake.script.append({"lost": LOST, "busy": BUSY, "no": NO}[name])
    elif name == "due":
        let_end(action)
        end_due()
    elif name == "crash":
        if claim := due.lease(actor=WORKER, at=NOON):
            due.dispatch_end(actor=WORKER, at=NOON, claim=claim)
    elif name == "recover":
        Execution.objects.filter(state="running").update(leased_until=NOON - timedelta(days=2))
        run.recover(actor=WORKER, clock=lambda: NOON)
    else:
        # Refused where it is over, or a person has to find out.
        with suppress(Refused):
            end_now(action, here.junior)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=2, max_size=8))
def test_an_effect_ends_at_most_once(here: World, fake: FakeConnector, names: list[str]) -> None:
    fake.script.clear()
    action = executed(here)
    for name in names:
        step(name, action, here, fake)
    done = sum(fake.effects[end.key] for end in ends(action))
    assert done <= 1 and states(action).count("succeeded") <= 1
    assert is_live(action) is ("succeeded" not in states(action))
    if "succeeded" in states(action):
        assert done == 1
