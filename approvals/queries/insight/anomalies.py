"""Anomalies: values in a payload that differ from the subject's earlier actions."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Action
from approvals.states import GRANTED, ActionState
from approvals.text.json_diff import ABSENT, is_same
from approvals.text.money import money
from policies.engine.values import json_pointer

MIN = 3
TIMES = Decimal(3)
MAX_LENGTH = 80
_STOOD = GRANTED | {ActionState.EXECUTING, ActionState.EXECUTED}


def sentences(action: Action, before: Sequence[Action]) -> Iterator[tuple[str, str]]:
    """Yield each value that differs from the subject's earlier actions, with a sentence.

    Only approved actions count as usual, and only values that never varied.
    """
    stood = [former for former in before if former.state in _STOOD]
    if len(stood) < MIN:
        return
    yield from _amount(action, stood)
    payload, former = action.revision.payload, [row.revision.payload for row in stood]
    for key, value in payload.items():
        usual = _usual([one.get(key, ABSENT) for one in former])
        if usual is not ABSENT and _is_plain(value) and not is_same(value, usual):
            said = _("Differs from the last %(count)d actions for %(subject)s, which all had %(usual)s.")
            yield json_pointer.join(key), said % _about(action, stood, usual=_shown(usual))


def _amount(action: Action, stood: Sequence[Action]) -> Iterator[tuple[str, str]]:
    known = [abs(row.amount) for row in stood if row.amount is not None and row.currency == action.currency]
    if action.amount is None or len(known) < MIN or abs(action.amount) <= max(known) * TIMES:
        return
    said = _("More than three times the highest of the last %(count)d amounts for %(subject)s (%(usual)s).")
    yield action.action_type.amount_pointer, said % _about(action, stood, usual=money(max(known), action.currency))


def _usual(values: Sequence[Any]) -> Any:
    """Return the value that they all share; `ABSENT` if there is none."""
    first = values[0]
    if not _is_plain(first) or not all(is_same(value, first) for value in values):
        return ABSENT
    return first


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= MAX_LENGTH and "\n" not in value
    return isinstance(value, bool | int | float)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value}"


def _about(action: Action, stood: Sequence[Action], usual: str) -> dict[str, Any]:
    return {"count": len(stood), "subject": action.subject[:MAX_LENGTH], "usual": usual}
