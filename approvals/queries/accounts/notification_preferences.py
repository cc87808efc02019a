"""Notification preferences: quiet hours and digest times in a person's own time zone, without queries.

Hours are local clock times, also on nights when the clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from approvals.models import Person
from approvals.models.people import NotificationMode
from approvals.queries.accounts.locale import zone_of

SATURDAY = 5
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class NotificationPreferences:
    """A person's notification mode, digest times and quiet hours.

    Digests come at ``times`` of each day or, without any, so many ``minutes`` after the first that waits.
    """

    notification_mode: str = NotificationMode.MANY
    minutes: int | None = None
    times: tuple[time, ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = False
    hold_urgent: bool = False
    zone: tzinfo = UTC

    def is_quiet(self, at: datetime) -> bool:
        """Return whether this time is within quiet hours; their end is not."""
        local = at.astimezone(self.zone)
        if self.quiet_weekends and local.weekday() >= SATURDAY:
            return True
        wall = local.time()
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= wall < self.quiet_until
        return wall >= self.quiet_from or wall < self.quiet_until

    def after_quiet(self, at: datetime) -> datetime:
        """Return the first time from this one on that is outside quiet hours."""
        found = at
        while self.is_quiet(found):
            # Quiet ends at its hour, at the end of a weekend, or where the clocks leap over either.
            ends = {MIDNIGHT, self.quiet_until or MIDNIGHT}
            found = min(self._moments(ends, found))
        return found

    def next_digest(self, at: datetime) -> datetime:
        """Return the time of the next digest."""
        if self.times:
            return self.after_quiet(min(self._moments(set(self.times), at)))
        return self.after_quiet(at + (self.minutes or 0) * MINUTE)

    def _moments(self, walls: set[time], at: datetime) -> Iterator[datetime]:
        """Yield the next times today or tomorrow at which the clock shows these hours."""
        today = at.astimezone(self.zone).date()
        # The day after tomorrow, too: in some places a whole day was left out of the calendar.
        days = (today, today + DAY, today + 2 * DAY)
        found = (moment for day in days for wall in walls for moment in self._shown(day, wall))
        return (moment for moment in found if moment > at)

    def _shown(self, day: date, wall: time) -> tuple[datetime, ...]:
        """Yield when the clock shows this time: twice after a setback, once right after a leap."""
        sooner, later = (datetime.combine(day, wall.replace(fold=fold), self.zone).astimezone(UTC) for fold in (0, 1))
        if sooner <= later:
            return (sooner, later)
        return (self._leap(later, sooner),)

    def _leap(self, before: datetime, after: datetime) -> datetime:
        """Return the time between these two at which the clock leaps."""
        offset = before.astimezone(self.zone).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) / 2
            is_before = middle.astimezone(self.zone).utcoffset() == offset
            before, after = (middle, after) if is_before else (before, middle)
        return after.replace(microsecond=0)


def preferences_of(person: Person) -> NotificationPreferences:
    """Return the person's notification preferences, with defaults where none are set."""
    return NotificationPreferences(
        notification_mode=person.notification_mode or NotificationMode.MANY,
        minutes=person.digest_minutes,
        times=tuple(time.fromisoformat(each) for each in person.digest_times or ()),
        quiet_from=person.quiet_from,
        quiet_until=person.quiet_until,
        quiet_weekends=bool(person.quiet_weekends),
        hold_urgent=bool(person.hold_urgent),
        zone=zone_of(person),
    )
