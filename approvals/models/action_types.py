"""Action types: what agents may propose, how it is evaluated, who decides, and how it is carried out."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.states import ExecutionMode, Mode, Reversibility, Stakes, StandingRuleApprovers, Tier

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

dotted_name = RegexValidator(
    r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", _("Use lower-case words joined by dots, such as invoice.post.")
)


# The built-in kind of action by which a policy comes into force, and the connector that does nothing else.
PUBLICATION, PUBLISHER = "policy.publish", "policy"


def _answering(name: "StrPromise", **options: Any) -> "models.ForeignKey[Person | None, Person | None]":
    options |= {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(Person, on_delete=models.PROTECT, **options)


def _group(name: "StrPromise", **options: Any) -> "models.ForeignKey[Group | None, Group | None]":
    options |= {"null": True, "blank": True, "related_name": "+", "verbose_name": name}
    return models.ForeignKey(Group, on_delete=models.PROTECT, **options)


class ActionType(models.Model):
    """One kind of action: its form, what it touches, how it is judged, who decides and how it is carried out.

    ``schema`` is a JSON Schema (2020-12); pointers are JSON Pointers (RFC 6901) into the payload.
    """

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[dotted_name])
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("what it touches"), blank=True, default="")
    version = models.PositiveIntegerField(_("schema version"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    schema = models.JSONField(_("schema"), default=dict)
    # PostgreSQL forgets in which order the keys of a JSON object were written; people read a form in that order.
    schema_text = models.TextField(_("schema as written"), null=True, editable=False)
    amount_pointer = models.CharField(_("where the amount is"), max_length=120, blank=True, default="")
    currency_pointer = models.CharField(_("where the currency is"), max_length=120, blank=True, default="")
    subject_pointer = models.CharField(_("where the subject is"), max_length=120, blank=True, default="")
    reference_pointer = models.CharField(_("where the document number is"), max_length=120, blank=True, default="")
    automation_requires = models.JSONField(_("fields that automation requires"), default=list, blank=True)
    summary = models.CharField(
        _("summary sentence"),
        max_length=240,
        help_text=_("With fields in braces: Post invoice {/invoice_number} from {/issuer} for {amount}."),
    )
    lookups = models.JSONField(
        _("facts looked up"),
        null=True,
        blank=True,
        help_text=_(
            'Before anybody is asked: [{"name": "role", "source": "directory", "target": {"entry": "{/email}"}}].'
        ),
    )
    # [{"code", "words", "for": [verdicts]}]; without verdicts it is for any.
    reasons = models.JSONField(_("reasons to choose from"), null=True, blank=True)
    reviewer_sees = models.JSONField(_("evidence that the reviewer sees first"), default=list, blank=True)

    reversibility = models.CharField(_("reversibility"), max_length=16, choices=Reversibility.choices)
    reversal_type = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
        help_text=_("Another kind of action of the same desk: a person starts it to undo one of these."),
    )
    stakes = models.CharField(_("stakes"), max_length=8, choices=Stakes.choices)
    has_external_impact = models.BooleanField(_("external impact"), default=False)
    data_classes = models.JSONField(_("data it holds"), default=list, blank=True)
    domain = models.CharField(_("domain"), max_length=40, blank=True, default="")
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.IN_THE_LOOP)

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="action_types")
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = _answering(_("owns the outcome"))
    overriders = _group(
        _("may override policy"),
        help_text=_("Of the seniors who may override at all, only those of this group; empty: all of them."),
    )
    low_confidence = models.FloatField(
        _("low confidence is below"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 to 1; no confidence at all is always low."),
    )
    confidence_person = _answering(_("told when confidence is low"))
    confidence_group = _group(_("group told when confidence is low"))
    edge_case_owner = _answering(_("told of edge cases"), help_text=_("When something is missing or looks wrong."))
    edge_case_tier = models.PositiveSmallIntegerField(
        _("tier told of edge cases"), choices=Tier.choices, null=True, blank=True, help_text=_("Without a person.")
    )
    policy = models.SlugField(_("policy"), max_length=64)
    standing_rule_approvers = models.PositiveSmallIntegerField(
        _("standing rules take"),
        choices=StandingRuleApprovers.choices,
        null=True,
        blank=True,
        help_text=_("Empty: one reviewer."),
    )
    standing_decisions = models.PositiveSmallIntegerField(
        _("daily sum of standing rules, in decisions"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Times the ceiling of whoever makes them. Beyond that, a second person confirms. Empty: 10."),
    )
    sample_rate = models.FloatField(
        _("share to be checked of what runs by itself"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 to 1, of what policy alone lets run in the modes on the loop and autonomous. Empty: none."),
    )

    execution = models.CharField(_("carried out by"), max_length=12, choices=ExecutionMode.choices)
    connector = models.CharField(_("connector"), max_length=40, blank=True, default="")
    target = models.JSONField(_("connector target"), default=dict, blank=True)
    undo_seconds = models.PositiveIntegerField(_("seconds to undo"), null=True, blank=True)
    valid_seconds = models.PositiveIntegerField(_("seconds an approval is valid"), null=True, blank=True)

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name = _("action type")
        verbose_name_plural = _("action types")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """Save it, with the schema as it was written."""
        if self.written_schema is self.schema:
            self.write_schema(self.schema)
        super().save(*args, **options)

    @property
    def is_publication(self) -> bool:
        """Whether it puts a policy in force, and can do nothing else."""
        return (self.name, self.execution, self.connector) == (PUBLICATION, ExecutionMode.CONNECTOR, PUBLISHER)

    @property
    def written_schema(self) -> dict[str, Any]:
        """The schema with its keys in the order in which they were written, as far as that is known."""
        written: dict[str, Any] | None = json.loads(self.schema_text) if self.schema_text else None
        return self.schema if written is None or written != self.schema else written

    def write_schema(self, schema: dict[str, Any]) -> None:
        """Take a schema with its keys in this order."""
        self.schema = schema
        self.schema_text = json.dumps(schema, ensure_ascii=False)
