"""Digests: what goes out one each, what waits to go out together, what is never sent, and in whose words."""

from collections.abc import Callable
from datetime import time, timedelta
from email.message import Message

import pytest
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from approvals.actors import Actor, Door, system
from approvals.channels.base import NotTold
from approvals.channels.email import EmailChannel
from approvals.errors import Malformed, NotAllowed
from approvals.models import Action, ActionType, Agent, BreakGlass, Delivery, LedgerEntry, Membership, Person
from approvals.queries.accounts.notification_preferences import NotificationPreferences
from approvals.services.accounts import preferences
from approvals.services.decisions import handover
from approvals.services.notifications import batching, messages, queue
from policies import db
from tests import world
from tests.world import World, now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive, pytest.mark.world(undo_seconds=0)]
WORKER = system(Door.CELERY)
BEYOND = 3
URGENT_POLICY = world.POLICY.replace("due: 1d", "due: 1h")


def deliver() -> int:
    return queue.deliver_ready(actor=WORKER, clock=now)


def wish(person: Person, **wishes: object) -> Person:
    return preferences.set_notifications(
        actor=Actor(Door.ADMIN, person=person),
        at=now(),
        wishes=NotificationPreferences(**wishes),  # type: ignore[arg-type]
    )


def quiet_now(**more: object) -> dict[str, object]:
    """Quiet hours that began an hour ago and end in an hour."""
    wall = now().replace(second=0, microsecond=0)
    return {"quiet_from": (wall - timedelta(hours=1)).time(), "quiet_until": (wall + timedelta(hours=1)).time(), **more}


def states(**which: object) -> list[str]:
    return sorted(Delivery.objects.filter(**which).values_list("state", flat=True))


@pytest.fixture
def here(here: World) -> World:
    ActionType.objects.update(responsible=here.junior)
    return here


@pytest.fixture
def many(here: World) -> list[Action]:
    """More than a few that wait for the junior; the first few of them went out."""
    actions = [here.pending(now()) for _ in range(batching.FEW + BEYOND)]
    assert deliver() == batching.FEW
    return actions


@pytest.fixture
def held(here: World, many: list[Action]) -> list[Action]:
    """Those of them that wait to go out together, by now due; nothing was mailed yet."""
    mail.outbox.clear()
    waiting = Delivery.objects.filter(state="ready").order_by("id")
    assert {row.not_before > now() + timedelta(minutes=14) for row in waiting} == {True}
    wish(here.junior)
    return [row.action for row in waiting if row.action]


class TestMany:
    def test_go_out_together_beyond_a_few(self, held: list[Action]) -> None:
        assert (deliver(), deliver(), len(mail.outbox)) == (1, 0, 1)
        text = str(mail.outbox[0].body)
        assert mail.outbox[0].subject == f"{BEYOND} pending items; highest risk: Low"
        assert all(f"{configured.HITL_URL}/admin/approvals/action/{action.pk}/review/" in text for action in held)
        assert "EUR 717.97 (Invoice bot)" in text and "changes nothing" in text and "Decide by" in text
        assert set(states()) == {"sent"}

    def test_go_out_one_each_to_whoever_wants_that(self, here: World) -> None:
        wish(here.junior, notification_mode="each")
        for _ in range(batching.FEW + BEYOND):
            here.pending(now())
        assert deliver() == batching.FEW + BEYOND

    def test_wait_for_those_that_wait_already(self, here: World, many: list[Action]) -> None:
        here.pending(now())
        assert deliver() == 0
        assert Delivery.objects.filter(state="ready").values("not_before").distinct().count() == 1

    def test_leave_what_is_urgent_to_itself(self, here: World, many: list[Action]) -> None:
        world.publish(URGENT_POLICY, "invoices", here.owner, here.senior, now())
        here.pending(now())
        assert deliver() == 1
        assert states(held_at__isnull=False) == ["ready"] * BEYOND

    def test_say_nothing_that_the_agent_wrote(self, here: World) -> None:
        wish(here.junior, notification_mode="digest", minutes=15)
        for _ in range(2):
            here.pending(now(), issuer="evil <b>\r\nBcc: x@evil.example", instruction="click here", subject="sub")
        deliver()
        wish(here.junior)
        assert deliver() == 1
        assert not any(word in str(mail.outbox[0].message()) for word in ("evil", "click here", "<b>", "sub\n"))


class TestWhatWasDecidedMeanwhile:
    def test_is_left_out(self, here: World, held: list[Action]) -> None:
        world.decide("approve", held[0], here.junior)
        assert deliver() == 1
        text = str(mail.outbox[0].body)
        assert str(held[0].pk) not in text and str(held[1].pk) in text
        assert states(action=held[0]) == ["dropped"]

    def test_is_no_mail_when_it_was_all(self, here: World, held: list[Action]) -> None:
        for action in held:
            world.decide("approve", action, here.senior)
        assert (deliver(), mail.outbox) == (0, [])
        assert states(action__in=held) == ["dropped"] * BEYOND

    def test_is_left_out_of_what_goes_one_each_too(self, here: World) -> None:
        world.decide("reject", here.pending(), here.junior)
        assert (deliver(), states()) == (0, ["dropped"])

    def test_is_left_out_for_who_may_not_decide_any_more(self, here: World, held: list[Action]) -> None:
        world.decide("escalate", held[0], here.junior)
        Membership.objects.filter(person=here.junior).delete()
        assert deliver() == 1
        assert mail.outbox[0].to == ["senior@example.com"]
        assert states(person=here.junior, held_at__isnull=False) == ["dropped"] * BEYOND

    def test_is_left_out_for_who_has_decided_of_several(self, here: World) -> None:
        ActionType.objects.update(responsible=None)
        world.publish(world.POLICY.replace("responsible, quorum: 1", "desk, quorum: 2"), "invoices", here.owner,
                      here.senior)  # fmt: skip
        world.decide("approve", here.pending(now()), here.junior)
        assert deliver() == 1
        assert mail.outbox[0].to == ["senior@example.com"]


class TestASender:
    def test_that_dies_leaves_the_same_message_to_the_next(
        self, here: World, held: list[Action], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queue, "MAX_WAIT", timedelta(0))
        [first] = queue.lease(actor=WORKER, at=now(), limit=20)
        here.pending(now())
        again = next(each for each in queue.lease(actor=WORKER, at=now(), limit=20) if len(each.delivery_ids) > 1)
        assert (again.message, set(again.delivery_ids)) == (first.message, set(first.delivery_ids))
        world.decide("approve", held[0], here.junior)
        less = next(each for each in queue.lease(actor=WORKER, at=now(), limit=20) if len(each.delivery_ids) > 1)
        assert (less.message.key, len(less.delivery_ids)) == (first.message.key, BEYOND - 1)

    def test_that_fails_tries_the_same_again_and_gives_up_in_the_end(
        self, held: list[Action], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EmailChannel, "tell", refuse)
        monkeypatch.setattr(queue, "MAX_WAIT", timedelta(0))
        deliver()
        assert Delivery.objects.filter(state="dead").values("digest").distinct().count() == 1
        assert LedgerEntry.objects.filter(event="notice.failed").count() == BEYOND

    def test_asks_as_much_of_the_database_whoever_and_however_many(self, here: World) -> None:
        few = queries_to_claim(here, 4)
        # SQLite takes only so many values in one statement.
        assert queries_to_claim(here, 196) <= few + 1

    def test_asks_as_much_however_many_go_together(self, here: World) -> None:
        wish(here.junior, notification_mode="digest", minutes=15)
        assert queries_of_a_digest(here, 3) == queries_of_a_digest(here, 30)


class TestQuietHours:
    def test_keep_what_is_not_urgent_and_send_it_afterwards(self, here: World) -> None:
        wish(here.junior, **quiet_now(notification_mode="each"))
        for _ in range(2):
            here.pending(now())
        assert (deliver(), mail.outbox) == (0, [])
        ends = Delivery.objects.values_list("not_before", flat=True)
        assert all(timedelta(minutes=58) < end - db.now() <= timedelta(hours=1) for end in ends)
        wish(here.junior, notification_mode="each")
        assert (deliver(), len(mail.outbox)) == (1, 1)

    def test_end_with_the_whole_mail_when_it_is_one(self, here: World) -> None:
        wish(here.junior, **quiet_now())
        here.pending(now())
        deliver()
        wish(here.junior)
        assert deliver() == 1
        assert mail.outbox[0].subject == "Post invoice: decision needed"

    def test_let_pass_what_is_due_before_they_end(self, here: World) -> None:
        world.publish(world.POLICY.replace("due: 1d", "due: 30m"), "invoices", here.owner, here.senior, now())
        wish(here.junior, **quiet_now())
        here.pending(now())
        assert deliver() == 1

    def test_keep_that_too_where_it_was_wished(self, here: World) -> None:
        world.publish(world.POLICY.replace("due: 1d", "due: 30m"), "invoices", here.owner, here.senior, now())
        wish(here.junior, **quiet_now(hold_urgent=True))
        here.pending(now())
        assert deliver() == 0

    def test_let_every_alarm_pass(self, here: World) -> None:
        wish(here.junior, **quiet_now(hold_urgent=True))
        glass = BreakGlass.objects.create(person=here.senior, desk=here.desk, reason="Fire.", opened_at=now(),
                                          expires_at=now() + timedelta(hours=1))  # fmt: skip
        queue.notify_break_glass(glass, [here.junior], now())
        assert deliver() == 1

    def test_keep_what_a_new_time_zone_brings_into_them(self, here: World) -> None:
        wish(here.junior, **quiet_now())
        here.pending(now())
        deliver()
        preferences.set_locale(
            actor=Actor(Door.ADMIN, person=here.junior), at=now(), language="en", time_zone="Asia/Tokyo"
        )
        assert deliver() == 1


class TestSetWishes:
    def test_keeps_them_with_their_entry_and_history(self, here: World) -> None:
        wish(here.junior, notification_mode="digest", times=(time(13), time(9)), quiet_weekends=True)
        person = Person.objects.get(pk=here.junior.pk)
        assert (person.digest_times, person.quiet_weekends) == (["09:00", "13:00"], True)
        entry = LedgerEntry.objects.filter(event="person.changed").latest("id")
        assert person.history.latest().history_id == entry.history_id
        assert "digest_times" in entry.body

    @pytest.mark.parametrize(
        ("wishes", "says"),
        [
            ({"notification_mode": "pigeon"}, "each, many, or digest"),
            ({"notification_mode": "digest"}, "Enter a digest interval"),
            ({"notification_mode": "digest", "minutes": 1}, "15 to 1440"),
            ({"times": tuple(time(hour) for hour in range(13))}, "at most 12"),
            ({"notification_mode": "digest", "times": (time(9, 0, 30),)}, "hours and minutes"),
            ({"quiet_from": time(22)}, "both the start and the end"),
            ({"quiet_from": time(22), "quiet_until": time(22)}, "must differ"),
        ],
    )
    def test_refuses_what_does_not_go_together(self, here: World, wishes: dict[str, object], says: str) -> None:
        with pytest.raises(Malformed, match=says):
            wish(here.junior, **wishes)

    @pytest.mark.parametrize("door", [Door.TOKEN, Door.API])
    def test_refuses_a_token_and_an_agent(self, here: World, door: Door) -> None:
        actor = here.as_agent() if door is Door.API else Actor(door, person=here.junior)
        with pytest.raises(NotAllowed):
            preferences.set_notifications(actor=actor, at=now(), wishes=NotificationPreferences())


class TestAMail:
    def test_speaks_its_readers_language_and_clock(self, here: World) -> None:
        Person.objects.filter(pk=here.junior.pk).update(language="de", time_zone="Asia/Tokyo")
        action = here.pending(now())
        deliver()
        with translation.override("de"):
            assert mail.outbox[0].subject == f"Post invoice: {gettext('decision needed')}"
            assert gettext("Review the action and decide:") in str(mail.outbox[0].body)
        assert "decision needed" not in mail.outbox[0].subject
        assert action.due_at is not None
        assert f"{action.due_at + timedelta(hours=9):%Y-%m-%d %H:%M} JST" in str(mail.outbox[0].body)

    @pytest.mark.parametrize(
        "notification_mode", [{"notification_mode": "each"}, {"notification_mode": "digest", "minutes": 15}]
    )
    def test_takes_no_harm_from_hostile_titles(self, here: World, notification_mode: dict[str, object]) -> None:
        title = "Pay\r\nBcc: x@evil.example\u202e\u2028\x00 {{ 1 }} {% now %} <b>" + "x" * 500
        ActionType.objects.update(title=title.replace("\x00", "")[:120])
        Agent.objects.update(title=title.replace("\x00", "")[:120])
        wish(here.junior, **notification_mode)
        for _ in range(2):
            here.pending(now())
        deliver()
        wish(here.junior)
        deliver()
        sent = [letter.message() for letter in mail.outbox]
        assert len(sent) == (2 if notification_mode["notification_mode"] == "each" else 1)
        for message in sent:
            assert (message["Bcc"], message.get_content_type()) == (None, "text/plain")
            assert_plain(message)

    def test_counts_what_it_does_not_list(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(messages, "MAX_LINES", 2)
        wish(here.junior, notification_mode="digest", minutes=15)
        for _ in range(5):
            here.pending(now())
        deliver()
        wish(here.junior)
        deliver()
        text = str(mail.outbox[0].body)
        assert text.count("/review/") == 2 and "3 more items" in text and "/admin/inbox/" in text
        assert states() == ["sent"] * 5


class TestWhatWasHandedOver:
    def test_is_told_at_once_with_who_and_why(self, here: World) -> None:
        wish(here.senior, notification_mode="digest", minutes=60)
        action = here.pending(now())
        hand(action, here.junior, here.senior, "You know them.\r\n\u202eBcc: x@evil.example")
        deliver()
        letter = next(each for each in mail.outbox if each.to == ["senior@example.com"])
        assert letter.subject == "Post invoice: handed over to you"
        assert str(letter.body).startswith(
            "junior handed this action over to you: You know them. [U+202E]Bcc: x@evil.example\n"
        )

    def test_is_told_with_its_own_words_each_time(self, here: World) -> None:
        action = here.pending(now())
        deliver()
        for why in ("First.", "Second."):
            mail.outbox.clear()
            hand(action, here.junior, here.senior, why)
            assert deliver() == 1
            assert str(mail.outbox[0].body).startswith(f"junior handed this action over to you: {why}\n")
            hand(action, here.senior, here.junior, "Yours.")
            deliver()


def hand(action: Action, giver: Person, to: Person, reason: str) -> None:
    handover.hand_over(
        actor=Actor(Door.ADMIN, person=giver), at=now(), action_id=action.pk, to=to.username, reason=reason
    )


def assert_plain(message: Message) -> None:
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    lines = text.decode().splitlines()
    assert not any(line.startswith("Bcc:") for line in lines)
    assert "\u202e" not in text.decode() and max(map(len, lines)) < 400


def refuse(*args: object) -> None:
    raise NotTold("No mail server.")


def queries_to_claim(here: World, people: int) -> int:
    """How many statements it takes to claim the notices of one action to so many people."""
    world.publish(world.POLICY.replace("responsible", "desk"), "invoices", here.owner, here.senior, now())
    ActionType.objects.update(responsible=None)
    for number in range(people):
        name = f"n{people}-{number}"
        Membership.objects.create(person=world.person(name), desk=here.desk, tier=1)
    here.pending(now())
    return counted(lambda: queue.lease(actor=WORKER, at=now(), limit=200))


def queries_of_a_digest(here: World, size: int) -> int:
    """How many statements it takes to claim one digest of so many."""
    for _ in range(size):
        here.pending(now())
    while deliver():
        pass
    wish(here.junior, notification_mode="digest", minutes=15)
    return counted(lambda: queue.lease(actor=WORKER, at=now(), limit=200))


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert work()
    return len(seen.captured_queries)
