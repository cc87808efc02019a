"""Standing rules: "always approve this kind from this agent", with limits and an end, and what each let through."""

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
from approvals.models.decisions import Decision
from approvals.models.history import History
from approvals.models.people import Person
from approvals.states import STANDING, StandingState, StandingVerdict

S = StandingState
_STANDING = sorted(STANDING)
_LIMITED = Q(count_per_day__isnull=False)


class StandingRule(models.Model):
    """What a person decided once and for some time; but for its state it never changes.

    It is bound to what it was made under: the agent's version, the type's schema version and its target, and the
    digests of the policies. ``waives`` names the rules that it lets pass, as `document:rule`; ``max_amount`` and
    ``sum_per_day`` are in ``currency``; ``salt`` is no secret, it only tells rules' samples apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = FSMField(_("state"), max_length=10, choices=S.choices, default=S.PROPOSED, protected=False)
    verdict = models.CharField(_("what it does"), max_length=8, choices=StandingVerdict.choices)
    action_type = models.ForeignKey(ActionType, on_delete=models.PROTECT, related_name="rules_standing")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="rules_standing")
    subject = models.CharField(_("only this subject"), max_length=200, blank=True, default="")
    condition = models.TextField(_("only if"), blank=True, default="")
    max_amount = models.DecimalField(_("at most"), max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    count_per_day = models.PositiveIntegerField(_("actions in 24 hours"), null=True)
    sum_per_day = models.DecimalField(_("sum in 24 hours"), max_digits=19, decimal_places=4, null=True)
    sample_rate = models.FloatField(_("share to be checked"), default=0.05)
    expires_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("why"), max_length=500)

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rules_made")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it ended"), max_length=500, blank=True, default="")

    agent_version = models.CharField(_("agent's version"), max_length=40, blank=True, default="")
    type_version = models.PositiveIntegerField(_("schema version"))
    target_digest = models.CharField(max_length=64)
    policies = models.JSONField(_("policies"), default=list)
    waives = models.JSONField(_("lets pass"), default=list)
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
            models.Index("action_type", "agent", condition=Q(state=S.ACTIVE), name="standing_active"),
            models.Index("expires_at", condition=Q(state__in=_STANDING), name="standing_expiring"),
        ]

    def __str__(self) -> str:
        words = {"what": self.get_verdict_display(), "kind": self.action_type, "agent": self.agent}
        return _("%(what)s: %(kind)s by %(agent)s") % words

    @property
    def is_standing(self) -> bool:
        """Whether it is in force or may still come into force."""
        return self.state in STANDING

    def attribute(self, person: Person | None, at: datetime, reason: str) -> None:
        """Say who or what ends it, when and why; the transition follows."""
        self.ended_by, self.ended_at, self.end_reason = person, at, reason[:500]

    @transition(field=state, source=S.PROPOSED, target=S.ACTIVE)
    def activate(self) -> None:
        """From here on it decides."""

    @transition(field=state, source=[S.PROPOSED, S.ACTIVE], target=S.STOPPED)
    def stop(self) -> None:
        """Somebody, or a change of what it was made under, ended it."""

    @transition(field=state, source=[S.PROPOSED, S.ACTIVE], target=S.EXPIRED)
    def expire(self) -> None:
        "The rule expired."


class StandingUse(models.Model):
    """One action that a standing rule decided, by the database's clock; the sum of a day is over these rows."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(StandingRule, on_delete=models.PROTECT, related_name="uses", db_index=False)
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="standing_use")
    amount = models.DecimalField(_("amount"), max_digits=19, decimal_places=4, null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("use of a standing rule")
        verbose_name_plural = _("uses of standing rules")
        indexes = [models.Index("rule", "at", name="standing_use_at")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.at}"

    @staticmethod
    def of(rule: StandingRule, action: Action, at: datetime) -> "StandingUse":
        """The use of a rule for an action, not saved yet."""
        given: dict[str, Any] = {"rule": rule, "action": action, "amount": action.amount, "at": at}
        return StandingUse(**given)
