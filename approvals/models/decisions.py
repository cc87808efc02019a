"""Decisions; they never change."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.evaluations import PolicyEvaluation
from approvals.models.ledger import LedgerEntry
from approvals.models.people import Person
from approvals.models.revisions import Revision
from approvals.models.stages import Stage
from approvals.models.texts import Text
from approvals.states import DecisionSource, DecisionType, Tier


class Decision(models.Model):
    """One decision by a person, policy, standing rule or deadline, bound to the reviewed revision and digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The decisions of an action: its page, its history, and every check of its plan.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(_("round"))
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, db_index=False, related_name="decisions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, db_index=False, related_name="decisions")
    digest = models.CharField(_("reviewed digest"), max_length=64)
    # Digest of the execution target that was decided on; only what lets an action run names it.
    target_digest = models.CharField(_("target digest"), max_length=64, blank=True, default="")
    evaluation = models.ForeignKey(
        PolicyEvaluation, on_delete=models.PROTECT, null=True, db_index=False, related_name="decisions"
    )
    verdict = models.CharField(_("decision type"), max_length=10, choices=DecisionType.choices)
    source = models.CharField(_("source"), max_length=14, choices=DecisionSource.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="decisions")
    standing_rule = models.ForeignKey(
        "StandingRule", on_delete=models.PROTECT, null=True, db_index=False, related_name="decisions",
        verbose_name=_("standing rule"),
    )  # fmt: skip
    delegator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("on behalf of")
    )
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices, null=True)
    # Whether a membership of theirs, or of the delegator, at the stage's desk gave the authority.
    is_by_member = models.BooleanField(default=False)
    door = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    is_final = models.BooleanField(_("final"), default=False)
    is_exception = models.BooleanField(_("exception"), default=False)
    reason_code = models.CharField(_("reason code"), max_length=40, blank=True, default="")
    rationale = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(_("decided"))
    # Until then a person can undo their rejection or escalation, and nothing follows from it.
    final_at = models.DateTimeField(_("final at"), null=True)
    # HMAC over what was decided, with a key that is not in the database; see `queries.record.authenticity`.
    mac = models.CharField(max_length=80)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="decision")

    class Meta:
        ordering = ("-at",)
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "round"], condition=models.Q(is_final=True), name="decision_final_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(source="person") | models.Q(person__isnull=False), name="decision_names_its_person"
            ),
        ]
        indexes = [
            # What a person decided: their list, search by a decider's name, and the daily limit.
            models.Index(
                "person", models.F("at").desc(), condition=models.Q(person__isnull=False), name="decision_of_person"
            ),
            # The list of decisions, its months, and the numbers of a period.
            models.Index(models.F("at").desc(), name="decision_at"),
            # The list of actions by a final decision that is rare.
            models.Index("verdict", condition=models.Q(is_final=True), name="decision_verdict"),
            # What reviewers escalated and changed in a period: the list behind such a figure.
            models.Index(
                "verdict",
                models.F("at").desc(),
                name="decision_of_reviewer",
                condition=models.Q(source="person", verdict__in=["escalate", "modify", "reject"]),
            ),
            # The daily limit counts what others decided for somebody.
            models.Index("delegator", "at", condition=models.Q(delegator__isnull=False), name="decision_for_another"),
            # How many of a stage's quorum there are.
            models.Index("stage", condition=models.Q(stage__isnull=False), name="decision_of_stage"),
            # How often each standing rule decided.
            models.Index(
                "standing_rule", condition=models.Q(standing_rule__isnull=False), name="decision_of_standing_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} · {self.by}"

    @property
    def by(self) -> str:
        """Who or what decided, and for whom if it was a delegate."""
        if self.person is None:
            return str(self.get_source_display())
        if self.delegator is None:
            return str(self.person)
        return gettext("%(who)s on behalf of %(whom)s") % {"who": self.person, "whom": self.delegator}

    @property
    def reason(self) -> str:
        """The rationale; empty if it was erased or never given."""
        return str(self.rationale.content["rationale"]) if self.rationale else ""
