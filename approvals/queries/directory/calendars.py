"""Desk calendars as working-hour schedules."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from approvals import asked
from approvals.models import Calendar, Client, Desk
from approvals.text.working_time import Schedule, Shift
from policies.engine.values.durations import Timing


def schedules(desks: Iterable[int]) -> dict[int, Schedule]:
    """Return the schedules of the desks that have a calendar, by desk ID."""
    rows = Calendar.objects.filter(desk__in=list(desks)).prefetch_related("hours", "holidays")
    return {calendar.desk_id: _schedule(calendar) for calendar in rows}


def schedule_for(desk: int, client: Client | None) -> Schedule | None:
    """Return the schedule of a client's own calendar, or else of the desk."""
    if client is None or client.calendar_id is None:
        return schedule_of(desk)
    calendar = client.calendar_id
    return asked.once(("calendar", calendar), lambda: _of_calendar(calendar))


def _of_calendar(calendar: int) -> Schedule | None:
    row = Calendar.objects.filter(pk=calendar).prefetch_related("hours", "holidays").first()
    return None if row is None else _schedule(row)


def schedule_of(desk: int) -> Schedule | None:
    """Return the schedule of a desk; None if it works around the clock."""
    return asked.once(("schedule", desk), lambda: schedules([desk]).get(desk))


def zone_of(desk: Desk) -> ZoneInfo:
    """Return the time zone that a desk's days are counted in: its calendar's, or else the installation's."""
    calendar: Calendar | None = getattr(desk, "calendar", None)
    return ZoneInfo(calendar.time_zone if calendar is not None else settings.TIME_ZONE)


def day_at(desk: Desk, at: datetime) -> date:
    """Return the date at a desk at some moment."""
    return at.astimezone(zone_of(desk)).date()


def due_at(timing: Timing, at: datetime, desk: int, client: Client | None) -> datetime | None:
    """Return the due time of a stage that opens now at this desk, by the client's calendar if it has one; None for
    no limit.

    If the desk never opens, hours count around the clock, so that the deadline still comes.
    """
    if not timing.most_seconds:
        return None
    round_the_clock = at + timedelta(seconds=timing.most_seconds)
    schedule = None if timing.due_seconds else schedule_for(desk, client)
    if schedule is None:
        return round_the_clock
    if timing.working_days:
        return schedule.close_of(at, timing.working_days) or round_the_clock
    return schedule.after(at, timedelta(hours=timing.working_hours)) or round_the_clock


def _schedule(calendar: Calendar) -> Schedule:
    shifts: dict[int, list[Shift]] = defaultdict(list)
    for row in calendar.hours.all():
        shifts[row.weekday].append(Shift(row.begins, row.ends))
    days = frozenset(holiday.on for holiday in calendar.holidays.all())
    return Schedule(ZoneInfo(calendar.time_zone), {day: tuple(found) for day, found in shifts.items()}, days)
