"""Wishes about notices: quiet ends when it should whatever the clocks do, and digests come at their times."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Person
from approvals.queries.accounts.notification_preferences import NotificationPreferences, preferences_of

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = NotificationPreferences(quiet_from=time(22), quiet_until=time(7), zone=BERLIN)
WEEKENDS = NotificationPreferences(quiet_from=time(22), quiet_until=time(7), quiet_weekends=True, zone=BERLIN)
# Without their zone, as hypothesis wants them; in between, a whole day was left out in Apia.
FIRST, LAST = (
    local.replace(tzinfo=None) for local in (datetime(2011, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC))
)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC")


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


class TestAfterQuiet:
    @pytest.mark.parametrize(
        ("wishes", "at", "ends"),
        [
            (NIGHT, "2026-11-20 12:00", "2026-11-20 12:00"),
            (NIGHT, "2026-11-20 22:00", "2026-11-21 07:00"),
            (NIGHT, "2026-11-21 06:59", "2026-11-21 07:00"),
            (NIGHT, "2026-11-21 07:00", "2026-11-21 07:00"),
            (
                NotificationPreferences(quiet_from=time(9), quiet_until=time(11), zone=BERLIN),
                "2026-11-20 10:00",
                "2026-11-20 11:00",
            ),
            (WEEKENDS, "2026-11-20 23:00", "2026-11-23 07:00"),
            (WEEKENDS, "2026-11-21 12:00", "2026-11-23 07:00"),
            (NotificationPreferences(quiet_weekends=True, zone=BERLIN), "2026-11-21 12:00", "2026-11-23 00:00"),
            (NotificationPreferences(zone=BERLIN), "2026-11-21 12:00", "2026-11-21 12:00"),
            # Both ends alike are refused where they are set, and are no quiet hours here.
            (
                NotificationPreferences(quiet_from=time(9), quiet_until=time(9), zone=BERLIN),
                "2026-11-21 12:00",
                "2026-11-21 12:00",
            ),
        ],
    )
    def test_is_the_first_moment_that_is_not_quiet(self, wishes: NotificationPreferences, at: str, ends: str) -> None:
        assert wishes.after_quiet(local(at)) == local(ends)

    @pytest.mark.parametrize(
        ("begins", "hours"),
        # The nights in which the clocks go forward, and back; nine hours on others.
        [("2026-03-28 22:00", 8), ("2026-10-24 22:00", 10), ("2026-11-20 22:00", 9)],
    )
    def test_is_by_the_wall_in_nights_in_which_the_clocks_change(self, begins: str, hours: int) -> None:
        at = local(begins).astimezone(UTC)
        assert NIGHT.after_quiet(at) - at == timedelta(hours=hours)

    def test_is_right_after_a_leap_over_its_end(self) -> None:
        wishes = NotificationPreferences(quiet_from=time(22), quiet_until=time(2, 30), zone=BERLIN)
        assert wishes.after_quiet(local("2026-03-29 01:00")) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    def test_ends_in_the_hour_that_comes_twice(self) -> None:
        wishes = NotificationPreferences(quiet_from=time(22), quiet_until=time(2, 30), zone=BERLIN)
        assert wishes.after_quiet(local("2026-10-25 01:00")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 once more, which the wall calls quiet
        assert wishes.after_quiet(again) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    @given(
        zone=st.sampled_from(ZONES),
        begins=st.integers(0, 1439),
        length=st.integers(1, 1439),
        weekends=st.booleans(),
        at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    )
    def test_is_no_sooner_and_no_later(self, zone: str, begins: int, length: int, weekends: bool, at: datetime) -> None:
        walls = [time(minutes // 60, minutes % 60) for minutes in (begins, (begins + length) % 1440)]
        wishes = NotificationPreferences(
            quiet_from=walls[0], quiet_until=walls[1], quiet_weekends=weekends, zone=ZoneInfo(zone)
        )
        ends = wishes.after_quiet(at)
        assert at <= ends and not wishes.is_quiet(ends)
        steps = [at + (ends - at) * part / 20 for part in range(20)]
        assert ends == at or all(wishes.is_quiet(step) for step in [*steps, ends - timedelta(seconds=1)])


class TestNextDigest:
    @pytest.mark.parametrize(
        ("wishes", "at", "comes"),
        [
            (NotificationPreferences(minutes=60, zone=BERLIN), "2026-11-20 12:10", "2026-11-20 13:10"),
            (NotificationPreferences(times=(time(9), time(13)), zone=BERLIN), "2026-11-20 12:10", "2026-11-20 13:00"),
            (NotificationPreferences(times=(time(9), time(13)), zone=BERLIN), "2026-11-20 13:00", "2026-11-21 09:00"),
            (NotificationPreferences(times=(time(17),), quiet_weekends=True, zone=BERLIN),
             "2026-11-20 18:00", "2026-11-23 00:00"),
            (NotificationPreferences(minutes=120, quiet_from=time(18), quiet_until=time(8), zone=BERLIN),
             "2026-11-20 17:00", "2026-11-21 08:00"),
        ],
    )  # fmt: skip
    def test_is_the_next_time_that_is_not_quiet(self, wishes: NotificationPreferences, at: str, comes: str) -> None:
        assert wishes.next_digest(local(at)) == local(comes)

    def test_is_by_the_wall_after_the_clocks_change(self) -> None:
        wishes = NotificationPreferences(times=(time(9),), zone=BERLIN)
        assert wishes.next_digest(local("2026-03-28 10:00")) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
        assert wishes.next_digest(local("2026-10-24 10:00")) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


class TestWishesOf:
    def test_is_as_for_everybody_where_nothing_was_said(self) -> None:
        assert preferences_of(Person(time_zone="Europe/Berlin")) == NotificationPreferences(zone=BERLIN)

    def test_is_what_was_said(self) -> None:
        person = Person(notification_mode="digest", digest_times=["09:00"], quiet_weekends=True, time_zone="Moon/Base")
        assert preferences_of(person) == NotificationPreferences(
            "digest", times=(time(9),), quiet_weekends=True, zone=ZoneInfo("UTC")
        )
