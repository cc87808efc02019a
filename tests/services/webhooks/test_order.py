"""Whatever receivers answer, and whichever workers die: events of an action are accepted in order, and none is lost."""

from random import Random

import pytest

from approvals.models import WebhookDelivery
from approvals.services.webhooks import dispatch, queueing
from approvals.services.webhooks.dispatch import Answer, Parcel
from tests.servers.recording import RecordingServer
from tests.services.webhooks.conftest import WORKER, Ahead, number, subscribe
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TURNS = 400


@pytest.mark.parametrize("seed", range(3))
def test_events_of_an_action_are_accepted_in_order(
    here: World, receiver: RecordingServer, clock: Ahead, seed: int
) -> None:
    subscribe(here.junior, receiver)
    for action in [here.propose() for _ in range(3)]:
        here.route(action)
    number()
    while queueing.queue_new(actor=WORKER, at=NOON):
        pass
    accepted = deliver(Random(seed), clock)
    rows = {row.pk: row for row in WebhookDelivery.objects.all()}
    assert len(accepted) == len(rows) >= 6
    for action_id in {row.action_id for row in rows.values()}:
        mine = [rows[key].position_id for key in accepted if rows[key].action_id == action_id]
        assert mine == sorted(mine)


def deliver(chance: Random, clock: Ahead) -> list[object]:
    """Send everything, with answers that fail, come late or never come; what was accepted, in order."""
    accepted: list[object] = []
    under_way: list[Parcel] = []
    for _ in range(TURNS):
        under_way += dispatch.lease(actor=WORKER, at=NOON, limit=4)
        clock.turn(seconds=chance.choice([1, 10, 700]))
        if under_way and chance.random() < 0.8:
            parcel = under_way.pop(chance.randrange(len(under_way)))
            answer = Answer(milliseconds=1, status=chance.choice([200, 200, 500]))
            if dispatch.record_answer(actor=WORKER, at=NOON, parcel=parcel, answer=answer) and answer.is_accepted:
                accepted.append(parcel.delivery_id)
        if not WebhookDelivery.objects.filter(state="ready").exists():
            break
    return accepted
