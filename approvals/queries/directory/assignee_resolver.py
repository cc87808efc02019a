"""Resolving the assignee that policy wrote ("owner", "manager", "group:Leads") to a desk, a group or a person.

Who may then decide the stage is said in `approvals.authority.assignees`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group

from approvals.models import Action, Desk, Person
from approvals.models.people import active_person
from approvals.queries.directory import calendars, employees
from policies import db
from policies.engine.values.assignees import CLIENT_RESPONSIBLE, Asked, asked

Can = Callable[[Person], bool]

# So many members of a group are tried before it counts as a group in which nobody may decide.
MAX_TRIED = 50
# A note is shown beside a stage, which keeps up to 200 characters.
MAX_NOTE = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A stage's assignee: a person or group if named, else the desk; `note` says why.

    `is_fallback` means that nobody suitable was found, so the desk's senior reviewers decide.
    """

    desk: Desk
    person: Person | None = None
    group: Group | None = None
    note: str = ""
    is_fallback: bool = False


def resolve(who: str, action: Action, can: Can) -> Found:
    """Find a stage's assignee for an action; `can` tells whether a person may decide it."""
    wanted = asked(who)
    return _FINDERS[wanted.kind](wanted, action, can)


def seniors(action: Action, why: str) -> Found:
    """Fall back to the senior reviewers of the action's desk, for the reason in `why`."""
    return Found(
        desk=action.desk, note=f"{why[:MAX_NOTE]}. The desk’s senior reviewers decide instead.", is_fallback=True
    )


def _own_desk(wanted: Asked, action: Action, can: Can) -> Found:
    return Found(desk=action.desk)


def _desk(wanted: Asked, action: Action, can: Can) -> Found:
    desk = Desk.objects.filter(slug=wanted.name).first() if wanted.name else action.desk
    return Found(desk=desk) if desk else seniors(action, f"The desk “{wanted.name}” does not exist")


def _group(wanted: Asked, action: Action, can: Can) -> Found:
    group = Group.objects.filter(name=wanted.name).first()
    if group is None:
        return seniors(action, f"The group “{wanted.name}” does not exist")
    members = Person.objects.filter(active_person(""), groups=group, memberships__isnull=False).distinct()
    if not any(map(can, members[:MAX_TRIED])):
        return seniors(action, f"No member of the group “{wanted.name}” can decide on this action")
    return Found(desk=action.desk, group=group)


def _person(wanted: Asked, action: Action, can: Can) -> Found:
    person = Person.objects.filter(active_person(""), username=wanted.name).first()
    if person is None:
        return seniors(action, f"No active person has the username “{wanted.name}”")
    if not can(person):
        return seniors(action, f"{person} cannot decide on this action")
    return Found(desk=action.desk, person=person)


def _manager(wanted: Asked, action: Action, can: Can) -> Found:
    return _named(employees.manager_of(action.on_behalf_of, can), action, action.desk)


def _owner(wanted: Asked, action: Action, can: Can) -> Found:
    today = calendars.day_at(action.desk, db.now())
    return _named(employees.owner_of(action.subject, can, today), action, action.desk)


def _client_responsible(wanted: Asked, action: Action, can: Can) -> Found:
    client = action.client
    if client is None:
        return seniors(action, "The action belongs to no client")
    return _named(employees.responsible_for(client, can), action, action.desk)


def on_duty(desk: Desk, action: Action, can: Can) -> Found:
    """Find who is on duty at a desk now and may decide an action."""
    return _named(employees.on_duty(desk, can), action, desk)


def _on_duty(wanted: Asked, action: Action, can: Can) -> Found:
    desk = Desk.objects.filter(slug=wanted.name).first() if wanted.name else action.desk
    if desk is None:
        return seniors(action, f"The desk “{wanted.name}” does not exist")
    return on_duty(desk, action, can)


def _named(found: employees.Asked, action: Action, desk: Desk) -> Found:
    if found.person is None:
        return seniors(action, found.note[:MAX_NOTE].rstrip("."))
    return Found(desk=desk, person=found.person, note=found.note[:MAX_NOTE])


_FINDERS: Mapping[str, Callable[[Asked, Action, Can], Found]] = {
    "responsible": _own_desk,
    "desk": _desk,
    "group": _group,
    "person": _person,
    "manager": _manager,
    "owner": _owner,
    "on_duty": _on_duty,
    CLIENT_RESPONSIBLE: _client_responsible,
}
