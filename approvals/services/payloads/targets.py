"""How a kind of action is carried out: the digest that decisions are bound to, and what people read. Steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.connectors.registry import preview_of, summary_of
from approvals.models import Action, ActionType, Execution
from approvals.states import ExecutionMode
from policies.engine.values.canonical import digest as digest_of

BY_AGENT = "The agent runs it"
_JUDGED = ("reversibility", "stakes", "domain", "mode", "policy", "has_external_impact", "data_classes")
CHANGED = "The execution settings have changed since the decision"


@dataclass(frozen=True, slots=True)
class Target:
    """Who carries an action out and where to: the connector's name if there is one, a sentence, and the digest."""

    connector: str | None
    summary: str
    digest: str


def digest(kind: ActionType) -> str:
    """SHA-256 over who carries the type out, where to, and what it is judged by: a later change of it is found."""
    return _digest(kind.execution, kind.connector, kind.target, _judged(kind))


def is_as_decided(kind: ActionType, execution: Execution) -> bool:
    """Whether an execution is carried out and goes where its decision said, with the target that was kept with it.

    What else the digest is over is taken from the type as it is, or from its history. Neither has to be believed:
    what was not decided on does not have the digest that was signed.
    """
    carried = (execution.mode, execution.connector, execution.target)
    return any(_digest(*carried, judged) == execution.target_digest for judged in _ever_judged(kind))


def _ever_judged(kind: ActionType) -> Iterator[Mapping[str, Any]]:
    yield _judged(kind)
    yield from ActionType.history.filter(id=kind.pk).values(*_JUDGED)


def _judged(kind: ActionType) -> Mapping[str, Any]:
    return {name: getattr(kind, name) for name in _JUDGED}


def _digest(mode: str, connector: str, target: Any, judged: Mapping[str, Any]) -> str:
    return digest_of({"execution": str(mode), "connector": connector, "target": target, **judged})


def of(action: Action, execution: Execution | None = None) -> Target:
    """What the action's execution is bound to; without one, what a decision made now would be bound to."""
    kind = action.action_type
    now = Target(_connector(kind.execution, kind.connector), _summary(kind), digest(kind))
    if execution is None or execution.target_digest == now.digest:
        return now
    # Of a former target only the digest is kept, so nothing is said that may not have been so.
    return Target(_connector(execution.mode, execution.connector), CHANGED, execution.target_digest)


def preview(action: Action) -> list[str]:
    """What the connector will do with the payload as it stands, in short lines for people; often nothing."""
    kind = action.action_type
    if kind.execution == ExecutionMode.AGENT:
        return []
    return preview_of(kind.connector, kind.target, action.revision.payload)


def _connector(mode: str, name: str) -> str | None:
    return None if mode == ExecutionMode.AGENT else name


def _summary(kind: ActionType) -> str:
    return BY_AGENT if kind.execution == ExecutionMode.AGENT else summary_of(kind.connector, kind.target)
