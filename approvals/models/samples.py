"""Spot checks: automatic runs selected for a later check."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded
from approvals.models.standing_rules import StandingRule
from approvals.states import SampleState

S = SampleState


class SampleCheck(Recorded):
    """One selected action and the finding, correct or incorrect; the finding never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = FSMField(_("state"), max_length=6, choices=S.choices, default=S.OPEN, protected=False)
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="sample")
    rule = models.ForeignKey(
        StandingRule, on_delete=models.PROTECT, null=True, related_name="samples", verbose_name=_("standing rule")
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("selected"))
    checked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    history = History()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("spot check")
        verbose_name_plural = _("spot checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=S.OPEN, checked_at__isnull=True, checked_by__isnull=True)
                | Q(state__in=[S.OK, S.WRONG], checked_at__isnull=False, checked_by__isnull=False),
                name="sample_checked_by_somebody",
            )
        ]
        # What a desk has to check.
        indexes = [models.Index("desk", "id", condition=Q(state=S.OPEN), name="sample_open")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.action}"

    def attribute(self, person: Person, at: datetime, note: str) -> None:
        """Set who checked it, when and with which note; the transition follows."""
        self.checked_by, self.checked_at, self.note = person, at, note

    @transition(field=state, source=S.OPEN, target=S.OK)
    def pass_(self) -> None:
        """Record that the run was correct."""

    @transition(field=state, source=S.OPEN, target=S.WRONG)
    def fail(self) -> None:
        """Record that the run was incorrect and should not have been automatic."""
