"""Break-glass access: emergency authority for an hour; others are notified immediately and review it afterwards."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.decisions import Decision
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded

HOLDING = Q(closed_at__isnull=True, expires_at__gt=Now())
OVER = Q(closed_at__isnull=False) | Q(expires_at__lte=Now())
UNREVIEWED = Q(reviewed_at__isnull=True)


class Finding(models.TextChoices):
    """What a review found."""

    JUSTIFIED = "justified", _("Justified")
    UNJUSTIFIED = "unjustified", _("Not justified")


class BreakGlass(Recorded):
    """A temporary grant of senior authority at one desk; it never changes except by ending."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    opened_at = models.DateTimeField(_("started"))
    expires_at = models.DateTimeField(_("expires"))
    closed_at = models.DateTimeField(_("ended"), null=True)
    finding = models.CharField(_("finding"), max_length=12, choices=Finding.choices, blank=True, default="")
    reviewed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    note = models.CharField(_("review note"), max_length=500, blank=True, default="")

    history = History()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("break-glass grant")
        verbose_name_plural = _("break-glass grants")
        permissions = [
            ("break_glass", _("Can start break-glass access")),
            ("review_break_glass", _("Can review break-glass access at every desk")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "desk"], condition=Q(closed_at__isnull=True), name="break_glass_once"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="break_glass_ends"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, finding="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, closed_at__isnull=False)
                & ~Q(finding="")
                & ~Q(note=""),
                name="break_glass_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")), name="break_glass_four_eyes"
            ),
        ]
        # What is still to be reviewed.
        indexes = [models.Index(fields=["desk"], condition=UNREVIEWED, name="break_glass_unreviewed")]

    def __str__(self) -> str:
        return f"{self.person}, {self.desk}"

    def close(self, at: datetime) -> None:
        """End the grant now, or when it expired."""
        self.closed_at = min(at, self.expires_at)

    def review(self, person: Person, at: datetime, finding: str, note: str) -> None:
        """Record another person's review of the grant."""
        self.reviewed_by, self.reviewed_at, self.finding, self.note = person, at, finding, note


class BreakGlassUse(models.Model):
    """One decision made under a grant; append-only."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, primary_key=True, related_name="break_glass_use"
    )
    break_glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = _("break-glass decision")
        verbose_name_plural = _("break-glass decisions")

    def __str__(self) -> str:
        return f"{self.decision_id}"
