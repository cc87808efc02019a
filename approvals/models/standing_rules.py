"""Standing rules: automatic decisions for an agent's action type, with limits and an expiry, and their uses."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.action_types import ActionType
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.amounts import AmountField
from approvals.models.clients import Client
from approvals.models.decisions import Decision
from approvals.models.history import History
from approvals.models.people import Person
from approvals.models.recorded import Recorded
from approvals.states import STANDING, StandingState, StandingVerdict

S = StandingState
_STANDING = sorted(STANDING)
_LIMITED = Q(count_per_day__isnull=False)


class StandingRule(Recorded):
    """A person's decision that also applies to later actions; only its state changes.

    It is bound to the agent's version, the type's schema version and target, and the digests of the policies.
    ``waives`` names the rules that it bypasses, as `document:rule`; ``max_amount`` and ``sum_per_day`` are in
    ``currency``; ``salt`` is not secret, it only separates the rules' spot checks.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = FSMField(_("state"), max_length=10, choices=S.choices, default=S.PROPOSED, protected=False)
    verdict = models.CharField(_("effect"), max_length=8, choices=StandingVerdict.choices)
    action_type = models.ForeignKey(ActionType, on_delete=models.PROTECT, related_name="rules_standing")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="rules_standing")
    # The client of the action that it was made on, or none: it holds for no other.
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("client")
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    condition = models.TextField(_("condition"), blank=True, default="")
    max_amount = models.DecimalField(_("maximum amount"), max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    count_per_day = models.PositiveIntegerField(_("actions per 24 hours"), null=True)
    sum_per_day = models.DecimalField(_("total per 24 hours"), max_digits=19, decimal_places=4, null=True)
    sample_rate = models.FloatField(_("spot check rate"), default=0.05)
    expires_at = models.DateTimeField(_("expires"))
    reason = models.CharField(_("reason"), max_length=500)

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rules_made")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))
    made_at = models.DateTimeField(_("created"))
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ended_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("reason for ending"), max_length=500, blank=True, default="")

    agent_version = models.CharField(_("agent version"), max_length=40, blank=True, default="")
    type_version = models.PositiveIntegerField(_("schema version"))
    target_digest = models.CharField(max_length=64)
    policies = models.JSONField(_("policies"), default=list)
    waives = models.JSONField(_("bypassed rules"), default=list)
    salt = models.CharField(max_length=32)

    history = History()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("standing rule")
        verbose_name_plural = _("standing rules")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="standing_state_known"),
            models.CheckConstraint(
                condition=Q(verdict=StandingVerdict.DENY) | Q(verdict=StandingVerdict.APPROVE) & _LIMITED,
                name="standing_approval_limited",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_STANDING, ended_at__isnull=True)
                | ~Q(state__in=_STANDING) & Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="standing_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(sample_rate__gte=0) & Q(sample_rate__lte=1), name="standing_sample_rate_is_share"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("made_by")),
                name="standing_confirmed_by_another",
            ),
        ]
        indexes = [
            # Routing: the rules that may decide an action.
            models.Index("action_type", "agent", condition=Q(state=S.ACTIVE), name="standing_active"),
            # The sweep that ends them.
            models.Index("expires_at", condition=Q(state__in=_STANDING), name="standing_expiring"),
        ]

    def __str__(self) -> str:
        words = {"what": self.get_verdict_display(), "kind": self.action_type, "agent": self.agent}
        return _("%(what)s: %(kind)s by %(agent)s") % words

    @property
    def is_standing(self) -> bool:
        """Whether it is active or may still become active."""
        return self.state in STANDING

    def attribute(self, person: Person | None, at: datetime, reason: str) -> None:
        """Set who ends it, when and why; the transition follows."""
        self.ended_by, self.ended_at, self.end_reason = person, at, reason[:500]

    @transition(field=state, source=S.PROPOSED, target=S.ACTIVE)
    def activate(self) -> None:
        """Make the rule active."""

    @transition(field=state, source=[S.PROPOSED, S.ACTIVE], target=S.STOPPED)
    def stop(self) -> None:
        """End the rule, by a person or by a change of what it is bound to."""

    @transition(field=state, source=[S.PROPOSED, S.ACTIVE], target=S.EXPIRED)
    def expire(self) -> None:
        "The rule expired."


class StandingUse(models.Model):
    """One action that a standing rule decided, by the database's clock; daily totals use these rows."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(StandingRule, on_delete=models.PROTECT, related_name="uses", db_index=False)
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="standing_use")
    amount = AmountField(_("amount"), null=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("standing rule use")
        verbose_name_plural = _("standing rule uses")
        # The daily limits of a rule.
        indexes = [models.Index("rule", "at", name="standing_use_at")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.at}"

    @staticmethod
    def of(rule: StandingRule, action: Action, at: datetime) -> "StandingUse":
        """Return an unsaved use of a rule for an action."""
        given: dict[str, Any] = {"rule": rule, "action": action, "amount": action.amount, "at": at}
        return StandingUse(**given)
