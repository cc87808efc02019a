"""Each change of an action type is mailed to who owns its outcome and to compliance: who changed what, in words."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from approvals.actors import Actor, Door, system
from approvals.channels.fake import FakeChannel
from approvals.models import ActionType, Delivery, LedgerEntry, Person
from approvals.models.deliveries import DeliveryState
from approvals.models.people import NotificationMode
from approvals.services.catalog import rows
from approvals.services.notifications import batching, queue
from approvals.states import ExecutionMode, Mode, Stakes
from policies import db
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.fixture
def here(here: World) -> World:
    here.kind.owner = here.senior
    here.kind.save()
    return here


@pytest.fixture
def officer(here: World) -> Person:
    found = world.person("officer")
    found.groups.add(Group.objects.get(name="Compliance"))
    return found


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> FakeChannel:
    fake = FakeChannel()
    monkeypatch.setattr(queue, "channel", lambda _name: fake)
    return fake


def change(here: World, who: Person | None = None, **fields: Any) -> None:
    actor = Actor(Door.ADMIN, person=who) if who else system(Door.COMMAND)
    kind = ActionType.objects.get(pk=here.kind.pk)
    for name, value in fields.items():
        setattr(kind, name, value)
    with transaction.atomic():
        rows.save(kind, actor, fields)


def send() -> int:
    return queue.deliver_ready(actor=system(Door.CLOCK), clock=db.now)


class TestWhoIsTold:
    def test_is_the_owner_of_the_outcome_and_compliance(self, here: World, officer: Person, mail: FakeChannel) -> None:
        change(here, here.junior, mode=Mode.AUTONOMOUS)
        assert send() == 2
        assert {message.to for message in mail.told} == {here.senior.email, officer.email}

    def test_is_whoever_changed_it_too(self, here: World, mail: FakeChannel) -> None:
        change(here, here.senior, mode=Mode.AUTONOMOUS)
        send()
        assert [message.to for message in mail.told] == [here.senior.email]

    def test_is_whom_it_was_taken_from_too(self, here: World, mail: FakeChannel) -> None:
        change(here, here.junior, owner=here.junior, mode=Mode.AUTONOMOUS)
        send()
        assert {message.to for message in mail.told} == {here.senior.email, here.junior.email}

    def test_is_nobody_who_left_or_has_no_address(self, here: World, officer: Person) -> None:
        Person.objects.filter(pk=here.senior.pk).update(is_active=False)
        Person.objects.filter(pk=officer.pk).update(email="")
        change(here, here.junior, mode=Mode.AUTONOMOUS)
        assert not Delivery.objects.exists()

    def test_is_nobody_where_nothing_changed(self, here: World) -> None:
        change(here, here.junior)
        assert not Delivery.objects.exists()

    def test_is_told_what_the_product_did_itself(self, here: World, mail: FakeChannel) -> None:
        change(here, mode=Mode.AUTONOMOUS)
        send()
        assert "system (Command) changed" in mail.told[0].text

    def test_is_told_that_one_was_added(self, here: World, mail: FakeChannel) -> None:
        kind = ActionType.objects.get(pk=here.kind.pk)
        kind.pk, kind.name, kind.title = None, "wire.pay", "Pay a wire"
        with transaction.atomic():
            rows.save(kind, Actor(Door.ADMIN, person=here.junior), (), is_new=True)
        send()
        assert mail.told[0].subject == "Action type added: Pay a wire"
        assert "- Mode: “Human on the loop”" in mail.told[0].text


class TestWhatIsSaid:
    def told(self, here: World, mail: FakeChannel, **fields: Any) -> str:
        change(here, here.junior, **fields)
        send()
        return mail.told[0].text

    def test_is_who_what_when_and_where_to_look(self, here: World, mail: FakeChannel) -> None:
        text = self.told(here, mail, mode=Mode.AUTONOMOUS, stakes=Stakes.LOW)
        assert "junior changed the action type “Post invoice” (invoice.post) on" in text
        assert "- Mode: from “Human on the loop” to “Autonomous”" in text
        assert "- Stakes: from “Medium” to “Low”" in text
        assert f"/admin/approvals/actiontype/{here.kind.pk}/history/" in text
        assert mail.told[0].subject == "Action type changed: Post invoice"

    def test_names_people_and_what_is_empty(self, here: World, mail: FakeChannel) -> None:
        text = self.told(here, mail, owner=None, amount_pointer="", has_external_impact=True)
        assert "- Outcome owner: from senior to nothing" in text
        assert "- Amount pointer: from “/amount” to nothing" in text
        assert "- Has external effects: from no to yes" in text

    def test_takes_json_apart(self, here: World, mail: FakeChannel) -> None:
        text = self.told(here, mail, target={"to": "account", "deep": {"url": "https://evil.example"}})
        assert "- Connector target /to: from nothing to “account”" in text
        assert "{" not in text.replace('{"url"', "")

    def test_is_on_one_line_each_whatever_somebody_typed(self, here: World, mail: FakeChannel) -> None:
        text = self.told(here, mail, title="Pay\n\nhttps://evil.example", description="a\r\nb")
        assert "\nhttps://evil.example" not in text and "\r" not in text

    def test_is_short_however_much_changed(self, here: World, mail: FakeChannel) -> None:
        properties = {f"field_{number}": {"type": "string"} for number in range(500)}
        text = self.told(here, mail, schema={"type": "object", "properties": properties})
        assert len(text) < 20_000 and "more changes" in text

    def test_is_in_the_readers_language(self, here: World, mail: FakeChannel) -> None:
        Person.objects.filter(pk=here.senior.pk).update(language="de")
        assert "Betriebsart" in self.told(here, mail, mode=Mode.AUTONOMOUS)

    def test_is_the_change_that_it_was_sent_for(self, here: World, mail: FakeChannel) -> None:
        change(here, here.junior, mode=Mode.AUTONOMOUS)
        change(here, here.junior, mode=Mode.ON_THE_LOOP)
        send()
        said = [line for message in mail.told for line in message.text.splitlines() if line.startswith("- Mode")]
        assert sorted(said) == [
            "- Mode: from “Autonomous” to “Human on the loop”",
            "- Mode: from “Human on the loop” to “Autonomous”",
        ]


class TestWhenItGoes:
    def test_is_at_once_whatever_somebody_wished(self, here: World, mail: FakeChannel) -> None:
        Person.objects.filter(pk=here.senior.pk).update(
            notification_mode=NotificationMode.DIGEST, quiet_from=time(0), quiet_until=time(23, 59), quiet_weekends=True
        )
        change(here, here.junior, mode=Mode.AUTONOMOUS)
        assert send() == 1

    def test_is_each_by_itself(self, here: World, mail: FakeChannel) -> None:
        for number in range(batching.FEW + 3):
            change(here, here.junior, valid_seconds=number + 1)
        assert send() == batching.FEW + 3

    def test_is_never_before_the_commit_and_not_without_it(self, here: World, mail: FakeChannel) -> None:
        with transaction.atomic():
            change(here, here.junior, mode=Mode.AUTONOMOUS)
            assert (len(mail.told), Delivery.objects.count()) == (0, 1)
            transaction.set_rollback(True)
        assert (send(), Delivery.objects.count()) == (0, 0)

    def test_is_again_until_it_is_given_up_with_an_entry(self, here: World, mail: FakeChannel) -> None:
        mail.failures = queue.MAX_ATTEMPTS
        change(here, here.junior, mode=Mode.AUTONOMOUS)
        for _ in range(queue.MAX_ATTEMPTS):
            Delivery.objects.update(not_before=datetime(2026, 1, 1, tzinfo=UTC))
            send()
        assert Delivery.objects.get().state == DeliveryState.DEAD
        assert f'"action_type":{here.kind.pk}' in LedgerEntry.objects.get(event="notice.failed").body

    def test_waits_for_the_worker_and_not_for_the_page(self, here: World, mail: FakeChannel) -> None:
        change(here, here.junior, execution=ExecutionMode.AGENT, connector="")
        assert not mail.told
        assert Delivery.objects.get().state == DeliveryState.READY
