"""Requests to stop what was decided: to cancel an action while it is executed, or to end its effect early."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.models.agents import Agent
from approvals.models.break_glass import BreakGlass
from approvals.models.executions import Execution
from approvals.models.ledger import LedgerEntry
from approvals.models.people import Person
from approvals.models.texts import Text


class StopRequest(models.Model):
    """Who asked to stop an execution, when, why, and by which authority; append-only.

    An ``execution`` that is an end was asked for early. Any other one was asked to be canceled while it ran.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.OneToOneField(Execution, on_delete=models.PROTECT, related_name="stop_request")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    delegator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("on behalf of")
    )
    break_glass = models.ForeignKey(
        BreakGlass, on_delete=models.PROTECT, null=True, db_index=False, related_name="stops"
    )
    door = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    rationale = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(_("requested"))
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="stop_request")

    class Meta:
        ordering = ("-id",)
        verbose_name = _("stop request")
        verbose_name_plural = _("stop requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(agent__isnull=True), name="stop_of_person_or_agent"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(delegator__isnull=True, break_glass__isnull=True),
                name="stop_by_authority_of_person",
            ),
        ]
        # What was stopped with break-glass access.
        indexes = [
            models.Index("break_glass", condition=models.Q(break_glass__isnull=False), name="stop_with_break_glass")
        ]

    def __str__(self) -> str:
        return f"{self.said} by {self.by}"

    @property
    def by(self) -> str:
        """Who asked, and for whom if it was a delegate."""
        who = str(self.person or self.agent)
        if self.delegator is None:
            return who
        return gettext("%(who)s on behalf of %(whom)s") % {"who": who, "whom": self.delegator}

    @property
    def said(self) -> str:
        """What was asked and by which authority, as the record says it."""
        what = "Ended early" if self.execution.is_end else "Asked to cancel"
        for_whom = f", on behalf of {self.delegator}" if self.delegator else ""
        return f"{what}{for_whom}{', with break-glass access' if self.break_glass_id else ''}"

    @property
    def reason(self) -> str:
        """The rationale; empty if it was erased or never given."""
        return str(self.rationale.content["rationale"]) if self.rationale else ""
