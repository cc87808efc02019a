"""Writing long lists to files, in turns of a few seconds: so no worker is busy with one for long.

      what a worker finds                                    what it does
1     queued                                                 begins the file
2     between two turns, of this host                        goes on where the last turn ended
3     between two turns, of a host that has been silent      begins again
4     a turn whose lease has lapsed: killed, or paused       begins again, in a file of another name
5     the fifth time to begin again                          fails
Before each page of rows the person's permissions are asked again; without one of them it fails and its file goes.
"""

import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from approvals import conf
from approvals.actors import Actor
from approvals.errors import Malformed, NotFound
from approvals.models import Export, Person
from approvals.models.deliveries import EXPORT_READY
from approvals.models.exports import UNFINISHED, ExportFault, ExportFormat, ExportState
from approvals.queries.accounts.locale import language_of, zone_of
from approvals.services import doorbell
from approvals.services.exports import files, formats, lists, pages, requests
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from policies import db
from policies.db import errand, service

PAGE_ROWS = 1_000
LEASE = timedelta(seconds=90)
# So many lines of a workbook are written between two signs of life.
LIVELY_LINES = 20_000
# After this time another host takes over what nobody goes on with: from the start, because it has another disk.
SILENCE = timedelta(seconds=60)
MAX_RESTARTS = 4
# No statement outlives the lease, within which a worker gives a sign of life.
STATEMENT_MS = 60_000
KEPT = timedelta(days=7)
# So many files of one person wait at most; the oldest goes for the next one.
MAX_READY = 10

# Records how far a turn has come, or with true that it is over; false if the export is no longer its own.
GoOn = Callable[[bool], bool]

R = TypeVar("R")

log = structlog.get_logger()


class Ended(Exception):
    """The export ends here: a fault, or None where it is no longer this process's to write."""

    def __init__(self, fault: ExportFault | None) -> None:
        super().__init__(fault)
        self.fault = fault


def is_due() -> bool:
    """Whether an export waits for a worker of this host; one step in an index."""
    return _due(db.now()).exists()


@errand
def run_due(*, actor: Actor, clock: Callable[[], datetime], is_stopping: Callable[[], bool]) -> int:
    """Write what is due, each for a turn; return how many turns were taken."""
    turns = 0

    def take(export: Export) -> None:
        def go_on(is_over: bool) -> bool:
            return record_progress(actor=actor, at=clock(), export=export, is_over=is_over)

        if not _write(export, go_on, is_stopping):
            return
        whole = _completed(export, go_on)
        if not finish(actor=actor, at=clock(), export=export, size=whole.stat().st_size, digest=files.digest(whole)):
            raise Ended(None)

    while not is_stopping() and (export := lease(actor=actor, at=clock())) is not None:
        turns += 1
        try:
            with _failing():
                take(export)
        except Ended as ended:
            files.remove(export.pk, export.fence)
            if ended.fault is not None:
                fail(actor=actor, at=clock(), export=export, fault=ended.fault)
    if is_due():
        doorbell.ring_now(doorbell.EXPORT)
    return turns


@service
def lease(*, actor: Actor, at: datetime) -> Export | None:
    """Take the export whose last turn is longest ago."""
    now = db.now()
    rows = _due(now).order_by("touched_at", "id").select_for_update(skip_locked=True, no_key=True)
    export = rows.first()
    if export is None:
        return None
    is_lapsed, is_strange = export.leased_until is not None, export.host != platform.node()
    if export.state == ExportState.QUEUED:
        export.begin()
    elif is_lapsed or is_strange or not files.has(files.part(export.pk, export.fence), export.size):
        export.start_over()
    if export.restarts > MAX_RESTARTS:
        _fail(export, actor, at, ExportFault.GIVEN_UP)
        return None
    export.take_turn(now, now + LEASE, platform.node())
    export.save()
    return export


@service
def record_progress(*, actor: Actor, at: datetime, export: Export, is_over: bool) -> bool:
    """Record how far a turn has come, or that it is over; false if the export is no longer its own."""
    held = _held(export)
    if held is None:
        return False
    now = db.now()
    held.total = export.total
    held.advance(now, None if is_over else now + LEASE, export.rows, export.size, export.cursor)
    held.save()
    return True


@service
def finish(*, actor: Actor, at: datetime, export: Export, size: int, digest: str) -> bool:
    """Record that the file is complete, and tell its person; false if the export is no longer this turn's own."""
    held = _held(export)
    if held is None:
        return False
    held.total = held.rows = export.rows
    held.finish(at, db.now() + KEPT, size, digest)
    held.save()
    _make_room(held)
    data = requests.about(held) | {"rows": held.rows, "size": size, "digest": digest, "person": held.person_id}
    entries.record_refusal(Event(actor, at, "export.written", "Export ready", data))
    queue.notify_account(held.person, EXPORT_READY, at, change_id=held.pk)
    return True


@service
def fail(*, actor: Actor, at: datetime, export: Export, fault: ExportFault) -> None:
    """Record that there will be no file, and why."""
    held = _held(export)
    if held is not None:
        _fail(held, actor, at, fault)


def _make_room(newest: Export) -> None:
    """Let a person's oldest files go where there are more than they may have; the sweep removes them."""
    ready = Export.objects.filter(person=newest.person_id, state=ExportState.READY).order_by("-id")
    kept = list(ready.exclude(pk=newest.pk).values_list("pk", flat=True)[: MAX_READY - 1])
    for export in ready.exclude(pk__in=[*kept, newest.pk]).select_for_update(skip_locked=True, no_key=True):
        export.remove()
        export.save()


def _due(now: datetime) -> QuerySet[Export]:
    """What waits for this host: see the table above."""
    between = Q(leased_until=None) & (Q(host__in=["", platform.node()]) | Q(touched_at__lt=now - SILENCE))
    return Export.objects.filter(between | Q(leased_until__lt=now), state__in=UNFINISHED)


def _held(export: Export) -> Export | None:
    """The row, locked, if this turn still is the last that was begun and nobody canceled it."""
    rows = Export.objects.select_for_update(no_key=True)
    return rows.filter(pk=export.pk, fence=export.fence, state=ExportState.WRITING).first()


def _fail(export: Export, actor: Actor, at: datetime, fault: ExportFault) -> None:
    data = requests.about(export) | {"fault": fault.value, "rows": export.rows, "person": export.person_id}
    export.fail(at, fault)
    export.save()
    entries.record_refusal(Event(actor, at, "export.failed", "Export failed", data))


@contextmanager
def _failing() -> Iterator[None]:
    """Say which faults end an export; any other lapses with its lease, and is tried again."""
    try:
        yield
    except (Malformed, NotFound):
        raise Ended(ExportFault.FILTERS) from None
    except OSError as error:
        log.warning("export.disk", error=str(error))
        raise Ended(ExportFault.DISK) from error
    except OperationalError as error:
        # A statement that took too long; whatever else is wrong with the database passes.
        if getattr(error.__cause__, "sqlstate", "") != "57014":
            raise
        raise Ended(ExportFault.SLOW) from error


def _write(export: Export, go_on: GoOn, is_stopping: Callable[[], bool]) -> bool:
    """Write pages of rows until the list or the turn ends; whether the list did."""
    person = export.person
    with translation.override(language_of(person)), timezone.override(zone_of(person)), _part(export) as file:
        listing = lists.named(export.source)
        columns = lists.chosen(listing, person, export.columns)
        found = pages.Pages(_rows(export, go_on))
        if not export.size:
            export.size = file.write(formats.head(export.format, columns))
        while batch := _bounded(lambda: found.after(export.cursor, PAGE_ROWS)):
            _demand_rights(export)
            if export.format == ExportFormat.XLSX and export.rows + len(batch) > formats.MAX_XLSX_ROWS:
                raise Ended(ExportFault.ROWS)
            export.size += file.write(formats.lines(export.format, columns, requests.cells(listing, columns, batch)))
            export.rows, export.cursor = export.rows + len(batch), found.cursor(batch[-1])
            files.synced(file)
            is_over = is_stopping()
            if not go_on(is_over):
                raise Ended(None)
            if is_over:
                return False
        files.synced(file)
    return True


def _bounded(read: Callable[[], R]) -> R:
    """Read with a limit of time for each statement; the limit elsewhere is longer than a lease."""
    if connection.vendor != "postgresql":
        return read()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
        return read()


def _rows(export: Export, go_on: GoOn) -> QuerySet[Any]:
    """The rows of the list as the person sees it now, counted in the first turn."""
    person = _demand_rights(export)
    rows = lists.named(export.source).rows(person, export.query)
    if export.total is None:
        export.total = _bounded(rows.order_by().count)
        # The first page may take as long again.
        if not go_on(False):
            raise Ended(None)
    if export.format == ExportFormat.XLSX and export.total > formats.MAX_XLSX_ROWS:
        raise Ended(ExportFault.ROWS)
    return rows


def _demand_rights(export: Export) -> Person:
    person = Person.objects.get(pk=export.person_id)
    if not requests.is_covered(export, person):
        raise Ended(ExportFault.RIGHTS)
    return person


@contextmanager
def _part(export: Export) -> Iterator[BinaryIO]:
    path = files.part(export.pk, export.fence)
    if export.size:
        file = files.going_on(files.part(export.pk, export.fence - 1), path, export.size)
    else:
        file = files.new(path)
    with file:
        yield file


def _completed(export: Export, go_on: GoOn) -> Path:
    """Make the file that people get of what was written."""
    path, whole = files.part(export.pk, export.fence), files.finished(export.pk, export.fence)
    if export.format == ExportFormat.XLSX:
        _make_workbook(export, go_on)
        path.unlink()
    else:
        path.replace(whole)
    return whole


def _make_workbook(export: Export, go_on: GoOn) -> None:
    book = files.book(export.pk, export.fence)
    person = export.person
    columns = lists.chosen(lists.named(export.source), person, export.columns)
    with (
        translation.override(language_of(person)),
        timezone.override(zone_of(person)),
        files.part(export.pk, export.fence).open("rb") as kept,
        files.new(book) as file,
    ):
        formats.workbook(file, columns, _lively(kept, go_on), conf.exports_folder())
        files.synced(file)
    book.replace(files.finished(export.pk, export.fence))


def _lively(lines: Iterable[bytes], go_on: GoOn) -> Iterator[bytes]:
    """Yield lines, and say now and then that this process lives."""
    for number, line in enumerate(lines, 1):
        if number % LIVELY_LINES == 0 and not go_on(False):
            raise Ended(None)
        yield line
