"""An end goes where its effect went, whatever the application's database role writes: the role is refused, or told."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Attempt, Execution
from approvals.models.executions import AttemptStep
from approvals.services.execution.results import ends as promised
from tests import world
from tests.forging import run
from tests.services.ends.given import end_due, ends, executed, recover
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.usefixtures("as_application"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional", target={"url": "https://ours.example"}),
]
ELSEWHERE = {"url": "https://evil.example"}
EXECUTION = "UPDATE approvals_execution SET {} WHERE action_id = %s AND end_number = 0"


def forge_end(action: Action, **changes: object) -> Execution:
    """Insert an end that is due, as the service would, but for these columns."""
    forward = Execution.objects.get(action=action, end_number=0)
    for name, value in changes.items():
        setattr(forward, name, value)
    return promised.schedule(action, forward, NOON, not_before=world.now() - timedelta(hours=1), number=1)


def forge_attempt(end: Execution) -> None:
    """Say that the end was sent by somebody who was never heard of again."""
    past = world.now() - timedelta(hours=1)
    Attempt(execution=end, number=1, step=AttemptStep.DISPATCHING, fence=0, at=past).save(force_insert=True)
    run("UPDATE approvals_execution SET state = 'running', attempts = 1, leased_until = %s WHERE id = %s", past, end.pk)


def not_live(here: World) -> Action:
    action = executed(here, until=None)
    run("UPDATE approvals_action SET is_live = false WHERE id = %s", action.pk)
    return action


def sent_elsewhere(here: World) -> Action:
    """An approved action that is said to have been executed elsewhere, and to be in effect."""
    action = here.approved()
    run(EXECUTION.format("state = 'running', attempts = 1, target = %s"), json.dumps(ELSEWHERE), action.pk)
    run(EXECUTION.format("state = 'succeeded'"), action.pk)
    run("UPDATE approvals_action SET is_live = true WHERE id = %s", action.pk)
    return action


FORGED: list[tuple[Callable[[World], Action], str]] = [
    (not_live, promised.NOT_LIVE), (sent_elsewhere, promised.ELSEWHERE),
]  # fmt: skip


class TestAForgedEnd:
    def test_that_is_as_the_service_makes_it_is_sent_where_the_effect_went(
        self, here: World, fake: FakeConnector
    ) -> None:
        forge_end(executed(here, until=None))
        assert end_due() == 1
        assert [order.target for order in fake.orders] == [here.kind.target] * 2

    @pytest.mark.parametrize("changes", [{"target": ELSEWHERE}, {"target": None}, {"mode": "agent"}, {"agent_id": 0}])
    def test_is_refused_unless_it_is_like_the_execution_that_it_reverses(
        self, here: World, changes: dict[str, object]
    ) -> None:
        action = executed(here, until=None)
        with pytest.raises(IntegrityError, match="successful execution"), transaction.atomic():
            forge_end(action, **changes)

    @pytest.mark.parametrize(("forge", "why"), FORGED)
    def test_is_not_sent(self, here: World, fake: FakeConnector, forge: Callable[[World], Action], why: str) -> None:
        forge_end(action := forge(here))
        sent = len(fake.orders)
        end_due()
        (end,) = ends(action)
        assert (len(fake.orders), end.state) == (sent, "failed")
        assert end.error == f"Not sent: {why}."

    @pytest.mark.parametrize("forge", [forge for forge, _why in FORGED])
    def test_is_not_sent_again(self, here: World, fake: FakeConnector, forge: Callable[[World], Action]) -> None:
        forge_attempt(forge_end(action := forge(here)))
        sent = len(fake.orders)
        recover()
        assert (len(fake.orders), [each.state for each in ends(action)]) == (sent, ["uncertain"])

    def test_is_not_asked_about(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.ASKABLE
        fake.looks.append(CallResult(CallStatus.DONE))
        forge_attempt(forge_end(action := sent_elsewhere(here)))
        recover()
        assert (len(fake.looks), [each.state for each in ends(action)]) == (1, ["uncertain"])
