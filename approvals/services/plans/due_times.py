"""When an open stage is due and reminded of, and whether anybody is there to decide in time. Steps."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from approvals import asked
from approvals.authority import assignees, conflicts
from approvals.models import Absence, Action, Client, Person, Stage
from approvals.queries.directory import calendars, duty
from policies.engine.values.durations import Timing


def due(stage: Stage, at: datetime, client: Client | None) -> datetime | None:
    """By when a stage that opens now must be decided, as its desk or client works; None where it may wait."""
    return calendars.due_at(_timing(stage), at, stage.desk_id, client)


def reminder(stage: Stage, at: datetime) -> datetime | None:
    """When those who have not decided on an open stage are reminded; None where nobody is."""
    before = _timing(stage).remind_seconds
    if not before or stage.due_at is None:
        return None
    moment = stage.due_at - timedelta(seconds=before)
    return moment if moment > at else None


def again(stage: Stage, now: datetime, client: Client | None) -> None:
    """Give those who are asked now the same time again, with a reminder of their own."""
    if stage.due_at is not None and stage.opened_at is not None:
        stage.due_at = due(stage, now, client) or now + (stage.due_at - stage.opened_at)
    stage.remind_at, stage.reminded_at = reminder(stage, now), None


def warnings(action: Action, stage: Stage, at: datetime) -> list[dict[str, Any]] | None:
    """What to warn of when a stage opens: nobody who may decide is on duty before its time is over; None of nothing."""
    ends = [moment for moment in (action.expires_at, stage.due_at) if moment is not None]
    if stage.is_check or not ends or not _may_be_off_duty(stage, at):
        return None
    first, until = _first_on_duty(action, stage, at), min(ends)
    return [duty.warning(first, until)] if first is None or first >= until else None


def warn_at_intake(actions: Iterable[Action], at: datetime) -> None:
    """Warn of actions whose desks, by their calendars alone, open too late; nothing is asked where none expires."""
    expiring = [(action, action.expires_at) for action in actions if action.expires_at is not None]
    if not expiring:
        return
    schedules = calendars.schedules({action.desk_id for action, _ in expiring})
    for action, until in expiring:
        schedule = schedules.get(action.desk_id)
        opens = schedule.next_open(at) if schedule else at
        if opens is None or opens >= until:
            action.warnings = [duty.warning(opens, until)]


def _timing(stage: Stage) -> Timing:
    written: Mapping[str, Any] = stage.written
    return Timing(**{name: int(written.get(name, 0)) for name in Timing.__dataclass_fields__})


def _may_be_off_duty(stage: Stage, at: datetime) -> bool:
    """Whether anything could keep people away at all: a calendar of the desk, or anybody's absence."""
    if calendars.schedule_of(stage.desk_id) is not None:
        return True
    return asked.once(("absences", at), Absence.objects.filter(ended_at__isnull=True, ends_at__gt=at).exists)


def _first_on_duty(action: Action, stage: Stage, at: datetime) -> datetime | None:
    people = [person.pk for person in assignees.people(stage, action.client_id)]
    for moment, person, whose in duty.next_moments(stage.desk_id, people, at, with_delegates=not stage.assigned_group):
        deciding = Person.objects.filter(pk__in={person, whose})
        if all(conflicts.is_eligible(each, action) for each in deciding):
            return moment
    return None
