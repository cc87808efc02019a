"""Configuration changes that took effect immediately because they only tighten; a second person reviews each later."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.models.history import History
from approvals.models.people import Person
from approvals.models.recorded import Recorded

if TYPE_CHECKING:
    from approvals.models.actions import Action

UNREVIEWED = Q(reviewed_at__isnull=True)


class Tightening(Recorded):
    """What one form or import tightened, as plain data; it never changes except by its review."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # What `RowChange.plain` writes, with the label of each row.
    changes = models.JSONField(_("changes"))
    left_out = models.PositiveIntegerField(_("omitted records"), default=0)
    made_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("changed by")
    )
    made_through = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    made_at = models.DateTimeField(_("changed"))
    reviewed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    revert_request = models.ForeignKey(
        "approvals.Action",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("request to revert"),
    )

    history = History()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("tightening")
        verbose_name_plural = _("tightenings")
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, revert_request__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="tightening_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | Q(made_by__isnull=True) | ~Q(reviewed_by=F("made_by")),
                name="tightening_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=UNREVIEWED, name="tightening_unreviewed")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    def review(self, person: Person, at: datetime, revert_request: "Action | None") -> None:
        """Record the second person's review, with the action that would revert the change, if they asked for it."""
        self.reviewed_by, self.reviewed_at, self.revert_request = person, at, revert_request
