"""A webhook is told of what its owner may see, each event once and in order, from its first secret on."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from approvals.models import Desk, LedgerEntry, Membership, Webhook, WebhookCursor, WebhookDelivery
from approvals.queries.record import events as ledger_events
from approvals.queries.record import webhooks
from approvals.services.decisions import notes
from approvals.services.webhooks import again, queueing
from approvals.states import Tier
from policies.db import now
from tests import world
from tests.servers.recording import RecordingServer
from tests.services.webhooks.conftest import PRODUCT, WORKER, Ahead, events, number, states, subscribe, told, work
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def test_events_of_an_action_arrive_in_order(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver)
    action = here.approved()
    for _ in world.events(action):
        work()
    found = [message for message in told(receiver) if message["data"]["action"] == str(action.pk)]
    assert [message["type"] for message in found] == ledgered(action.pk)
    assert [message["sequence"] for message in told(receiver)] == list(range(1, len(receiver.requests) + 1))


def ledgered(action_id: Any) -> list[str]:
    rows = LedgerEntry.objects.filter(action=action_id).order_by("position__number")
    return list(rows.values_list("event", flat=True))


def test_an_event_is_as_rest_tells_it(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver)
    here.propose()
    work()
    [message] = told(receiver)
    position = WebhookDelivery.objects.select_related("position__entry").get().position
    assert message["data"] == ledger_events.plain(position)
    assert (message["type"], message["timestamp"]) == (message["data"]["event"], message["data"]["at"])


def test_what_happened_before_the_secret_is_not_sent(here: World, receiver: RecordingServer) -> None:
    here.propose()
    subscribe(here.junior, receiver)
    work()
    assert events(receiver) == []


def test_nothing_is_sent_without_a_secret(here: World, receiver: RecordingServer) -> None:
    Webhook.objects.create(name="erp", url=receiver.url, owner=here.junior)
    here.propose()
    work()
    assert (events(receiver), WebhookCursor.objects.count()) == ([], 0)


def test_only_what_the_owner_may_see(here: World, receiver: RecordingServer) -> None:
    other = world.person("other")
    Membership.objects.create(person=other, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
    subscribe(other, receiver)
    here.propose()
    work()
    assert events(receiver) == []


def test_a_membership_that_ends_ends_what_waits(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver, events=["action.proposed"])
    here.propose()
    number()
    queueing.queue_new(actor=WORKER, at=NOON)
    for each in Membership.objects.filter(person=here.junior):
        each.delete()
    work()
    assert (events(receiver), states()) == ([], ["dropped"])


class TestAnAgent:
    def test_shows_its_owner_what_it_can_read(self, here: World, receiver: RecordingServer) -> None:
        subscribe(here.owner, receiver, agent=here.agent)
        action = here.pending()
        notes.comment(actor=world.Actor(world.Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, text="Hm.")
        for _ in range(5):
            work()
        assert "action.proposed" in events(receiver) and "action.commented" not in events(receiver)

    def test_shows_nobody_else_anything(self, here: World, receiver: RecordingServer) -> None:
        subscribe(world.person("curious"), receiver, agent=here.agent)
        here.propose()
        work()
        assert events(receiver) == []

    def test_narrows_what_a_member_of_the_desk_is_sent(self, here: World, receiver: RecordingServer) -> None:
        other = world.Agent.objects.create(name="other", title="Other", owner=here.owner)
        subscribe(here.junior, receiver, agent=other)
        here.propose()
        work()
        assert events(receiver) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["action.proposed"], ["action.proposed"]),
        (["action.*"], ["action.proposed"]),
        (["nothing.like_it"], []),
    ],
)
def test_it_sends_only_the_events_that_it_names(
    here: World, receiver: RecordingServer, names: list[str], expected: list[str]
) -> None:
    subscribe(here.junior, receiver, events=names)
    here.propose()
    work()
    assert events(receiver) == expected


def test_a_filter_only_takes_away(here: World, receiver: RecordingServer) -> None:
    webhook = subscribe(here.junior, receiver)
    here.approved()
    number()
    everything = positions(webhook)
    for fields in ({"events": ["decision.*"]}, {"action_type": here.kind}, {"agent": here.agent}):
        narrow = Webhook(owner=here.junior, **fields)
        assert positions(narrow) <= everything


def positions(webhook: Webhook) -> set[int]:
    return {row.number for row in ledger_events.among(webhooks.selected(webhook), 0, 1000).rows}


def test_an_inactive_one_goes_on_where_it_stopped(here: World, receiver: RecordingServer) -> None:
    webhook = subscribe(here.junior, receiver)
    webhook.is_active = False
    webhook.save()
    here.propose()
    work()
    assert events(receiver) == []
    webhook.is_active = True
    webhook.save()
    work()
    assert events(receiver) == ["action.proposed"]


def test_it_stops_when_its_owner_is_deactivated(here: World, receiver: RecordingServer) -> None:
    subscribe(here.junior, receiver)
    here.junior.is_active = False
    here.junior.save()
    here.propose()
    work()
    assert events(receiver) == []


@pytest.mark.world(undo_seconds=600)
def test_a_rejection_waits_until_it_is_final(here: World, receiver: RecordingServer, clock: Ahead) -> None:
    subscribe(here.junior, receiver, events=["decision.*"])
    world.decide("reject", here.pending(), here.junior, now())
    work()
    assert events(receiver) == []
    clock.turn(seconds=601)
    work()
    assert events(receiver) == ["decision.rejected"]


def test_what_becomes_of_a_delivery_is_told_to_no_webhook(here: World, receiver: RecordingServer) -> None:
    reader = world.person("reader")
    reader.groups.add(Group.objects.get(name="Compliance"))
    subscribe(reader, receiver, events=["webhook.*"])
    work()
    ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
    again.send_again(actor=PRODUCT, at=NOON, delivery_ids=ids)
    for _ in range(3):
        work()
    assert LedgerEntry.objects.filter(event="webhook.queued_again").exists()
    assert set(events(receiver)) == {"webhook.secret_issued"} and len(receiver.requests) == 2
