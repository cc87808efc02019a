"""Policy evaluations of revisions, stored in canonical form."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.states import Tier


class PolicyEvaluation(models.Model):
    """One evaluation, append-only; ``body`` holds the engine's canonical text and ``digest`` its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evaluations")
    revision_number = models.PositiveSmallIntegerField(_("revision"))
    round = models.PositiveSmallIntegerField(_("round"))
    outcome = models.CharField(_("route"), max_length=10)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices, null=True)
    score = models.PositiveSmallIntegerField(_("score"))
    policy = models.CharField(_("policy"), max_length=160)
    rules = models.JSONField(_("rules"), default=list)
    body = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("evaluated"))

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return f"{self.outcome} · {self.policy}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """The parsed evaluation: outcome, tier, plan, score, parts, reasons, flags, missing, policies."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed
