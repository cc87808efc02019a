"""The steps of an action's approval plan, frozen when it was routed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.states import StageState, Tier


class Stage(models.Model):
    """One step: who must decide, how many, by when, and what follows when nobody does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="stages")
    round = models.PositiveSmallIntegerField(_("round"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=12, choices=StageState.choices, default=StageState.OPEN)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    quorum = models.PositiveSmallIntegerField(_("quorum"), default=1)
    is_escalated = models.BooleanField(_("escalated"), default=False)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"), null=True)
    on_timeout = models.CharField(_("when overdue"), max_length=12, default="expire")

    history = History()

    class Meta:
        ordering = ("action", "round", "number")
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["action", "round", "number"], name="stage_number_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"

    def close(self, state: StageState) -> None:
        """The step is over: satisfied, refused, expired, or superseded by another."""
        self.state = state

    def ask_more(self, tier: int, quorum: int) -> None:
        """Ask for a higher tier or for more people; a bar is never lowered."""
        self.tier = max(self.tier, tier)
        self.quorum = max(self.quorum, quorum)
        self.is_escalated = True
