"""Working time: pure arithmetic of a desk's hours, holidays and time zone.

Local hours are converted to moments one by one, so days with a clock change keep their real length.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
DAY = timedelta(days=1)
# Limits the search, because a calendar can be closed forever.
MAX_LOOK = 4 * 366

Period = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift; an end at midnight means the end of the day."""

    begins: time
    ends: time


ALL_DAY = (Shift(MIDNIGHT, MIDNIGHT),)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A desk's shifts by weekday (0 is Monday) in its time zone, except for holidays.

    Without shifts every day is open all day, and only holidays are closed.
    """

    zone: ZoneInfo
    shifts: Mapping[int, tuple[Shift, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at this moment; the closing moment is excluded."""
        return any(begins <= at < ends for begins, ends in self.periods(at) if begins <= at)

    def next_open(self, at: datetime) -> datetime | None:
        """The first open moment from this one on; None if there is none for years."""
        found = next(self.periods(at), None)
        return max(at, found[0]) if found else None

    def after(self, at: datetime, worked: timedelta) -> datetime | None:
        """The moment when this much working time has passed since ``at``; None if never."""
        left = worked
        for begins, ends in self.periods(at):
            start = max(begins, at)
            if left <= ends - start:
                return start + left
            left -= ends - start
        return None

    def close_of(self, at: datetime, days: int) -> datetime | None:
        """The closing time on the nth working day after ``at``; None if there is none."""
        day = self._day_of(at)
        for on in self._days(day + DAY):
            closes = max((ends for _, ends in self._periods_on(on)), default=None)
            days -= closes is not None
            if closes is not None and days <= 0:
                return closes
        return None

    def periods(self, at: datetime) -> Iterator[Period]:
        """The open periods that end after this moment, in order and without overlap, for some years."""
        # A period can end on the next day, so include the previous day.
        for on in self._days(self._local(at) - DAY):
            yield from (period for period in self._periods_on(on) if period[1] > at)

    def _day_of(self, at: datetime) -> date:
        """The local day; midnight at the end of an open day still belongs to that day."""
        day = self._local(at)
        return day - DAY if any(ends == at for _, ends in self._periods_on(day - DAY)) else day

    def _local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _days(self, day: date) -> Iterator[date]:
        # Near the maximum date there are no open periods left.
        last = min(MAX_LOOK, (date.max - day).days)
        return (day + timedelta(days=step) for step in range(last))

    def _periods_on(self, on: date) -> list[Period]:
        if on in self.holidays:
            return []
        shifts = self.shifts.get(on.weekday(), ()) if self.shifts else ALL_DAY
        found = sorted(self._moments(on, shift) for shift in shifts)
        merged: list[Period] = []
        for begins, ends in found:
            if ends <= begins:
                continue
            if merged and begins <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
            else:
                merged.append((begins, ends))
        return merged

    def _moments(self, on: date, shift: Shift) -> Period:
        end_day = on + DAY if shift.ends == MIDNIGHT else on
        return self._moment(on, shift.begins), self._moment(end_day, shift.ends)

    def _moment(self, on: date, wall: time) -> datetime:
        return datetime.combine(on, wall, self.zone).astimezone(UTC)
