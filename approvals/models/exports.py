"""Exports: lists that people took out as files, and files that a worker still writes."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.people import Person


class ExportFormat(models.TextChoices):
    """The format of a file."""

    CSV = "csv", _("CSV")
    JSON_LINES = "jsonl", _("JSON Lines")
    XLSX = "xlsx", _("Excel (XLSX)")


class ExportState(models.TextChoices):
    """State of an export; ``taken`` was answered with the file itself."""

    QUEUED = "queued", _("Queued")
    WRITING = "writing", _("In progress")
    READY = "ready", _("Ready")
    TAKEN = "taken", _("Downloaded")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Canceled")
    REMOVED = "removed", _("File removed")


class ExportFault(models.TextChoices):
    """Why an export failed, and what its person can do."""

    RIGHTS = "rights", _("Your permissions have changed. Export the list again.")
    ROWS = "rows", _("A spreadsheet holds at most 1,048,575 rows. Use a filter, or export as CSV.")
    FILTERS = "filters", _("The list no longer has one of these filters. Export the list again.")
    SLOW = "slow", _("The database took too long to find the rows. Use a filter, for example a shorter period.")
    DISK = "disk", _("The server’s disk is full or cannot be written. Ask your operator to free up disk space.")
    GIVEN_UP = "given_up", _("The file could not be written after several attempts. Ask your operator.")


S = ExportState
UNFINISHED = (S.QUEUED, S.WRITING)


class Export(models.Model):
    """One list as one file: whose it is, which rows and columns, and how far it is written.

    ``query`` is the list's address as it was: filters, search and order; it goes when the export has ended, with the
    ``salt`` of its digest in the ledger. ``cursor`` holds the sort values of the last
    row that was written, ``size`` is in bytes. ``grounds`` are the person's permissions when they asked: without one of
    them nothing more is written or handed out. A file is written in turns of a few seconds, by any process of one
    ``host``; ``fence`` rises with each turn, so that a process that was paused writes to no other's file.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="exports")
    source = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filters"), blank=True, default="")
    salt = models.CharField(max_length=32)
    format = models.CharField(_("format"), max_length=8, choices=ExportFormat.choices)
    columns = models.JSONField(_("columns"))
    grounds = models.JSONField()
    state = FSMField(_("state"), max_length=10, choices=S.choices, default=S.QUEUED, protected=False)
    fault = models.CharField(_("error"), max_length=10, choices=ExportFault.choices, blank=True, default="")
    total = models.PositiveBigIntegerField(_("rows found"), null=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    cursor = models.JSONField(null=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True, default="")
    host = models.CharField(max_length=200, blank=True, default="")
    fence = models.PositiveIntegerField(default=0)
    restarts = models.PositiveSmallIntegerField(default=0)
    # Until then a process writes it; null between two turns.
    leased_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("available until"), null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            # A person's own, the newest first.
            models.Index("person", models.F("id").desc(), name="export_of_person"),
            # What a worker writes next, and how many of a person's are under way.
            models.Index("touched_at", "id", condition=models.Q(state__in=UNFINISHED), name="export_unfinished"),
            # The sweep that removes old files.
            models.Index("expires_at", condition=models.Q(state="ready"), name="export_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_state_display()})"

    @property
    def is_unfinished(self) -> bool:
        """Whether a worker still has to write it."""
        return self.state in UNFINISHED

    @property
    def percent(self) -> int | None:
        """How much of it is written; None while the number of rows is unknown."""
        return None if self.total is None else min(100, self.rows * 100 // max(self.total, 1))

    @transition(field=state, source=S.QUEUED, target=S.WRITING)
    def begin(self) -> None:
        """Write it from now on, in turns."""

    def take_turn(self, at: datetime, until: datetime, host: str) -> None:
        """Reserve it for one process, which writes it for a while."""
        self.fence += 1
        self.leased_until, self.touched_at, self.host = until, at, host

    def start_over(self) -> None:
        """Forget what was written: whoever wrote it is gone, or its file is."""
        self.rows = self.size = 0
        self.cursor = None
        self.restarts += 1

    def advance(self, at: datetime, until: datetime | None, rows: int, size: int, cursor: Any) -> None:
        """Record how far it is written; without ``until`` this turn is over."""
        self.rows, self.size, self.cursor = rows, size, cursor
        self.leased_until, self.touched_at = until, at

    @transition(field=state, source=S.WRITING, target=S.READY)
    def finish(self, at: datetime, until: datetime, size: int, digest: str) -> None:
        """Hand it out until then."""
        self.size, self.digest, self.expires_at = size, digest, until
        self._end(at)

    @transition(field=state, source=[S.QUEUED, S.WRITING], target=S.FAILED)
    def fail(self, at: datetime, fault: ExportFault) -> None:
        """End it without a file."""
        self.fault = fault
        self._end(at)
        self.forget()

    @transition(field=state, source=[S.QUEUED, S.WRITING], target=S.CANCELED)
    def cancel(self, at: datetime) -> None:
        """End it because its person does not need it any more."""
        self._end(at)
        self.forget()

    @transition(field=state, source=S.READY, target=S.REMOVED)
    def remove(self) -> None:
        """Its file is gone."""
        self.forget()

    def forget(self) -> None:
        """Keep nothing of what was searched for, nor that by which its digest could be guessed."""
        self.query = self.salt = ""

    def _end(self, at: datetime) -> None:
        self.finished_at = self.touched_at = at
        self.leased_until = self.cursor = None
