"""Anomalies: values in a payload that differ from the subject's earlier actions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Action
from approvals.queries.insight import precedents
from approvals.states import STOOD
from approvals.text.money import exact, money
from policies.engine.checks import unusual
from policies.engine.checks.unusual import Past
from policies.engine.inputs.policy_input import PolicyInput

MAX_LENGTH = 80
MAX_PAST = 20
_COMPARED = ("amount", "currency", "subject", "revision__body")


def past_of(action: Action) -> list[Past]:
    """Return the subject's last approved actions of this type and desk, before this one; at most one statement.

    Other subjects that look the same are among them.
    """
    subject = precedents.subject_of(action)
    if not subject:
        return []
    rows = Action.objects.filter(
        action_type_id=action.action_type_id,
        desk_id=action.desk_id,
        normalized_subject=subject,
        state__in=STOOD,
        pk__lt=action.pk,
    )
    return [_past(row) for row in rows.select_related("revision").only(*_COMPARED).order_by("-id")[:MAX_PAST]]


def sentences(action: Action, schema: Mapping[str, Any], before: Sequence[Action]) -> Iterator[tuple[str, str, str]]:
    """Yield the pointer, code and sentence of each value that differs from the subject's earlier actions.

    Only approved actions count as usual, by the same comparison that policy makes.
    """
    past = [_past(former) for former in before if former.state in STOOD]
    payload = action.revision.payload
    facts = PolicyInput(
        action_type=action.action_type.name,
        payload=payload,
        agent="",
        amount=exact(action, payload),
        currency=action.currency,
    )
    seen = unusual.compare(facts, schema, past)
    said = {"count": seen.count, "subject": action.subject[:MAX_LENGTH]}
    most = unusual.highest(facts.currency or "", past)
    if most and seen.ratio is not None and seen.ratio > unusual.MAX_RATIO:
        sentence = _("More than three times the highest of the last %(count)d amounts for %(subject)s (%(usual)s).")
        told = sentence % {**said, "usual": money(most, action.currency)}
        yield action.action_type.amount_pointer, unusual.AMOUNT, told
    usual = unusual.usual_values(facts, schema, past) if seen.fields else {}
    for pointer, value in usual.items():
        sentence = _("Differs from the last %(count)d actions for %(subject)s, which all had %(usual)s.")
        yield pointer, unusual.VALUE, sentence % {**said, "usual": _shown(value)}


def _past(row: Action) -> Past:
    return Past(row.revision.payload, row.amount, row.currency, row.subject)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value}"
