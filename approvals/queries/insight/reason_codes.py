"""Reason codes for reviewers, from the action type and from policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.models import ActionType
from approvals.states import DecisionType

# What a person gives a reason for.
VERDICTS = (DecisionType.APPROVE, DecisionType.MODIFY, DecisionType.REJECT, DecisionType.ESCALATE)

# Of the rejected duplicates of an action that was approved; their reason names it.
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code, its text if any, and its decision types; none means all."""

    code: str
    words: str = ""
    verdicts: tuple[DecisionType, ...] = ()

    @property
    def label(self) -> str:
        """Return the label in a list."""
        return self.words or self.code

    @property
    def occasion(self) -> str:
        """Return the decision types in words; empty for all."""
        return ", ".join(str(verdict.label) for verdict in self.verdicts)

    def is_for(self, verdicts: Iterable[DecisionType]) -> bool:
        """Return whether the code applies to one of these decision types."""
        return not self.verdicts or not set(self.verdicts).isdisjoint(verdicts)


def of_kind(kind: ActionType) -> list[Reason]:
    """Return the reason codes of an action type, as configured."""
    return [
        Reason(item["code"], item["words"], tuple(DecisionType(verdict) for verdict in item.get("for", ())))
        for item in kind.reasons or ()
    ]


def offered(kind: ActionType, evaluation: Mapping[str, Any] | None, verdicts: Iterable[DecisionType]) -> list[Reason]:
    """Return the reason codes for these decision types: those with text first, then policy's."""
    own, wanted = of_kind(kind), list(verdicts)
    known = {reason.code for reason in own}
    bare = [Reason(code) for code in (evaluation["reason_codes"] if evaluation else ()) if code not in known]
    return [*sorted((reason for reason in own if reason.is_for(wanted)), key=lambda reason: reason.occasion), *bare]


def suffices_to_reject(kind: ActionType, evaluation: Mapping[str, Any] | None, code: str) -> bool:
    """Return whether a code is one with which each action of this type can be rejected."""
    return code in {reason.code for reason in offered(kind, evaluation, [DecisionType.REJECT])}


def words(kind: ActionType, code: str) -> str:
    """Return the text of a code; empty if it has none."""
    return next((reason.words for reason in of_kind(kind) if reason.code == code), "")
