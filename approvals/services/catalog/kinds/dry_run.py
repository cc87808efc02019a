"""What would become of an example under a kind of action that is not saved yet, by the real evaluator. Steps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from approvals.models import Action, ActionType, Agent, PolicyEvaluation, Revision
from approvals.services.payloads import revisions
from approvals.services.policy import evaluate
from approvals.states import ActionState
from policies.engine.checks.flag import Flag
from policies.engine.document.parse import Document
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import json_pointer


@dataclass(frozen=True, slots=True)
class DryRun:
    """An evaluation of an example, and the action as its page would show it; neither is ever saved."""

    action: Action
    evaluation: Evaluation
    flags: Sequence[Flag]


def run(kind: ActionType, payload: Mapping[str, Any], documents: Sequence[Document], at: datetime) -> DryRun:
    """Evaluate a payload under an action type that is not saved; nothing is stored.

    :raises SchemaFault: the payload does not have the type's form.
    :raises Malformed: the payload has no canonical form.
    """
    body = revisions.canonical_text(payload)
    plain: dict[str, Any] = json.loads(body)
    revisions.check_schema(kind, dict(payload))
    reading = revisions.read(kind, plain)
    facts = PolicyInput(
        action_type=kind.name,
        payload=plain,
        agent="example",
        amount=reading.exact,
        currency=reading.currency or None,
        amount_base=evaluate.in_base(reading.exact, reading.currency, at.date()),
        subject=reading.subject,
        reversibility=kind.reversibility,
        stakes=kind.stakes,
        data_classes=tuple(kind.data_classes),
        domain=kind.domain or "general",
        external=kind.has_external_impact,
        mode=kind.mode,
        missing=tuple(reading.missing),
        # Whether an agent's intent is clear nobody knows of an example.
        confidence=None,
        proposed_on=at.date(),
    )
    evaluation, flags = evaluate.judge(facts, kind, documents)
    return DryRun(_action(kind, body, reading, evaluation, flags, at), evaluation, flags)


def with_amount(kind: ActionType, payload: Mapping[str, Any], amount: Decimal) -> dict[str, Any]:
    """The payload with another amount where the type's pointer says."""
    found: dict[str, Any] = json.loads(revisions.canonical_text(payload))
    *way, name = json_pointer.parts(kind.amount_pointer)
    place: Any = found
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if isinstance(place, dict):
        place[name] = f"{amount:f}"
    return found


def _action(
    kind: ActionType,
    body: str,
    reading: revisions.Reading,
    evaluation: Evaluation,
    flags: Sequence[Flag],
    at: datetime,
) -> Action:
    action = Action(
        action_type=kind,
        agent=Agent(title="…"),
        desk=kind.desk,
        state=ActionState.PENDING,
        amount=reading.amount,
        currency=reading.currency,
        subject=reading.subject,
        missing=reading.missing,
        flags=[flag.as_json() for flag in flags],
        risk=evaluation.score or 0,
        created_at=at,
    )
    action.revision = Revision(action=action, number=1, body=body)
    action.evaluation = PolicyEvaluation(action=action, body=evaluation.canonical().decode())
    return action


def documents_of(kind: ActionType, own: Document | None) -> tuple[Document, ...]:
    """The policy that is being written, with the global one; those in force where there is none of its own."""
    found = evaluate.documents_for(kind)
    if own is None:
        return found
    return (replace(own, version=1), *(each for each in found if each.is_house_wide))
