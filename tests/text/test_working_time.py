"""Working time: due moments fall into open hours whatever the clocks do, and adding agrees with splitting."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.text.working_time import ALL_DAY, Schedule, Shift

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = (Shift(time(8), time(18)),)
WEEK = Schedule(BERLIN, dict.fromkeys(range(5), OFFICE), frozenset({date(2026, 12, 25), date(2027, 1, 1)}))
HOUR = timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


class TestAfter:
    @pytest.mark.parametrize(
        ("begins", "hours", "ends"),
        [
            ("2026-11-20 09:00", 8, "2026-11-20 17:00"),
            ("2026-11-20 09:00", 9, "2026-11-20 18:00"),
            ("2026-11-20 16:00", 8, "2026-11-23 14:00"),
            ("2026-11-21 12:00", 8, "2026-11-23 16:00"),
            ("2026-11-23 05:00", 1, "2026-11-23 09:00"),
            ("2026-12-24 17:00", 2, "2026-12-28 09:00"),
            ("2026-11-20 18:00", 1, "2026-11-23 09:00"),
        ],
    )
    def test_counts_open_hours_alone(self, begins: str, hours: int, ends: str) -> None:
        assert WEEK.after(local(begins), hours * HOUR) == local(ends)

    def test_counts_hours_that_pass_when_the_clocks_change(self) -> None:
        nights = Schedule(BERLIN, dict.fromkeys(range(7), (Shift(time(0), time(6)),)))
        # The night in which the clocks go forward has five hours until six, that in which they go back has seven.
        assert nights.after(local("2026-03-29 00:00"), 6 * HOUR) == local("2026-03-30 01:00")
        assert nights.after(local("2026-10-25 00:00"), 6 * HOUR) == local("2026-10-25 05:00")

    def test_passes_over_a_break(self) -> None:
        split = Schedule(BERLIN, {0: (Shift(time(13), time(17)), Shift(time(9), time(12)))})
        assert split.after(local("2026-11-23 11:00"), 2 * HOUR) == local("2026-11-23 14:00")

    def test_goes_through_a_night_of_two_rows(self) -> None:
        night = Schedule(BERLIN, {0: (Shift(time(22), time(0)),), 1: (Shift(time(0), time(6)),)})
        assert night.after(local("2026-11-23 23:00"), 2 * HOUR) == local("2026-11-24 01:00")

    def test_gives_up_where_nothing_ever_opens(self) -> None:
        never = Schedule(BERLIN, {0: (Shift(time(8), time(8, 30)),)}, frozenset())
        assert never.after(local("2026-11-23 09:00"), 9999 * HOUR) is None


class TestCloseOf:
    @pytest.mark.parametrize(
        ("begins", "days", "ends"),
        [
            ("2026-11-23 09:00", 1, "2026-11-24 18:00"),
            ("2026-11-20 16:00", 2, "2026-11-24 18:00"),
            ("2026-11-21 16:00", 1, "2026-11-23 18:00"),
            ("2026-12-24 10:00", 1, "2026-12-28 18:00"),
            ("2026-11-23 18:00", 1, "2026-11-24 18:00"),
        ],
    )
    def test_is_when_the_desk_closes_on_a_later_working_day(self, begins: str, days: int, ends: str) -> None:
        assert WEEK.close_of(local(begins), days) == local(ends)

    def test_is_midnight_where_days_are_open_all_day(self) -> None:
        assert Schedule(BERLIN).close_of(local("2026-11-23 09:00"), 1) == local("2026-11-25 00:00")


class TestNextOpen:
    def test_is_now_where_it_is_open(self) -> None:
        assert WEEK.next_open(local("2026-11-23 09:00")) == local("2026-11-23 09:00")
        assert WEEK.is_open(local("2026-11-23 09:00")) and not WEEK.is_open(local("2026-11-23 18:00"))

    def test_is_after_the_weekend_and_the_holiday(self) -> None:
        assert WEEK.next_open(local("2026-12-24 18:00")) == local("2026-12-28 08:00")

    def test_is_never_where_all_days_are_holidays(self) -> None:
        days = frozenset(date(2026, 1, 1) + timedelta(days=step) for step in range(5 * 366))
        assert Schedule(BERLIN, {}, days).next_open(local("2026-01-02 08:00")) is None


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
shifts = st.builds(Shift, times, times).filter(lambda shift: shift.ends == time(0) or shift.begins < shift.ends)
weeks = st.dictionaries(st.integers(0, 6), st.lists(shifts, min_size=1, max_size=3).map(tuple), max_size=7)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia"])
days_off = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30)
schedules = st.builds(Schedule, zones.map(ZoneInfo), weeks, days_off)
FIRST_AND_LAST = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-01"))
moments = st.datetimes(*FIRST_AND_LAST, timezones=st.just(UTC))
spans = st.integers(1, 60 * 60 * 60).map(lambda seconds: timedelta(seconds=seconds))


def is_in_open_time(schedule: Schedule, at: datetime) -> bool:
    """Whether a moment is open or the very one at which it closes."""
    return schedule.is_open(at) or schedule.is_open(at - timedelta(microseconds=1))


class TestAnySchedule:
    @given(schedules, moments, spans)
    def test_never_ends_inside_a_closed_time(self, schedule: Schedule, at: datetime, span: timedelta) -> None:
        for due in (schedule.after(at, span), schedule.close_of(at, 1 + span.seconds % 5)):
            assert due is None or (due > at and is_in_open_time(schedule, due))

    @given(schedules, moments, spans, spans)
    def test_adds_up_when_it_is_split(self, schedule: Schedule, at: datetime, one: timedelta, two: timedelta) -> None:
        middle = schedule.after(at, one)
        assert middle is None or schedule.after(middle, two) == schedule.after(at, one + two)

    @given(schedules, moments, st.integers(1, 6), st.integers(1, 6))
    def test_adds_up_days_when_they_are_split(self, schedule: Schedule, at: datetime, one: int, two: int) -> None:
        middle = schedule.close_of(at, one)
        assert middle is None or schedule.close_of(middle, two) == schedule.close_of(at, one + two)

    @given(schedules, moments, spans, spans, st.integers(1, 6))
    def test_never_ends_earlier_where_it_begins_later(
        self, schedule: Schedule, at: datetime, later: timedelta, span: timedelta, days: int
    ) -> None:
        pairs = [
            (schedule.after(at, span), schedule.after(at + later, span)),
            (schedule.after(at, span), schedule.after(at, span + later)),
            (schedule.close_of(at, days), schedule.close_of(at + later, days)),
        ]
        assert all(first is None or second is None or first <= second for first, second in pairs)

    @given(zones.map(ZoneInfo), moments, spans)
    def test_is_elapsed_time_where_it_never_closes(self, zone: ZoneInfo, at: datetime, span: timedelta) -> None:
        always = dict.fromkeys(range(7), ALL_DAY)
        assert Schedule(zone).after(at, span) == Schedule(zone, always).after(at, span) == at + span
