"""How a kind of action is carried out: the digest that decisions are bound to, and what people read. Steps."""

from dataclasses import dataclass

from approvals.connectors.registry import preview_of, summary_of
from approvals.models import Action, ActionType, Execution
from approvals.states import ExecutionMode
from policies.engine.values.canonical import digest as digest_of

BY_AGENT = "The agent runs it"
CHANGED = "The execution settings have changed since the decision"


@dataclass(frozen=True, slots=True)
class Target:
    """Who carries an action out and where to: the connector's name if there is one, a sentence, and the digest."""

    connector: str | None
    summary: str
    digest: str


def digest(kind: ActionType) -> str:
    """SHA-256 over who carries the type out, where to, and what it is judged by: a later change of it is found."""
    carried = {"execution": str(kind.execution), "connector": kind.connector, "target": kind.target}
    judged = ("reversibility", "stakes", "domain", "mode", "policy", "has_external_impact", "data_classes")
    return digest_of(carried | {name: getattr(kind, name) for name in judged})


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
