"""The configuration change inside an action: read back, asked whether it still fits, and who it concerns. Steps."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.errors import NotAllowed, WrongState
from approvals.models import Action, ActionType, Person
from approvals.queries.insight import owners
from approvals.services.catalog import own_agents, row_changes
from approvals.services.catalog.row_changes import ADD, REMOVE, Missing, RowChange
from policies.errors import Refused

MOVED = _(
    "The configuration has changed since this change was requested: {what}. Reject the request, and ask for a new one."
)
YOURSELF = _("This change gives you authority, so another person must decide on it.")


def of(action: Action) -> list[RowChange]:
    """The rows that an action changes."""
    return [row_changes.read(each) for each in json.loads(action.revision.payload["exact"])]


def refusal_for(action: Action) -> Refused | None:
    """Why the change cannot be applied any more, or None; also of every other action."""
    if not action.action_type.is_configuration:
        return None
    return moved(of(action), state=action.state)


def moved(changes: Sequence[RowChange], *, state: str = "") -> WrongState | None:
    """Why a change does not fit the configuration as it is now, or None."""
    added: set[str] = set()
    for change in changes:
        if (what := _moved(change, added)) is not None:
            return WrongState(MOVED, said={"what": what}, state=state)
        if change.operation == ADD:
            added.add(_name(change.model, change.key))
    return None


def refusal_by(action: Action, person: Person) -> Refused | None:
    """Why this person may not decide on the change, or None: it gives them authority, or power over their own agent."""
    if not action.action_type.is_configuration:
        return None
    changes = of(action)
    if any(_empowers(change, person) for change in changes):
        return NotAllowed(YOURSELF)
    kinds = [change for change in changes if change.model == "actiontype" and change.operation != ADD]
    for change in kinds:
        kind = ActionType.objects.filter(name=change.key).first()
        if kind is not None and (refusal := own_agents.refusal_for(kind, person)):
            return refusal
    return None


def concerned(changes: Iterable[RowChange]) -> list[Person]:
    """Whom a change concerns: who answers for an action type, whose account or membership it is, and compliance."""
    people: set[int] = set()
    for change in changes:
        people |= _owners(change) | _holders(change)
    return owners.told_of_changes(people)


def _owners(change: RowChange) -> set[int]:
    """Who answers for what a change touches: before it, and after it."""
    if change.model == "actiontype":
        rows = ActionType.objects.filter(name=change.key)
    elif change.model in ("desk", "membership", "duty"):
        desk = change.key if change.model == "desk" else change.fields.get("desk", (None, None))[1] or _desk(change)
        rows = ActionType.objects.filter(desk__slug=desk)
    else:
        rows = ActionType.objects.none()
    return {pk for pk in rows.values_list("owner", flat=True) if pk is not None}


def _desk(change: RowChange) -> str:
    return str(change.key[1] if change.model == "membership" else change.key[0])


def _holders(change: RowChange) -> set[int]:
    named = {str(part) for name in ("person", "owner", "responsible") for part in change.fields.get(name, ()) if part}
    named |= {str(change.key)} if change.model == "person" else set()
    named |= {str(change.key[0])} if change.model == "membership" else set()
    return set(Person.objects.filter(username__in=named).values_list("pk", flat=True))


def _empowers(change: RowChange, person: Person) -> bool:
    """Whether a change gives authority to this very person: by an account, membership, group or the directory."""
    if change.operation == REMOVE:
        return False
    if change.model == "group":
        return person.groups.filter(name=change.key).exists()
    # A membership or shift that passes from one person to another empowers the other.
    named = ("person", "owner", *(("responsible",) if change.model == "client" else ()))
    held = {part for field in named for part in change.fields.get(field, ())[1:]}
    if change.model in ("person", "membership"):
        held.add(change.key if change.model == "person" else change.key[0])
    return change.model in ("person", "membership", "duty", "subjectowner", "employee", "agent", "client") and (
        person.username in held
    )


def _name(model: str, key: Any) -> str:
    return json.dumps([model, key])


def _moved(change: RowChange, added: set[str]) -> str | None:
    """What of a change is no longer as it was, in words, or None."""
    model: Any = row_changes.model_of(change.model)
    try:
        row = row_changes.named(model, change.key)
    except Missing as missing:
        is_expected = change.operation == ADD or _name(change.model, change.key) in added
        return None if is_expected else f"{missing} is gone"
    if change.operation == ADD:
        return f"{model._meta.verbose_name} {row} exists already"
    now = row_changes.values_of(row)
    different = sorted(name for name, (before, _after) in change.fields.items() if now[name] != before)
    return f"{row} ({', '.join(different)})" if different else None
