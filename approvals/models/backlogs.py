"""Backlogs: when the limit of waiting actions was reached, so that people are told once each time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.agents import Agent
from approvals.models.people import Desk

_OPEN = models.Q(ended_at__isnull=True)


class Backlog(models.Model):
    """One time during which an agent or a desk had as many waiting actions as its limit allows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    limit = models.PositiveIntegerField(_("limit"))
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("backlog")
        verbose_name_plural = _("backlogs")
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=_OPEN & models.Q(agent__isnull=False), name="backlog_of_agent_once"
            ),
            models.UniqueConstraint(
                fields=["desk"], condition=_OPEN & models.Q(desk__isnull=False), name="backlog_of_desk_once"
            ),
            models.CheckConstraint(
                condition=models.Q(agent__isnull=True) ^ models.Q(desk__isnull=True), name="backlog_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"backlog of {self.agent or self.desk}"
