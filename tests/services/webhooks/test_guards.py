"""What the database refuses about webhooks, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.models import Webhook, WebhookDelivery
from tests import world
from tests.servers.recording import Answer, RecordingServer
from tests.services.webhooks.conftest import states, subscribe, work
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


@pytest.fixture
def sent(here: World, receiver: RecordingServer) -> WebhookDelivery:
    """A delivery that its receiver accepted."""
    subscribe(here.junior, receiver, events=["action.proposed"])
    here.propose()
    work()
    return WebhookDelivery.objects.get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_webhook SET url = 'https://thief.example/'",
        "UPDATE approvals_webhook SET nonce = 'x'",
        "UPDATE approvals_webhookcursor SET position = 0",
        "UPDATE approvals_webhookcursor SET sequence = 0",
        "DELETE FROM approvals_webhookcursor",
        "UPDATE approvals_webhookdelivery SET event = 'x'",
        "UPDATE approvals_webhookdelivery SET sequence = sequence + 1",
        "UPDATE approvals_webhookattempt SET status = 500",
    ],
)
def test_it_refuses(sent: WebhookDelivery, statement: str) -> None:
    assert is_refused(statement)


def test_a_webhook_that_never_sent_is_not_deleted(here: World) -> None:
    Webhook.objects.create(name="erp", url="https://erp.example/", owner=here.junior)
    assert is_refused("DELETE FROM approvals_webhook")


def test_what_was_not_sent_is_not_deleted(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver, events=["action.proposed"])
    receiver.script(Answer.FAILED)
    here.propose()
    work()
    assert states() == ["ready"]
    assert is_refused("DELETE FROM approvals_webhookattempt")
    assert is_refused("DELETE FROM approvals_webhookdelivery")


def test_what_was_dropped_stays_so(sent: WebhookDelivery) -> None:
    world.tamper("UPDATE approvals_webhookdelivery SET state = 'dropped'", [])
    assert is_refused("UPDATE approvals_webhookdelivery SET state = 'ready'")
