"""Deliveries over real HTTP: signed, tried again, in order, given up at last, and sent again on request."""

import base64
import json
from datetime import timedelta

import pytest
from pytest_django import Settings

from approvals.connectors import outbound
from approvals.errors import Malformed, NotAllowed, WrongState
from approvals.models import Action, LedgerEntry, Webhook, WebhookAttempt, WebhookCursor, WebhookDelivery
from approvals.models.webhooks import MAX_FAILURES, WAITS
from approvals.services.webhooks import again, dispatch, issuing, queueing, removal, signing
from approvals.services.webhooks.dispatch import Answer
from tests import world
from tests.admin.offers.everything import by
from tests.servers.recording import Answer as Says
from tests.servers.recording import RecordingServer
from tests.services.webhooks.conftest import (
    PRODUCT,
    WORKER,
    Ahead,
    events,
    header,
    issue,
    number,
    signed_by,
    states,
    subscribe,
    work,
)
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
PROPOSED = {"events": ["action.proposed"]}


@pytest.fixture
def webhook(here: World, receiver: RecordingServer) -> Webhook:
    return subscribe(here.junior, receiver, **PROPOSED)


class TestASignature:
    def test_is_by_the_secret_that_was_shown(self, webhook: Webhook, here: World, receiver: RecordingServer) -> None:
        secret = issue(webhook, days=0)
        here.propose()
        work()
        [request] = receiver.requests
        assert signed_by(request, secret) and not signed_by(request, "whsec_" + "A" * 43 + "=")

    def test_is_that_of_the_specification(self) -> None:
        """The example that Standard Webhooks publishes with its libraries."""
        secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        found = signing.headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
        assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_is_by_both_secrets_while_both_are_valid(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        former, newer = issue(webhook, days=0), issue(webhook, days=1)
        here.propose()
        work()
        clock.turn(days=1, seconds=1)
        here.propose()
        work()
        both, one = receiver.requests
        assert signed_by(both, former) and signed_by(both, newer)
        assert not signed_by(one, former) and signed_by(one, newer)

    def test_is_by_each_key_of_decisions(
        self, webhook: Webhook, here: World, receiver: RecordingServer, settings: Settings
    ) -> None:
        secret = issue(webhook, days=0)
        settings.HITL_DECISION_KEYS = ["n" * 50, *settings.HITL_DECISION_KEYS]
        here.propose()
        work()
        [request] = receiver.requests
        assert signed_by(request, secret) and len(header(request, "webhook-signature").split()) == 2


class TestAFailure:
    @pytest.mark.parametrize("says", [Says.FAILED, Says.BUSY, Says.REFUSED, Says.REDIRECTED, Says.CLOSED])
    def test_is_tried_again_with_the_same_id(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead, says: Says
    ) -> None:
        receiver.script(says)
        here.propose()
        work()
        assert states() == ["ready"]
        clock.turn(seconds=6)
        work()
        first, second = receiver.requests
        assert (states(), first.path, second.path) == (["sent"], "/hooks", "/hooks")
        assert first.body == second.body and header(first, "webhook-id") == header(second, "webhook-id")

    def test_of_a_silent_receiver_is_noticed(
        self, webhook: Webhook, here: World, receiver: RecordingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbound, "SECONDS", 0.3)
        receiver.script(Says.SILENT)
        here.propose()
        work()
        found = WebhookAttempt.objects.get()
        assert (found.status, states()) == (None, ["ready"]) and "No response" in found.error

    def test_makes_later_events_of_the_action_wait(self, here: World, receiver: RecordingServer, clock: Ahead) -> None:
        subscribe(here.junior, receiver)
        receiver.script(Says.FAILED)
        action = here.pending()
        work()
        clock.turn(seconds=1)
        work()
        assert events(receiver) == ["action.proposed"]
        for _ in range(5):
            clock.turn(seconds=6)
            work()
        assert events(receiver)[1:] == ledgered(action)

    def test_makes_one_delivery_try_for_all(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        receiver.script(*[Says.FAILED] * 6)
        for _ in range(4):
            here.propose()
        work()
        tried = len(receiver.requests)
        clock.turn(seconds=31)
        work()
        assert len(receiver.requests) == tried + 1

    def test_is_given_up_after_days_and_on_the_record(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        give_up(here, receiver, clock)
        assert states() == ["dead"]
        told = json.loads(LedgerEntry.objects.get(event="webhook.given_up").data)
        assert (told["webhook"], told["attempts"]) == (webhook.pk, MAX_FAILURES)
        assert sum(WAITS, timedelta()) > timedelta(days=3)

    def test_that_is_final_lets_the_next_one_go(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        give_up(here, receiver, clock)
        here.propose()
        clock.turn(days=1)
        work()
        assert states() == ["dead", "sent"]


def ledgered(action: Action) -> list[str]:
    rows = LedgerEntry.objects.filter(action=action).order_by("position__number")
    return list(rows.values_list("event", flat=True))


def give_up(here: World, receiver: RecordingServer, clock: Ahead) -> None:
    """A delivery that its receiver never accepts."""
    receiver.script(*[Says.FAILED] * MAX_FAILURES)
    here.propose()
    for _ in range(MAX_FAILURES):
        work()
        clock.turn(days=1, seconds=1)


class TestTheLog:
    def test_holds_each_attempt(self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead) -> None:
        receiver.script(Says.FAILED)
        here.propose()
        work()
        clock.turn(seconds=6)
        work()
        found = WebhookAttempt.objects.order_by("number")
        assert [(each.number, each.status) for each in found] == [(1, 500), (2, 200)]

    def test_holds_the_beginning_of_an_answer_as_plain_text(
        self, webhook: Webhook, here: World, receiver: RecordingServer
    ) -> None:
        receiver.served["/hooks"] = b"<b>\x00\xff" + b"x" * 5000
        here.propose()
        work()
        answer = WebhookAttempt.objects.get().answer
        assert answer.startswith("<b>\N{REPLACEMENT CHARACTER}") and len(answer) == 1024 and "\x00" not in answer

    def test_is_deleted_after_some_days(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        here.propose()
        work()
        assert removal.remove_old(actor=WORKER, at=NOON) == 0
        clock.turn(days=31)
        assert removal.remove_old(actor=WORKER, at=NOON) == 1
        assert not WebhookAttempt.objects.exists()

    def test_keeps_what_failed(self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead) -> None:
        give_up(here, receiver, clock)
        clock.turn(days=300)
        assert removal.remove_old(actor=WORKER, at=NOON) == 0


class TestSendingAgain:
    def test_sends_what_was_given_up(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        give_up(here, receiver, clock)
        assert send_again() == 1
        work()
        assert states() == ["sent"]
        assert len({header(request, "webhook-id") for request in receiver.requests}) == 1

    def test_ends_the_pause_of_its_webhook(
        self, webhook: Webhook, here: World, receiver: RecordingServer, clock: Ahead
    ) -> None:
        here.propose()
        work()
        receiver.script(Says.FAILED)
        here.propose()
        work()
        send_again()
        work()
        assert len(receiver.requests) == 3

    def test_sends_what_a_receiver_lost(self, webhook: Webhook, here: World, receiver: RecordingServer) -> None:
        here.propose()
        work()
        send_again()
        work()
        assert len(receiver.requests) == 2

    def test_is_on_the_record(self, webhook: Webhook, here: World, receiver: RecordingServer) -> None:
        here.propose()
        work()
        send_again()
        told = json.loads(LedgerEntry.objects.get(event="webhook.queued_again").data)
        assert told == {"deliveries": [str(WebhookDelivery.objects.get().pk)]}

    def test_is_refused_for_what_waits(self, webhook: Webhook, here: World) -> None:
        here.propose()
        number()
        queueing.queue_new(actor=WORKER, at=NOON)
        with pytest.raises(WrongState):
            send_again()

    def test_is_for_those_who_may_change_webhooks(self, webhook: Webhook, here: World) -> None:
        with pytest.raises(NotAllowed):
            again.send_again(actor=by(here.junior), at=NOON, delivery_ids=[])


def send_again() -> int:
    ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
    return again.send_again(actor=PRODUCT, at=NOON, delivery_ids=ids)


class TestAnAddress:
    @pytest.mark.parametrize(
        "url", ["https://hitl.example/hooks", "https://hooks.hitl.example/", "http://127.0.0.1:8000/"]
    )
    def test_is_not_our_own(self, settings: Settings, url: str) -> None:
        settings.HITL_URL = "http://127.0.0.1:8000"
        settings.ALLOWED_HOSTS = [".hitl.example", "127.0.0.1"]
        settings.HITL_OUTBOUND_HOSTS = ["hitl.example", "hooks.hitl.example"]
        settings.HITL_OUTBOUND_LOOPBACK = ["127.0.0.1:8000"]
        assert "this installation" in outbound.fault_of(url)

    def test_beside_ours_is_another(self, settings: Settings) -> None:
        settings.ALLOWED_HOSTS, settings.HITL_OUTBOUND_HOSTS = ["hitl.example"], ["hitl.example:8443"]
        assert outbound.fault_of("https://hitl.example:8443/hooks") == ""

    def test_that_is_no_longer_allowed_is_not_called(
        self, webhook: Webhook, here: World, receiver: RecordingServer, settings: Settings
    ) -> None:
        settings.HITL_OUTBOUND_LOOPBACK = []
        here.propose()
        work()
        assert (receiver.requests, states()) == ([], ["ready"])
        assert "HTTPS" in WebhookAttempt.objects.get().error

    def test_that_was_changed_past_us_is_not_called(
        self, webhook: Webhook, here: World, receiver: RecordingServer
    ) -> None:
        change = "UPDATE approvals_webhook SET url = %s"
        world.tamper(change, [f"{receiver.url}/thief"], "told_webhook_changed", "told_webhook_whole")
        here.propose()
        work()
        assert (receiver.requests, states()) == ([], ["ready"])
        assert WebhookCursor.objects.get().retry_at is not None


class TestALease:
    def test_keeps_others_from_the_same_attempt(self, webhook: Webhook, here: World) -> None:
        queued(here)
        assert (len(lease()), len(lease())) == (1, 0)

    def test_that_lapsed_makes_its_answer_count_no_more(self, webhook: Webhook, here: World, clock: Ahead) -> None:
        queued(here)
        [late] = lease()
        clock.turn(minutes=2)
        [next_one] = lease()
        accepted = Answer(milliseconds=1, status=200)
        assert not dispatch.record_answer(actor=WORKER, at=NOON, parcel=late, answer=accepted)
        assert dispatch.record_answer(actor=WORKER, at=NOON, parcel=next_one, answer=accepted)
        assert not dispatch.record_answer(actor=WORKER, at=NOON, parcel=next_one, answer=accepted)

    def test_is_for_few_of_one_webhook(self, webhook: Webhook, here: World) -> None:
        for _ in range(9):
            here.propose()
        number()
        queueing.queue_new(actor=WORKER, at=NOON)
        assert (len(lease()), len(lease())) == (dispatch.AT_ONCE, 0)


def queued(here: World) -> None:
    here.propose()
    number()
    queueing.queue_new(actor=WORKER, at=NOON)


def lease() -> list[dispatch.Parcel]:
    return dispatch.lease(actor=WORKER, at=NOON, limit=16)


class TestASecret:
    def test_is_for_those_who_may_change_webhooks(self, webhook: Webhook, here: World) -> None:
        with pytest.raises(NotAllowed):
            issuing.issue(actor=by(here.junior), at=NOON, webhook_id=webhook.pk, overlap=timedelta(0))

    def test_does_not_outlive_its_successor_for_long(self, webhook: Webhook) -> None:
        with pytest.raises(Malformed):
            issue(webhook, days=31)

    def test_is_not_in_the_database(self, webhook: Webhook) -> None:
        secret = issue(webhook)
        stored = json.dumps([list(map(str, row)) for row in Webhook.objects.values_list()])
        assert secret.removeprefix("whsec_") not in stored
        assert not LedgerEntry.objects.filter(data__contains=secret[6:20]).exists()
