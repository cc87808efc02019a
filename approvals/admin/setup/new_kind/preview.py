"""The last page: what would become of the example, and the decision page as it will look."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from approvals.admin.payload_form.fields import Field, marks_of
from approvals.admin.payload_form.layout import Reading
from approvals.admin.setup.new_kind.steps import Steps
from approvals.display import reasons
from approvals.display.fragments import faults_in_words
from approvals.models import ActionType
from approvals.queries.insight.owners import Accountability
from approvals.services.catalog.kinds import dry_run
from approvals.services.catalog.kinds.dry_run import DryRun
from policies import db
from policies.engine.document.parse import PolicyFault, parse
from policies.engine.document.sections import Amounts
from policies.errors import Refused


@dataclass(frozen=True, slots=True)
class Shown:
    """A dry run as the page shows it, or why there is none."""

    run: DryRun | None = None
    ladders: tuple[Amounts, ...] = ()
    refusal: str = ""
    faults: dict[str, str] | None = None
    amount: str = ""


def of(steps: Steps, typed_amount: str) -> Shown:
    """Try the example, with another amount where one was typed."""
    _made, text = steps.finished
    kind = steps.wanted().kind
    payload = steps.start.example()
    try:
        amount = _amount(typed_amount)
        if amount is not None:
            payload = dry_run.with_amount(kind, payload, amount)
        documents = dry_run.documents_of(kind, parse(text) if text else None)
        ladders = tuple(each.amounts for each in documents if each.amounts)
        return Shown(dry_run.run(kind, payload, documents, db.now()), ladders, amount=typed_amount)
    except PolicyFault as fault:
        return Shown(refusal=str(fault))
    except InvalidOperation:
        return Shown(refusal=_("Enter an amount, for example 1200.00."), amount=typed_amount)
    except Refused as refusal:
        return Shown(refusal=_("The example does not fit its own fields:"), faults=faults_in_words(refusal))


def _amount(typed: str) -> Decimal | None:
    if not typed.strip():
        return None
    amount = Decimal(typed.strip())
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
        raise InvalidOperation
    return amount


def page_of(shown: Shown) -> dict[str, Any]:
    """The context of the decision page's own templates, for an action that does not exist."""
    if shown.run is None:
        return {}
    action, kind = shown.run.action, shown.run.action.action_type
    fields = _fields(shown.run)
    every = [inner for field in fields for inner in field.walk()]
    content = action.evaluation.content if action.evaluation else None
    said = reasons.shown(action, content, shown.ladders) if content else {}
    return said | {
        "action": action,
        "kind": kind,
        "revision": action.revision,
        "evaluation": content,
        "fields": [field for field in fields if not field.is_absent],
        "absent": [field for field in fields if field.is_absent],
        "most_named": ":12",
        "oddities": [(field.label, field, mark) for field in every for mark in field.marks],
        "accountability": _accountability(kind),
        "editing": False,
    }


def _fields(run: DryRun) -> tuple[Field, ...]:
    kind = run.action.action_type
    marks = marks_of(run.action.missing, run.action.flags)
    reading = Reading(kind.written_schema, marks, kind.amount_pointer, {}, kind.currency_pointer, False)
    return reading.fields(run.action.revision.payload)


def _accountability(kind: ActionType) -> Accountability:
    return Accountability(
        owner=str(kind.owner or ""),
        responsible="",
        overriders=(),
        low_confidence=None,
        told_of_doubt=(),
        told_of_edge_cases="",
    )
