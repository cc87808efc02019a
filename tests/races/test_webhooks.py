"""Workers that send to one webhook at the same moment: each event goes out once, and in order."""

import pytest

from approvals.actors import Door, system
from approvals.models import WebhookAttempt, WebhookDelivery
from approvals.services.webhooks import sending
from policies import db
from tests.races.test_verdicts import rush
from tests.servers.recording import RecordingServer
from tests.services.webhooks.conftest import number, subscribe, told
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
WORKER = system(Door.CELERY)
WORKERS = 4


def work() -> None:
    for _ in range(3):
        sending.run_due(actor=WORKER, clock=db.now)


def test_each_event_is_sent_once(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver)
    for _ in range(6):
        here.pending()
    number()
    rush([work] * WORKERS)
    work()
    expected = WebhookDelivery.objects.count()
    assert (len(receiver.requests), WebhookAttempt.objects.count()) == (expected, expected)
    arrived: dict[str, list[int]] = {}
    for message in told(receiver):
        arrived.setdefault(message["data"]["action"], []).append(message["sequence"])
    assert all(each == sorted(each) for each in arrived.values())
