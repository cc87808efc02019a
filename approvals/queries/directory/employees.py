"""Directory lookups: managers, subject owners and people on duty.

Each result explains how it was found, or why not. People who may not decide are skipped; for managers, the next one
above is tried.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Now

from approvals.models import Client, Desk, Duty, Employee, Person, SubjectOwner
from approvals.queries.directory import duty
from approvals.text import normalize
from policies import db

Willing = Callable[[Person], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """The person who should decide, or None, and the reason."""

    person: Person | None
    note: str


def manager_of(requester: str, may: Willing) -> Asked:
    """Return the nearest manager of the requester who can sign in and may decide."""
    found, why_not = employee(requester)
    if found is None:
        return Asked(None, why_not)
    passed: list[str] = []
    for above in _line_above(found):
        if above.person is not None and above.is_active and above.person.is_active and may(above.person):
            skipped = f", because {' and '.join(passed)} cannot decide on this action" if passed else ""
            return Asked(above.person, f"Manager of {found.name}: {above.name}{skipped}.")
        passed.append(above.name)
    if not passed:
        return Asked(None, f"The directory has no manager for {found.name}.")
    return Asked(None, f"No manager of {found.name} can decide on this action: {', '.join(passed)}.")


def employee(text: str) -> tuple[Employee | None, str]:
    """Return the active employee with this key, login or name, or None and the reason."""
    names = normalize.names_in(text)
    if not names:
        return None, "The action has no requester (on_behalf_of)."
    known = Employee.objects.select_related("person")
    by_login = Q(person__normalized_username__in=names) | Q(person__normalized_email__in=names)
    by_key = known.filter(Q(normalized_key__in=names) | by_login)
    by_name = known.filter(normalized_name__in=names)
    found = list(by_key[:2]) or list(by_name.filter(is_active=True)[:2]) or list(by_name[:2])
    shown = text[:80]
    if not found:
        return None, f"The directory has no employee named {shown!r}."
    if len(found) > 1:
        return None, f"The directory has more than one employee named {shown!r}."
    return (found[0], "") if found[0].is_active else (None, f"{found[0].name} is no longer active in the directory.")


def owner_of(subject: str, may: Willing, on: date | None = None) -> Asked:
    """Return the latest owner of the subject on a day, or else today in UTC, who may decide."""
    spelled = normalize.subject(subject)[:400]
    if not spelled:
        return Asked(None, "The action has no subject, so it has no owner.")
    today = on or db.now().date()
    began = Q(from_on__isnull=True) | Q(from_on__lte=today)
    rows = SubjectOwner.objects.filter(began, Q(until_on__isnull=True) | Q(until_on__gte=today), spelled=spelled)
    owners = [row.owner for row in rows.select_related("owner").order_by(F("from_on").desc(nulls_last=True), "id")]
    return _first(owners, may, f"Owner of {subject[:80]}", f"The directory has no owner for {subject[:80]}.")


def responsible_for(client: Client, may: Willing) -> Asked:
    """Return the person who is responsible for a client, if they may decide."""
    if client.responsible is None:
        return Asked(None, f"{client} has no responsible person.")
    if not client.is_sealed:
        return Asked(None, f"{client} was changed outside HITL, so its responsible person is not asked.")
    return _first([client.responsible], may, f"Responsible for {client}", "")


def on_duty(desk: Desk, may: Willing) -> Asked:
    """Return the first person on duty at the desk now who is not away and may decide."""
    rows = Duty.objects.filter(desk=desk, starts_at__lte=Now(), ends_at__gt=Now()).select_related("person")
    found = [row.person for row in rows.order_by("starts_at", "id")]
    gone = duty.absent_now(person.pk for person in found)
    people = [person for person in found if person.pk not in gone]
    return _first(people, may, f"On duty at {desk}", f"No one is on duty at {desk} now.")


def told(text: str) -> dict[str, object] | None:
    """Return an employee's values for a lookup; None if there is no such employee."""
    found, _why_not = employee(text)
    if found is None:
        return None
    known = {
        "key": found.key,
        "name": found.name,
        "department": found.department,
        "title": found.title,
        "manager": found.manager.name if found.manager else "",
    }
    return {**found.attributes, **{name: value for name, value in known.items() if value}}


def _line_above(found: Employee) -> Iterator[Employee]:
    """Yield the managers above an employee; a loop ends where it closes."""
    seen = {found.pk}
    above = found.manager
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        yield above
        above = above.manager


def _first(people: list[Person], may: Willing, found: str, none: str) -> Asked:
    passed: list[str] = []
    for person in people:
        if person.is_active and may(person):
            skipped = f", because {' and '.join(passed)} cannot decide on this action" if passed else ""
            return Asked(person, f"{found}: {person}{skipped}.")
        passed.append(str(person))
    return Asked(None, f"{found}: {', '.join(passed)}, but they cannot decide on this action." if passed else none)
