"""Ends after a restore: what was ended after the backup is not ended again, and what falls due waits to be told."""

import pytest

from approvals.actors import Actor, Door
from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Action
from approvals.services.execution import resolve
from tests.services.ends.given import end_now, executed, is_live, let_end, states, tomorrow
from tests.services.safety.given import Taking, go_on, state, work
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
    pytest.mark.usefixtures("patient"),
]
CLASSES = (Recovery.DEDUPES, Recovery.ASKABLE, Recovery.NEITHER)
# What can be asked is found done, and all else is found out about after an operator went on.
SETTLED = {
    Recovery.DEDUPES: "succeeded",
    Recovery.ASKABLE: "succeeded",
    Recovery.NEITHER: "uncertain",
}


def effects(fake: FakeConnector, action: Action) -> set[int]:
    """How often each thing that was sent for an action had its effect."""
    return {fake.effects[order.key] for order in fake.orders if order.action == str(action.pk)}


@pytest.mark.parametrize("class_", CLASSES)
class TestAnEndThatTheBackupDoesNotKnow:
    def test_is_not_carried_out_twice(
        self, here: World, fake: FakeConnector, back_up: Taking, class_: Recovery
    ) -> None:
        fake.class_ = class_
        let_end(action := executed(here))
        restored = back_up()
        work()
        assert states(action) == ["succeeded"]
        restored()
        work()
        go_on()
        work()
        assert (states(action), effects(fake, action)) == ([SETTLED[class_]], {1})
        assert is_live(action) is (class_ is Recovery.NEITHER)

    def test_is_not_carried_out_twice_with_an_effect_that_it_does_not_know_either(
        self, here: World, fake: FakeConnector, back_up: Taking, class_: Recovery
    ) -> None:
        fake.class_ = class_
        action = here.approved(until=tomorrow())
        restored = back_up()
        work()
        let_end(action)
        work()
        assert states(action) == ["succeeded"]
        restored()
        work()
        go_on()
        work()
        settle(here, action)
        let_end(action)
        work()
        assert (states(action), effects(fake, action)) == ([SETTLED[class_]], {1})

    def test_is_not_carried_out_twice_where_it_was_ended_early(
        self, here: World, fake: FakeConnector, back_up: Taking, class_: Recovery
    ) -> None:
        fake.class_ = class_
        action = executed(here)
        restored = back_up()
        end_now(action, here.senior, "no longer needed")
        work()
        restored()
        work()
        go_on()
        let_end(action)
        work()
        assert effects(fake, action) == {1} and len({order.key for order in fake.orders}) == 2


def settle(here: World, action: Action) -> None:
    """A person says of an action in doubt that it happened."""
    if state(action) == "uncertain":
        resolve.resolve(
            actor=Actor(Door.ADMIN, person=here.senior),
            at=NOON, action_id=action.pk, resolution="happened", rationale="Seen.",
        )  # fmt: skip


class TestAnEndThatFallsDueMeanwhile:
    def test_is_sent_once_and_only_when_an_operator_says_so(
        self, here: World, fake: FakeConnector, back_up: Taking
    ) -> None:
        action, other = executed(here), here.approved()
        restored = back_up()
        work()
        restored()
        let_end(action)
        sent = len(fake.orders)
        work()
        assert (len(fake.orders), states(action)) == (sent, ["ready"])
        go_on()
        work()
        assert states(action) == ["succeeded"] and effects(fake, action) == {1}
        assert state(other) == "executed"
