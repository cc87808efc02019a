"""The directory's sheets taken in, whole or not at all: employees, owners of subjects, who is on duty, clients.

What a sheet does not name stays as it is. The same sheet taken in twice changes nothing the second time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Model
from django.utils import timezone

from approvals import conf
from approvals.actors import Actor
from approvals.models import Client, Desk, Duty, Employee, Person, SubjectOwner
from approvals.queries.directory import calendars
from approvals.services.catalog import gathering
from approvals.services.catalog import rows as catalog_rows
from approvals.services.directory import client_sheet
from approvals.services.directory.sheet_rows import Change, Reader, changed_row, is_yes
from approvals.text import normalize
from approvals.text.csv_sheet import Columns, Fault, Line, SheetFaults, read
from policies.db import service

ATTRIBUTES = "attributes."
COLUMNS = {
    "people": Columns(("key", "name"), ("manager", "department", "title", "person", "active"), ATTRIBUTES),
    "owners": Columns(("subject", "owner"), ("from", "until")),
    "duty": Columns(("desk", "person", "from", "until")),
    "clients": Columns(("key", "name"), ("responsible", "currency", "calendar", "active")),
}
# A declared feed may change so many rows unasked, or this share of them if that is more.
MAX_UNASKED, MAX_UNASKED_SHARE = 20, 0.2
# A department gives nobody power; who is meant, who manages, who signs in, and who counts at all does.
_POWERS = {"key", "name", "manager", "person", "is_active"}
MAX_NAMES = 10
YOURSELF = "This change would give you authority over other people’s requests. Another person must make it."


@service
def import_sheet(*, actor: Actor, at: datetime, sheet: str, content: bytes, is_trial: bool = False) -> list[Change]:
    """Take a sheet in: `people`, `owners`, `duty` or `clients`; return what each line does. A trial stores nothing.

    Each changed row has its history and an entry of the ledger.

    :raises SheetFaults: something in it is wrong; says what, with the line, and nothing was stored.
    :raises WaitsForApproval: a second person must decide on it first; nothing was stored.
    """
    lines = read(content, COLUMNS[sheet])
    reader = Reader({person.username: person for person in Person.objects.filter(is_active=True)})
    found = list(_SHEETS[sheet](lines, reader))
    for change in found:
        spell(change.row)
        if actor.person is not None and (why := against(change.row, change.fields, actor.person)):
            reader.faults.append(Fault(change.line, why))
    if reader.faults:
        raise SheetFaults(sorted(reader.faults, key=lambda fault: fault.line))
    if not is_trial:
        _save([change for change in found if not change.is_none], sheet, actor)
    return found


def _save(changes: Sequence[Change], sheet: str, actor: Actor) -> None:
    """Save what changes as one change; a source that an operator declared needs nobody, unless it jumps."""
    is_declared = actor.person is None and sheet in conf.directory_feeds()
    if is_declared and not _jumps(changes):
        with gathering.approved():
            _save_each(changes, actor)
        return
    with gathering.one_change():
        _save_each(changes, actor)


def _save_each(changes: Iterable[Change], actor: Actor) -> None:
    for change in changes:
        catalog_rows.save(change.row, actor, change.fields, is_new=change.is_new)


def _jumps(changes: Sequence[Change]) -> bool:
    """Whether so much changes at once that a mistake is likelier than a busy day."""
    if len(changes) <= MAX_UNASKED:
        return False
    known = type(changes[0].row)._base_manager.count()
    return known > 0 and len(changes) > known * MAX_UNASKED_SHARE


def spell(row: Model) -> None:
    """Set the one plain spelling by which a row is found; whoever saves one calls it before."""
    if isinstance(row, Employee):
        row.normalized_key, row.normalized_name = normalize.name(row.key)[:400], normalize.name(row.name)[:400]
    elif isinstance(row, SubjectOwner):
        row.spelled = normalize.subject(row.subject)[:400]


def empowered(row: Model, fields: Iterable[str]) -> set[Person]:
    """Who comes to be asked to decide when these fields of a row change; nobody may do that for herself."""
    if isinstance(row, Employee) and _POWERS & set(fields):
        return {person for person in (row.person, row.manager.person if row.manager else None) if person}
    if isinstance(row, SubjectOwner) and fields:
        return {row.owner}
    if isinstance(row, Client):
        return {row.responsible} if row.responsible is not None and "responsible" in fields else set()
    return {row.person} if isinstance(row, Duty) and fields else set()


def against(row: Model, fields: Iterable[str], person: Person) -> str:
    """Why this person may not change these fields of a row, in a sentence; nothing where she may."""
    changed = set(fields)
    if person in empowered(row, changed):
        return YOURSELF
    return catalog_rows.OWN_NAME if catalog_rows.is_renamed(row, person, changed) else ""


def circle(employee: Employee, safe: set[tuple[str, int]] | None = None) -> list[str]:
    """The names along which somebody would come to manage herself; nothing where nobody does.

    ``safe`` are those who are known to be in no loop; it grows, so that many are asked in linear time.
    """
    known = set() if safe is None else safe
    path, seen, above = [employee], {_mark(employee): 0}, employee.manager
    while above is not None and _mark(above) not in known:
        if (began := seen.get(_mark(above))) is not None:
            known.update(mark for mark, place in seen.items() if place < began or not began)
            return [] if began else _shortened([each.name for each in (*path, employee)])
        seen[_mark(above)] = len(path)
        path.append(above)
        above = above.manager
    known.update(seen)
    return []


def _mark(row: Employee) -> tuple[str, int]:
    return ("row", row.pk) if row.pk else ("new", id(row))


def _shortened(names: list[str]) -> list[str]:
    return names if len(names) <= MAX_NAMES else [*names[: MAX_NAMES - 2], "…", names[-1]]


def _people(lines: Iterable[Line], reader: Reader) -> Iterator[Change]:
    rows = {row.pk: row for row in Employee.objects.select_related("person")}
    for row in rows.values():
        # One object for each of them, so that a manager changed further down is seen everywhere.
        row.manager = rows[row.manager_id] if row.manager_id else None
    known = {row.normalized_key: row for row in rows.values()}
    drafts = _drafts(lines, reader, known)
    changes = [_employee(line, row, known, reader) for line, row in drafts]
    logins = Counter(row.person for row in known.values() if row.person)
    safe: set[tuple[str, int]] = set()
    for change, (line, row) in zip(changes, drafts, strict=True):
        if "manager" in change.fields and (path := circle(row, safe)):
            reader.wrong(line, f"These managers form a loop: {' → '.join(path)}.")
        if "person" in change.fields and row.person and logins[row.person] > 1:
            reader.wrong(line, f"The login {row.person.username} already belongs to another employee.")
    if not reader.faults:
        yield from _managers_first(changes)


def _drafts(lines: Iterable[Line], reader: Reader, known: dict[str, Employee]) -> list[tuple[Line, Employee]]:
    """Each line with its row, the new ones too, so that a manager may stand below."""
    found: dict[str, tuple[Line, Employee]] = {}
    for line in lines:
        spelled = normalize.name(line.get("key"))
        if not spelled or not line.get("name"):
            reader.wrong(line, "key and name are required.")
        elif spelled in found:
            reader.wrong(line, f"{line.get('key')[:80]!r} is already in line {found[spelled][0].number}.")
        else:
            row = known.setdefault(spelled, Employee(key=line.get("key")))
            found[spelled] = (line, row)
    return list(found.values())


def _employee(line: Line, row: Employee, known: Mapping[str, Employee], reader: Reader) -> Change:
    wanted: dict[str, Any] = {"name": line.get("name")}
    wanted |= {name: line.get(name) for name in ("department", "title") if name in line.cells}
    if "manager" in line.cells:
        wanted["manager"] = known.get(normalize.name(line.get("manager")))
        if line.get("manager") and wanted["manager"] is None:
            reader.wrong(line, f"No employee has the key {line.get('manager')[:80]!r}.")
    if "person" in line.cells:
        wanted["person"] = reader.person(line, "person") if line.get("person") else None
    if "active" in line.cells:
        wanted["is_active"] = is_yes(line, reader)
    given = {name.removeprefix(ATTRIBUTES): cell for name, cell in line.cells.items() if name.startswith(ATTRIBUTES)}
    wanted["attributes"] = {name: value for name, value in (row.attributes | given).items() if value != ""}
    return changed_row(line, row, wanted, reader)


def _managers_first(changes: list[Change]) -> Iterator[Change]:
    """A new manager is saved before those who point at her."""
    left = {id(change.row): change for change in changes}
    while left:
        chain = [left.pop(next(iter(left)))]
        while (found := left.pop(id(_manager_of(chain[-1])), None)) is not None:
            chain.append(found)
        yield from reversed(chain)


def _manager_of(change: Change) -> Employee | None:
    return change.row.manager if isinstance(change.row, Employee) else None


def _owners(lines: Iterable[Line], reader: Reader) -> Iterator[Change]:
    known = {(row.spelled, row.from_on): row for row in SubjectOwner.objects.select_related("owner")}
    seen: dict[tuple[str, date | None], int] = {}
    for line in lines:
        spelled, owner = normalize.subject(line.get("subject"))[:400], reader.person(line, "owner")
        began, ended = _day(line, "from", reader), _day(line, "until", reader)
        if not spelled:
            reader.wrong(line, "subject is required.")
        elif (first := seen.setdefault((spelled, began), line.number)) != line.number:
            reader.wrong(line, f"Line {first} already has this subject with the same start date.")
        elif began and ended and ended < began:
            reader.wrong(line, "The end must be after the start.")
        elif owner is not None:
            row = known.get((spelled, began)) or SubjectOwner(subject=line.get("subject"), from_on=began)
            yield changed_row(line, row, {"owner": owner, "until_on": ended}, reader)


def _duty(lines: Iterable[Line], reader: Reader) -> Iterator[Change]:
    desks = {desk.slug: desk for desk in Desk.objects.select_related("calendar")}
    known = {(row.desk_id, row.person_id, row.starts_at): row for row in Duty.objects.select_related("person", "desk")}
    seen: dict[tuple[int, int, datetime], int] = {}
    for line in lines:
        desk, person = desks.get(line.get("desk")), reader.person(line, "person")
        # A shift is written down in the hours of its desk.
        zone = calendars.zone_of(desk) if desk is not None else timezone.get_default_timezone()
        began, ended = _moment(line, "from", reader, zone), _moment(line, "until", reader, zone)
        if desk is None:
            reader.wrong(
                line, f"The desk {line.get('desk')[:80]!r} does not exist. Use one of {', '.join(sorted(desks))}."
            )
        elif began and ended and ended <= began:
            reader.wrong(line, "The end must be after the start.")
        elif person is not None and began and ended:
            key = (desk.pk, person.pk, began)
            if (first := seen.setdefault(key, line.number)) != line.number:
                reader.wrong(line, f"Line {first} already has this duty.")
            row = known.get(key) or Duty(desk=desk, person=person, starts_at=began)
            yield changed_row(line, row, {"ends_at": ended}, reader)


def _day(line: Line, column: str, reader: Reader) -> date | None:
    try:
        return date.fromisoformat(line.get(column)) if line.get(column) else None
    except ValueError:
        reader.wrong(line, f"{column} is {line.get(column)[:40]!r}. Use a date, for example 2026-12-31.")
        return None


def _moment(line: Line, column: str, reader: Reader, zone: tzinfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(line.get(column))
    except ValueError:
        reader.wrong(
            line, f"{column} is {line.get(column)[:40]!r}. Use a date and time, for example 2026-12-31T08:00Z."
        )
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found, zone)


_SHEETS: dict[str, Callable[[Iterable[Line], Reader], Iterator[Change]]] = {
    "people": _people,
    "owners": _owners,
    "duty": _duty,
    "clients": client_sheet.read,
}
