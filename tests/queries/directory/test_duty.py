"""Who is on duty: hours, holidays, absences and delegations, asked together."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from approvals.actors import Actor, Door
from approvals.models import Calendar, Holiday, Hours, Person
from approvals.queries.directory import calendars, duty
from approvals.services.accounts import absences, delegations
from policies.engine.values.durations import Timing
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
# A Saturday at noon, in the future: absences and delegations do not reach into the past.
SATURDAY = datetime(2036, 11, 22, 12, tzinfo=UTC)
MONDAY = datetime(2036, 11, 24, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def here(here: World) -> World:
    calendar = Calendar.objects.create(desk=here.desk, time_zone="Europe/Berlin")
    Hours.objects.bulk_create(Hours(calendar=calendar, weekday=day, begins=time(8), ends=time(18)) for day in range(5))
    return here


def away(person: Person, starts: datetime, ends: datetime) -> None:
    absences.enter(actor=Actor(Door.ADMIN, person=person), at=SATURDAY, person=person, starts_at=starts, ends_at=ends)


class TestDueAt:
    def test_counts_as_the_desk_works(self, here: World) -> None:
        assert calendars.due_at(Timing(working_hours=8), SATURDAY, here.desk.pk, None) == MONDAY + 8 * HOUR
        assert calendars.due_at(Timing(working_days=1), SATURDAY, here.desk.pk, None) == MONDAY + 10 * HOUR
        assert calendars.due_at(Timing(3_600), SATURDAY, here.desk.pk, None) == SATURDAY + HOUR
        assert calendars.due_at(Timing(), SATURDAY, here.desk.pk, None) is None

    def test_counts_round_the_clock_without_a_calendar_or_where_nothing_opens(self, here: World) -> None:
        for timing, span in ((Timing(working_hours=8), 8 * HOUR), (Timing(working_days=2), 2 * DAY)):
            assert calendars.due_at(timing, SATURDAY, 0, None) == SATURDAY + span
        Hours.objects.exclude(weekday=0).delete()
        calendar = Calendar.objects.get()
        mondays = (date(2036, 11, 24) + 7 * DAY * week for week in range(220))
        Holiday.objects.bulk_create(Holiday(calendar=calendar, on=on) for on in mondays)
        assert calendars.due_at(Timing(working_hours=8), SATURDAY, here.desk.pk, None) == SATURDAY + 8 * HOUR


class TestOnDuty:
    def test_is_nobody_while_the_desk_is_closed(self, here: World) -> None:
        people = [here.junior.pk, here.senior.pk]
        assert duty.on_duty(here.desk.pk, people, SATURDAY) == []
        assert duty.on_duty(here.desk.pk, people, MONDAY) == people

    def test_leaves_out_who_is_away(self, here: World) -> None:
        away(here.junior, MONDAY, MONDAY + DAY)
        assert duty.on_duty(here.desk.pk, [here.junior.pk, here.senior.pk], MONDAY) == [here.senior.pk]


class TestNextMoments:
    def test_is_when_the_desk_opens(self, here: World) -> None:
        assert duty.next_moments(here.desk.pk, [here.junior.pk], SATURDAY) == [(MONDAY, here.junior.pk, here.junior.pk)]

    def test_is_after_a_holiday_and_an_absence(self, here: World) -> None:
        Holiday.objects.create(calendar=Calendar.objects.get(), on=MONDAY.date())
        away(here.junior, SATURDAY, MONDAY + DAY + 3 * HOUR)
        assert duty.next_moments(here.desk.pk, [here.junior.pk], SATURDAY)[0][0] == MONDAY + DAY + 3 * HOUR

    def test_counts_whoever_decides_for_her_meanwhile(self, here: World) -> None:
        away(here.senior, SATURDAY, MONDAY + 9 * DAY)
        delegations.grant(
            actor=Actor(Door.ADMIN, person=here.senior), at=SATURDAY, person=here.senior, delegate=here.junior,
            starts_at=MONDAY + DAY, ends_at=MONDAY + 9 * DAY,
        )  # fmt: skip
        found = duty.next_moments(here.desk.pk, [here.senior.pk], SATURDAY)
        assert found[0] == (MONDAY + DAY, here.junior.pk, here.senior.pk)

    def test_passes_over_a_delegation_that_is_over_before_the_desk_opens(self, here: World) -> None:
        delegations.grant(
            actor=Actor(Door.ADMIN, person=here.senior), at=SATURDAY, person=here.senior, delegate=here.junior,
            ends_at=SATURDAY + HOUR,
        )  # fmt: skip
        away(here.senior, SATURDAY, MONDAY + 2 * DAY)
        assert duty.next_moments(here.desk.pk, [here.senior.pk], SATURDAY) == [
            (MONDAY + 2 * DAY, here.senior.pk, here.senior.pk)
        ]
