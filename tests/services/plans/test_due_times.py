"""Due times as desks work, reminders, and warnings when nobody is there; each once and told apart on record."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail

from approvals.actors import Actor, Door, system
from approvals.models import Action, Calendar, Delivery, Holiday, Hours, LedgerEntry, Membership, Person, Stage
from approvals.services.accounts import absences, delegations
from approvals.services.deadlines import overdue, reminders
from approvals.services.notifications import queue
from approvals.states import Tier
from policies import db
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
CLOCK = system(Door.CLOCK)
NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Told from two hours ago, so that a reminder an hour before three hours are over is due.
BEFORE = NOW - 2 * HOUR
REMINDING = world.POLICY.replace("due: 1d", "due: 3h, remind: 1h").replace("due: 2d", "due: 1 working day")


@pytest.fixture
def here(here: World) -> World:
    world.publish(REMINDING, "invoices", here.owner, here.senior)
    return here


def closed(here: World, days: int = 7) -> Calendar:
    """The desk's calendar: open all day, but for so many days from yesterday on."""
    calendar = Calendar.objects.create(desk=here.desk, time_zone="UTC")
    first = NOW.date() - DAY
    Holiday.objects.bulk_create(Holiday(calendar=calendar, on=first + DAY * step) for step in range(days + 1))
    return calendar


def leave(person: Person) -> None:
    absences.enter(actor=Actor(Door.ADMIN, person=person), at=NOW, person=person, ends_at=NOW + 20 * DAY,
                   starts_at=NOW - 3 * HOUR)  # fmt: skip


def lend(person: Person, to: Person) -> None:
    actor = Actor(Door.ADMIN, person=person)
    delegations.grant(actor=actor, at=NOW - 3 * HOUR, person=person, delegate=to, ends_at=NOW + DAY)


def remind() -> int:
    return reminders.remind_due(actor=CLOCK, clock=lambda: NOW)


def told(action: Action, kind: str) -> set[str]:
    return set(Delivery.objects.filter(action=action, kind=kind).values_list("person__username", flat=True))


class TestDue:
    def test_is_when_the_desk_closes(self, here: World) -> None:
        calendar = closed(here)
        Hours.objects.bulk_create(
            Hours(calendar=calendar, weekday=day, begins=time(8), ends=time(17)) for day in range(7)
        )
        action = here.pending(NOW, amount=9000)
        assert action.due_at == datetime.combine(NOW.date() + 7 * DAY, time(17), UTC)
        assert Stage.objects.get(action=action).due_at == action.due_at

    def test_is_the_same_time_again_when_it_is_escalated(self, here: World) -> None:
        action = here.pending(NOW - 4 * HOUR)
        assert overdue.expire_due(actor=CLOCK, clock=lambda: NOW) == 1
        stage = Stage.objects.get(action=action)
        assert stage.is_escalated and abs(stage.due_at - db.now() - 3 * HOUR) < HOUR / 6
        assert stage.remind_at == stage.due_at - HOUR and stage.reminded_at is None


class TestRemindDue:
    def test_tells_each_once_and_says_so(self, here: World) -> None:
        action = here.pending(BEFORE - HOUR / 60)
        assert [remind(), remind()] == [1, 0]
        assert told(action, "stage.reminded") == {"junior", "senior"}
        assert LedgerEntry.objects.filter(action=action, event="stage.reminded").count() == 1
        stage = Stage.objects.get(action=action)
        assert (stage.reminded_at, stage.history.first().reminded_at) == (NOW, NOW)
        queue.deliver_ready(actor=CLOCK, clock=lambda: NOW)
        assert "Reminder: Post invoice: decision needed" in {sent.subject for sent in mail.outbox}

    def test_waits_until_it_is_due_and_ends_with_the_action(self, here: World) -> None:
        here.pending(NOW)
        decided = here.pending(BEFORE - HOUR / 60)
        world.decide("reject", decided, here.junior, NOW)
        assert remind() == 0

    def test_tells_nobody_who_has_approved(self, here: World) -> None:
        world.publish(REMINDING.replace("quorum: 1", "quorum: 2"), "invoices", here.owner, here.senior)
        action = here.pending(BEFORE - HOUR / 60)
        world.decide("approve", action, here.junior, NOW)
        assert remind() == 1
        assert told(action, "stage.reminded") == {"senior"}

    def test_is_over_when_the_time_is(self, here: World) -> None:
        here.pending(NOW - 4 * HOUR)
        assert remind() == 0


class TestWhoIsTold:
    def test_is_nobody_who_is_away(self, here: World) -> None:
        leave(here.junior)
        assert told(here.pending(NOW), "action.routed") == {"senior"}

    def test_is_whoever_decides_for_her(self, here: World) -> None:
        friend = world.person("friend")
        leave(here.senior)
        lend(here.senior, friend)
        assert told(here.pending(NOW, amount=9000), "action.routed") == {"friend"}

    def test_is_every_senior_when_all_are_away(self, here: World) -> None:
        leave(here.senior)
        assert told(here.pending(NOW, amount=9000), "action.routed") == {"senior"}


class TestWarnings:
    def test_say_from_when_on_somebody_is_there(self, here: World) -> None:
        closed(here)
        proposed = here.propose(NOW, expires_at=NOW + DAY)
        (warning,) = proposed.warnings or []
        opens = datetime.combine(NOW.date() + 7 * DAY, time(0), UTC)
        assert (warning["code"], warning["next_on_duty_at"]) == ("nobody_on_duty", f"{opens:%Y-%m-%dT%H:%M:%SZ}")
        (routed,) = here.route(proposed, NOW).warnings or []
        assert routed["next_on_duty_at"] == warning["next_on_duty_at"]

    def test_are_none_while_somebody_is_there(self, here: World) -> None:
        proposed = here.propose(NOW, expires_at=NOW + DAY)
        assert proposed.warnings is None and here.route(proposed, NOW).warnings is None

    def test_know_who_is_away_and_who_decides_meanwhile(self, here: World) -> None:
        leave(here.senior)
        assert [item["code"] for item in here.pending(NOW, amount=9000).warnings or []] == ["nobody_on_duty"]
        lend(here.senior, here.junior)
        assert here.pending(NOW, amount=9000).warnings is None

    def test_do_not_count_on_whoever_may_not_decide_it(self, here: World) -> None:
        other = world.person("other")
        Membership.objects.create(person=other, desk=here.desk, tier=Tier.SENIOR)
        leave(here.senior)
        assert here.pending(NOW, amount=9000).warnings is None
        assert here.pending(NOW, amount=9000, on_behalf_of="other").warnings

    def test_are_about_the_time_that_policy_gives_too(self, here: World) -> None:
        closed(here)
        assert here.pending(NOW).warnings
        assert here.pending(NOW, amount=9000).warnings is None
