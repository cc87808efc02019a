"""Who is on duty now or next, by desk hours, absences and delegations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from approvals import asked
from approvals.models import Absence, Delegation
from approvals.models.delegations import at_desk
from approvals.models.people import active_person
from approvals.queries.directory import calendars
from approvals.text.working_time import Schedule

NOBODY_ON_DUTY = "nobody_on_duty"

Away = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Roster:
    """A desk's hours, and the upcoming absences of some people."""

    schedule: Schedule | None
    away: Mapping[int, Away]

    def next_on_duty(self, person: int, at: datetime) -> datetime | None:
        """Return when the person works next; None if not within years."""
        found = self._opens(at)
        for starts, ends in sorted(self.away.get(person, ())):
            if found is not None and starts <= found < ends:
                found = self._opens(ends)
        return found

    def _opens(self, at: datetime) -> datetime | None:
        return self.schedule.next_open(at) if self.schedule else at


def roster(desk: int, people: Iterable[int], at: datetime) -> Roster:
    """Return a desk's hours, and the upcoming absences of these people."""
    return Roster(calendars.schedule_of(desk), away(people, at))


def away(people: Iterable[int], at: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return the current and upcoming absences of these people."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Absence.objects.filter(person__in=list(people), ended_at__isnull=True, ends_at__gt=at)
    for person, starts, ends in rows.order_by("starts_at").values_list("person_id", "starts_at", "ends_at"):
        found[person].append((starts, ends))
    return dict(found)


def absent(people: Iterable[int], at: datetime) -> set[int]:
    """Return which of these people are out of office at this time."""
    return {person for person, spans in away(people, at).items() if any(starts <= at < ends for starts, ends in spans)}


def absent_now(people: Iterable[int]) -> set[int]:
    """Return which of these people are out of office now."""
    wanted = tuple(people)
    return asked.once(("absent", wanted), lambda: set(absences_now(wanted)))


def absences_now(people: Iterable[int]) -> dict[int, datetime]:
    """Return which of these people are out of office now, and until when."""
    rows = Absence.objects.filter(starts_at__lte=Now(), ends_at__gt=Now(), ended_at__isnull=True)
    return dict(rows.filter(person__in=list(people)).order_by("ends_at").values_list("person_id", "ends_at"))


def on_duty(desk: int, people: Iterable[int], at: datetime) -> list[int]:
    """Return which of these people are on duty at this time; none while the desk is closed."""
    asked = list(people)
    schedule = calendars.schedule_of(desk)
    if schedule is not None and not schedule.is_open(at):
        return []
    gone = absent(asked, at)
    return [person for person in asked if person not in gone]


def next_moments(
    desk: int, people: Sequence[int], at: datetime, *, with_delegates: bool = True
) -> list[tuple[datetime, int, int]]:
    """Return when these people or their delegates work next, soonest first."""
    rows = Delegation.objects.filter(active_person("delegate"), at_desk(desk), person__in=people, ends_at__gt=at)
    lent = list(rows.filter(ended_at__isnull=True)) if with_delegates else []
    known = roster(desk, {*people, *(each.delegate_id for each in lent)}, at)
    return sorted(_moments(known, people, lent, at))


def warning(next_at: datetime | None, until: datetime) -> dict[str, Any]:
    """Return the warning that no reviewer is on duty before a deadline."""
    since = (
        f"The next reviewer is on duty from {next_at:%Y-%m-%d %H:%M} UTC." if next_at else "No later duty is scheduled."
    )
    return {
        "code": NOBODY_ON_DUTY,
        "message": f"No reviewer is on duty before {until:%Y-%m-%d %H:%M} UTC. {since}",
        "next_on_duty_at": next_at.strftime("%Y-%m-%dT%H:%M:%SZ") if next_at else None,
    }


def _moments(
    known: Roster, people: Sequence[int], lent: Iterable[Delegation], at: datetime
) -> Iterator[tuple[datetime, int, int]]:
    for person in people:
        if found := known.next_on_duty(person, at):
            yield found, person, person
    for each in lent:
        found = known.next_on_duty(each.delegate_id, max(at, each.starts_at))
        if found is not None and found < each.ends_at:
            yield found, each.delegate_id, each.person_id
