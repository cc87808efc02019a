"""Action types: what agents may propose, how it is evaluated, who decides, and how it is carried out."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.clients import Client
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded
from approvals.states import Ends, ExecutionMode, Mode, RejectNeeds, Reversibility, Stakes, StandingRuleApprovers, Tier

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

dotted_name = RegexValidator(
    r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", _("Use lowercase words joined by dots, for example invoice.post.")
)


# The built-in action type that publishes a policy, and the connector that does nothing else.
PUBLICATION, PUBLISHER = "policy.publish", "policy"
# The built-in action type that changes the configuration, its connector, and the desk that decides on both.
CONFIGURATION, CONFIGURATOR = "config.change", "configuration"
CONTROL_DESK = "policies"
BUILT_IN = {PUBLICATION: PUBLISHER, CONFIGURATION: CONFIGURATOR}


def _answering(name: "StrPromise", **options: Any) -> "models.ForeignKey[Person | None, Person | None]":
    options |= {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(Person, on_delete=models.PROTECT, **options)


def _group(name: "StrPromise", **options: Any) -> "models.ForeignKey[Group | None, Group | None]":
    options |= {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(Group, on_delete=models.PROTECT, **options)


class ActionType(Recorded):
    """One action type: its schema, its risk, who decides and how it is executed.

    ``schema`` is a JSON Schema (2020-12); pointers are JSON Pointers (RFC 6901) into the payload.
    """

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[dotted_name])
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True, default="")
    version = models.PositiveIntegerField(_("schema version"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    schema = models.JSONField(_("schema"), default=dict)
    # PostgreSQL does not keep the order of keys in a JSON object; forms show fields in the written order.
    schema_text = models.TextField(_("schema source"), null=True, editable=False)
    amount_pointer = models.CharField(
        _("amount pointer"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("JSON Pointer to the amount, for example /amount."),
    )
    currency_pointer = models.CharField(
        _("currency pointer"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("JSON Pointer to the currency code, for example /currency."),
    )
    subject_pointer = models.CharField(
        _("subject pointer"),
        max_length=120,
        blank=True,
        default="",
        help_text=_(
            "JSON Pointer to the customer, supplier, or other party that the action is about, for example /issuer."
        ),
    )
    reference_pointer = models.CharField(
        _("document number pointer"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("JSON Pointer to the document number, for example /invoice_number."),
    )
    automation_requires = models.JSONField(
        _("fields required for automation"),
        default=list,
        blank=True,
        help_text=_('JSON Pointers, for example ["/amount", "/currency"].'),
    )
    summary = models.CharField(
        _("summary template"),
        max_length=240,
        help_text=_("Put fields in braces, for example “Post invoice {/invoice_number} from {/issuer} for {amount}”."),
    )
    lookups = models.JSONField(
        _("lookups"),
        null=True,
        blank=True,
        help_text=_(
            'Lookups to run before review, for example [{"name": "role", "source": "directory", "target": '
            '{"entry": "{/email}"}}].'
        ),
    )
    recheck_lookups = models.BooleanField(
        _("repeat lookups before execution"),
        default=False,
        help_text=_("If a lookup result has changed since the decision, the action goes back to a reviewer."),
    )
    # [{"code", "words", "for": [verdicts]}]; without verdicts it is for any.
    reasons = models.JSONField(_("reason codes"), null=True, blank=True)
    reject_needs = models.CharField(
        _("needed for a rejection"),
        max_length=8,
        choices=RejectNeeds.choices,
        default=RejectNeeds.NOTHING,
        help_text=_("What reviewers have to give when they reject an action of this type."),
    )
    reviewer_sees = models.JSONField(
        _("evidence order"),
        default=list,
        blank=True,
        help_text=_('Evidence to show first, by name, for example ["source file"].'),
    )
    attachment_count = models.PositiveSmallIntegerField(
        _("attachments per action"),
        default=10,
        validators=[MaxValueValidator(20)],
        help_text=_("How many files an action can have, from 0 to 20."),
    )
    attachment_mib = models.PositiveSmallIntegerField(
        _("attachment size (MiB)"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("How large one file can be. The installation’s limit also applies."),
    )
    attachment_types = models.JSONField(
        _("attachment media types"),
        null=True,
        blank=True,
        help_text=_('Media types of files, for example ["application/pdf"]. Leave empty to allow all known types.'),
    )

    reversibility = models.CharField(_("reversibility"), max_length=16, choices=Reversibility.choices)
    reversal_type = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reversed by"),
        help_text=_("Action type that reverses actions of this type (optional). It must belong to the same desk."),
    )
    stakes = models.CharField(_("stakes"), max_length=8, choices=Stakes.choices)
    has_external_impact = models.BooleanField(_("has external effects"), default=False)
    data_classes = models.JSONField(_("data classes"), default=list, blank=True)
    domain = models.CharField(_("domain"), max_length=40, blank=True, default="")
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.IN_THE_LOOP)

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="action_types")
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("client"),
        help_text=_("Actions of this type belong to this client. Leave empty for any client."),
    )
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = _answering(_("outcome owner"))
    overriders = _group(
        _("override group"),
        help_text=_(
            "Only senior reviewers in this group can override policy. Leave empty to allow every senior reviewer "
            "with override permission."
        ),
    )
    low_confidence = models.FloatField(
        _("low-confidence threshold"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From 0 to 1, for example 0.7. An action without a confidence value always counts as low."),
    )
    confidence_person = _answering(
        _("low-confidence contact"), help_text=_("Person or group to notify when confidence is below the threshold.")
    )
    confidence_group = _group(
        _("low-confidence group"), help_text=_("Person or group to notify when confidence is below the threshold.")
    )
    edge_case_owner = _answering(
        _("edge-case contact"), help_text=_("Person to notify when data is missing or looks wrong.")
    )
    edge_case_tier = models.PositiveSmallIntegerField(
        _("edge-case tier"),
        choices=Tier.choices,
        null=True,
        blank=True,
        help_text=_("Notified if there is no edge-case contact."),
    )
    policy = models.SlugField(_("policy"), max_length=64)
    standing_rule_approvers = models.PositiveSmallIntegerField(
        _("standing rule approval"),
        choices=StandingRuleApprovers.choices,
        null=True,
        blank=True,
        help_text=_("Leave empty to require only one reviewer."),
    )
    standing_decisions = models.PositiveSmallIntegerField(
        _("24-hour limit for standing rules"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Multiple of the author’s ceiling. If the author’s rules exceed this limit, a second person must confirm "
            "the new rule. The default is 1 for the author and 10 for the person who confirms."
        ),
    )
    sample_rate = models.FloatField(
        _("spot check rate"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_(
            "Share of automatic runs to spot-check, from 0 to 1. Leave empty for 0.05 (5%). Enter 0 to check none."
        ),
    )

    execution = models.CharField(_("executed by"), max_length=12, choices=ExecutionMode.choices)
    connector = models.CharField(_("connector"), max_length=40, blank=True, default="")
    target = models.JSONField(_("connector target"), default=dict, blank=True)
    ends = models.CharField(
        _("end"),
        max_length=8,
        choices=Ends.choices,
        default=Ends.NEVER,
        help_text=_(
            "Whether an action may or must have an end. At its end, or earlier if someone ends it, the connector "
            "reverses the effect."
        ),
    )
    longest_seconds = models.PositiveIntegerField(
        _("longest duration (seconds)"),
        null=True,
        blank=True,
        help_text=_("How far in the future an end may be, for example 604800 for 7 days. Leave empty for no limit."),
    )
    undo_seconds = models.PositiveIntegerField(_("undo window (seconds)"), null=True, blank=True)
    valid_seconds = models.PositiveIntegerField(_("approval validity period (seconds)"), null=True, blank=True)

    # Who changed a type lately, and every name that one had: what an agent of their own may propose.
    history = History(found_by=["history_user", "name"])

    class Meta:
        ordering = ("name",)
        verbose_name = _("action type")
        verbose_name_plural = _("action types")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row, with the schema in its written order."""
        if self.written_schema is self.schema:
            self.write_schema(self.schema)
        super().save(*args, **options)

    @property
    def is_publication(self) -> bool:
        """Whether it publishes a policy, and can do nothing else."""
        return (self.name, self.execution, self.connector) == (PUBLICATION, ExecutionMode.CONNECTOR, PUBLISHER)

    @property
    def is_configuration(self) -> bool:
        """Whether it changes the configuration, and can do nothing else."""
        return (self.name, self.execution, self.connector) == (CONFIGURATION, ExecutionMode.CONNECTOR, CONFIGURATOR)

    @property
    def is_built_in(self) -> bool:
        """Whether it changes what other actions are judged by; no policy may keep its own correction out."""
        return self.is_publication or self.is_configuration

    @property
    def written_schema(self) -> dict[str, Any]:
        """The schema with its keys in their written order, if that is known."""
        written: dict[str, Any] | None = json.loads(self.schema_text) if self.schema_text else None
        return self.schema if written is None or written != self.schema else written

    def write_schema(self, schema: dict[str, Any]) -> None:
        """Set the schema and keep the order of its keys."""
        self.schema = schema
        self.schema_text = json.dumps(schema, ensure_ascii=False)
