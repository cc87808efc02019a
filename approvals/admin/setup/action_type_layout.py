"""How the form of an action type is laid out: a sentence for each group, and what few people need behind a fold."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_FOLDED = ("collapse",)


def _group(title: Any, says: Any, *fields: str, is_folded: bool = False) -> tuple[Any, Any]:
    return title, {"fields": fields, "description": says, "classes": _FOLDED if is_folded else ()}


FIELDSETS = (
    _group(
        None, _("What it is called, who decides, and by which policy."),
        *("name", "title", "description", "is_active", "desk", "client", "responsible", "owner", "policy", "mode"),
    ),
    _group(
        _("Risk and impact"), _("What a wrong action costs. Policies compare these values."),
        *("reversibility", "reversal_type", "stakes", "has_external_impact", "domain"),
    ),
    _group(
        _("What the queue shows"), _("The sentence that names an action, and the fields that policies compare."),
        *("summary", "amount_pointer", "currency_pointer", "subject_pointer", "reference_pointer"),
    ),
    _group(
        _("Execution"), _("Who carries out an approved action. Leave the connector empty if the agent does."),
        *("execution", "connector", "undo_seconds", "valid_seconds"),
    ),
    _group(
        _("Accountability"), _("Who may override a block, and who hears of doubtful actions."),
        *("overriders", "low_confidence", "confidence_person", "confidence_group"),
        *("edge_case_owner", "edge_case_tier", "reasons", "reject_needs"), is_folded=True,
    ),
    _group(
        _("Automation"), _("Limits of standing rules and spot checks."),
        *("standing_rule_approvers", "standing_decisions", "sample_rate"), is_folded=True,
    ),
    _group(
        _("Payload schema"), _("The fields of a payload as JSON Schema, and other lists in JSON."),
        *("schema", "version", "automation_requires", "data_classes", "reviewer_sees", "target"), is_folded=True,
    ),
    _group(
        _("Attachments"), _("How many files an agent may attach, how large, and of which types."),
        *("attachment_count", "attachment_mib", "attachment_types"), is_folded=True,
    ),
    _group(
        _("Lookups"), _("What HITL looks up in other systems before a person decides."),
        *("lookups", "recheck_lookups"), is_folded=True,
    ),
    _group(_("End"), _("Whether the effect ends at a time."), *("ends", "longest_seconds"), is_folded=True),
)  # fmt: skip
"""The groups in their order."""
