"""Asking for an export, canceling one, and taking the file. Each of them is on the record: who, which list, how much.

What a person searched for may name somebody, so an entry holds the filters without it, and a salted digest of all.
"""

import hashlib
import io
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.actors import Actor, Door
from approvals.authority import visibility
from approvals.errors import Malformed, NotAllowed, NotFound
from approvals.models import Export, Person
from approvals.models.exports import UNFINISHED, ExportFormat, ExportState
from approvals.services import doorbell
from approvals.services.exports import formats, lists, pages
from approvals.services.exports.lists import Cell, Column, Listing
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies import db
from policies.db import service

# So many rows are answered with the file itself.
MAX_SMALL = 2_000
# So many of one person's can be queued or in progress.
MAX_UNFINISHED = 3
MAX_QUERY_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a request: a small file, or an export that a worker writes."""

    export: Export
    content: bytes | None


@service
def ask(*, actor: Actor, at: datetime, source: str, query: str, name: str, columns: Sequence[str]) -> Asked:
    """Export a list as this address shows it: at once if it is small, else by a worker.

    :param name: the format, `csv`, `jsonl` or `xlsx`.
    :raises NotAllowed: nobody is signed in, or may not read the list.
    :raises NotFound: there is no such list.
    :raises Malformed: no column is chosen, the format or a filter is unknown, or too many exports are unfinished.
    """
    person = _owner(actor)
    listing = lists.named(source)
    if not listing.is_open_to(person):
        raise NotAllowed()
    if name not in ExportFormat.values or len(query) > MAX_QUERY_LENGTH:
        raise Malformed("Choose a format.", field="format")
    wanted = lists.chosen(listing, person, columns)
    if not wanted:
        raise Malformed("Choose at least one column.", field="columns")
    export = Export(
        person=person,
        source=source,
        query=query,
        salt=secrets.token_hex(16),
        format=name,
        columns=[column.name for column in wanted],
        grounds=visibility.grounds_of(person),
        requested_at=at,
        touched_at=db.now(),
    )
    found = pages.Pages(listing.rows(person, query)).after(None, MAX_SMALL + 1)
    if len(found) > MAX_SMALL:
        return _queued(export, listing, actor, at)
    return _taken(export, listing, wanted, found, actor, at)


@service
def cancel(*, actor: Actor, at: datetime, export_id: uuid.UUID) -> Export:
    """End an export of one's own that is not finished; what was written of it is removed by whoever writes.

    :raises NotFound: it is not one's own.
    :raises Malformed: it is finished already.
    """
    export = _own(_owner(actor), export_id)
    if not export.is_unfinished:
        raise Malformed("This export is already finished.")
    told = about(export)
    export.cancel(at)
    export.save()
    entries.record_refusal(Event(actor, at, "export.canceled", "Export canceled", told))
    doorbell.ring(doorbell.EXPORT)
    return export


@service
def hand_out(*, actor: Actor, at: datetime, export_id: uuid.UUID) -> Export:
    """Record that a person takes the file of an export of their own, which the caller then sends.

    :raises NotFound: it is not one's own, or its file is not there any more.
    :raises NotAllowed: the person's permissions cover less than when they asked.
    """
    person = _owner(actor)
    export = _own(person, export_id)
    if export.state != ExportState.READY or export.expires_at is None or export.expires_at <= db.now():
        raise NotFound("The file is no longer available. Export the list again.")
    if not is_covered(export, person):
        raise NotAllowed("Your permissions have changed since you requested this export. Export the list again.")
    data = about(export) | {"rows": export.rows, "size": export.size, "digest": export.digest}
    entries.record_refusal(Event(actor, at, "export.downloaded", "Export downloaded", data))
    return export


def is_covered(export: Export, person: Person) -> bool:
    """Whether a person's permissions still are what they were when they asked, or more."""
    listing = lists.named(export.source)
    return visibility.is_covered(export.grounds, visibility.grounds_of(person)) and listing.is_open_to(person)


def about(export: Export) -> dict[str, Any]:
    """What every entry of an export says: which list, which filters, and a digest of what was searched for."""
    salted = hashlib.sha256(f"{export.salt}{export.query}".encode()).hexdigest()
    filters = dict(lists.named(export.source).filters(export.query))
    told = {"export": str(export.pk), "list": export.source, "format": export.format, "filters": filters}
    return told | {"query": salted, "columns": list(export.columns)}


def cells(listing: Listing, columns: Sequence[Column], rows: Sequence[Any]) -> list[list[Cell]]:
    """The cells of rows, line by line."""
    listing.prepare(rows)
    return [[column.value(row) for column in columns] for row in rows]


def _taken(
    export: Export, listing: Listing, columns: Sequence[Column], rows: Sequence[Any], actor: Actor, at: datetime
) -> Asked:
    """Make the file of a small list, and record that it was taken."""
    content = _file(export, columns, cells(listing, columns, rows))
    export.total = export.rows = len(rows)
    export.size, export.digest = len(content), hashlib.sha256(content).hexdigest()
    export.state, export.finished_at = ExportState.TAKEN, at
    data = about(export) | {"rows": export.rows, "size": export.size, "digest": export.digest}
    export.forget()
    export.save(force_insert=True)
    entries.record_refusal(Event(actor, at, "export.downloaded", "Export downloaded", data))
    return Asked(export, content)


def _file(export: Export, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    written = formats.head(export.format, columns) + formats.lines(export.format, columns, rows)
    if export.format != ExportFormat.XLSX:
        return written
    file = io.BytesIO()
    formats.workbook(file, columns, written.splitlines(), None)
    return file.getvalue()


def _queued(export: Export, listing: Listing, actor: Actor, at: datetime) -> Asked:
    """Leave a long list to a worker."""
    if Export.objects.filter(person=export.person, state__in=UNFINISHED).count() >= MAX_UNFINISHED:
        raise Malformed(
            "You already have {most} exports in progress. Wait until one is ready, or cancel one.",
            said={"most": MAX_UNFINISHED},
        )
    export.save(force_insert=True)
    entries.record_refusal(Event(actor, at, "export.requested", "Export requested", about(export)))
    doorbell.ring(doorbell.EXPORT)
    return Asked(export, None)


def _owner(actor: Actor) -> Person:
    """The acting person, held so that two requests at once count one after the other."""
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to export a list.")
    return Person.objects.select_for_update(no_key=True).get(pk=actor.person.pk)


def _own(person: Person, export_id: uuid.UUID) -> Export:
    found = Export.objects.select_for_update(no_key=True).filter(person=person, pk=export_id).first()
    if found is None:
        raise NotFound()
    return found
