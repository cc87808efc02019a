"""Notices: who is told, what the mail says and does not say, and what happens when it cannot be sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.channels.base import Message, NotTold
from approvals.channels.email import EmailChannel
from approvals.models import ActionType, Delivery, Desk, LedgerEntry, Membership
from approvals.services.notifications import queue, recipients
from approvals.states import Tier
from policies import db
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(undo_seconds=0)]
WORKER = system(Door.CELERY)
NOW = datetime.now(UTC)


def deliver() -> int:
    return queue.deliver_ready(actor=WORKER, clock=lambda: NOW)


def told(**which: object) -> set[str]:
    return set(Delivery.objects.filter(**which).values_list("person__username", flat=True))


class TestTell:
    def test_tells_everybody_at_the_desk_who_may_decide(self, here: World) -> None:
        here.pending()
        assert told() == {"junior", "senior"}

    def test_tells_the_responsible_person_alone(self, here: World) -> None:
        ActionType.objects.update(responsible=here.junior)
        here.pending()
        assert told() == {"junior"}

    def test_tells_seniors_what_needs_them_whoever_is_responsible(self, here: World) -> None:
        ActionType.objects.update(responsible=here.junior)
        here.pending(amount=9000)
        assert told() == {"senior"}

    def test_asks_no_more_of_the_database_about_many_than_about_few(self, here: World) -> None:
        action = here.pending(on_behalf_of="Kim")
        stage, asked = action.stages.get(), []
        for number in (2, 20):
            for each in range(number):
                who = world.person(f"m{number}-{each}", email=f"m{number}-{each}@example.com")
                Membership.objects.create(person=who, desk=here.desk, tier=Tier.JUNIOR)
            with CaptureQueriesContext(connection) as statements:
                assert len(recipients.of_stage(action, stage)) > number
            asked.append(len(statements))
        assert asked[0] == asked[1]

    def test_passes_over_whoever_may_not_decide(self, here: World) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=2)
        here.pending(on_behalf_of="junior")
        assert told() == {"senior"}

    def test_passes_over_who_is_gone_has_no_address_or_sits_elsewhere(self, here: World) -> None:
        gone = world.person("gone", is_active=False)
        silent = world.person("silent", email="")
        elsewhere = world.person("elsewhere")
        for person in (gone, silent):
            Membership.objects.create(person=person, desk=here.desk, tier=2)
        Membership.objects.create(person=elsewhere, desk=Desk.objects.create(slug="it", name="IT"), tier=2)
        here.pending()
        assert told() == {"junior", "senior"}

    def test_tells_nobody_of_what_runs_by_itself(self, here: World) -> None:
        here.auto()
        assert not Delivery.objects.exists()

    def test_tells_seniors_once_it_was_escalated(self, here: World) -> None:
        action = here.pending()
        world.decide("escalate", action, here.junior)
        assert told(kind="decision.escalated") == {"senior"}


class TestDeliverReady:
    def test_sends_one_mail_with_a_link_that_decides_nothing(self, here: World) -> None:
        ActionType.objects.update(responsible=here.junior)
        action = here.pending()
        assert [deliver(), deliver()] == [1, 0]
        sent = mail.outbox[0]
        assert sent.to == ["junior@example.com"]
        assert f"{configured.HITL_URL}/admin/approvals/action/{action.pk}/review/" in sent.body
        assert "EUR 717.97" in sent.body and "changes nothing" in sent.body
        assert Delivery.objects.get().state == "sent"

    def test_says_nothing_that_the_agent_wrote(self, here: World) -> None:
        here.pending(issuer="https://evil.example\r\nBcc: x@evil.example <b>", instruction="click here", subject="sub")
        deliver()
        text = "".join(f"{sent.message()}" for sent in mail.outbox)
        assert "evil" not in text and "click here" not in text and "<b>" not in text

    def test_tries_again_later_what_could_not_be_sent(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        here.pending(amount=9000)
        with monkeypatch.context() as broken:
            broken.setattr(EmailChannel, "tell", refuse)
            assert deliver() == 0
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts, delivery.error) == ("ready", 1, "No mail server.")
        assert delivery.not_before > db.now() + timedelta(seconds=20)
        assert deliver() == 0

    def test_sends_the_rest_where_a_channel_breaks_over_one(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        here.pending()
        tell = EmailChannel.tell

        def tell_all_but_one(channel: EmailChannel, message: Message) -> None:
            if message.to == "junior@example.com":
                raise ValueError("A fault of the channel itself.")
            tell(channel, message)

        monkeypatch.setattr(EmailChannel, "tell", tell_all_but_one)
        assert deliver() == 1
        assert (told(state="sent"), told(state="ready")) == ({"senior"}, {"junior"})

    def test_gives_up_in_the_end_and_says_so(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        action = here.pending(amount=9000)
        monkeypatch.setattr(EmailChannel, "tell", refuse)
        monkeypatch.setattr(queue, "MAX_WAIT", timedelta(0))
        deliver()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == ("dead", queue.MAX_ATTEMPTS)
        assert LedgerEntry.objects.filter(action=action, event="notice.failed").count() == 1

    def test_sends_again_what_its_sender_died_with(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        here.pending(amount=9000)
        monkeypatch.setattr(queue, "MAX_WAIT", timedelta(0))
        assert len(queue.lease(actor=WORKER, at=NOW, limit=5)) == 1
        assert (deliver(), len(mail.outbox)) == (1, 1)


def refuse(*args: object) -> None:
    raise NotTold("No mail server.")
