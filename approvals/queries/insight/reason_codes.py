"""What a reviewer may choose from as a reason: set words of the kind of action, and the codes that policy asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.models import ActionType
from approvals.states import DecisionType

# What a person gives a reason for.
VERDICTS = (DecisionType.APPROVE, DecisionType.MODIFY, DecisionType.REJECT, DecisionType.ESCALATE)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with the words that stand for it, or none, and the verdicts that it is for; none named means any."""

    code: str
    words: str = ""
    verdicts: tuple[DecisionType, ...] = ()

    @property
    def label(self) -> str:
        """How it is called in a list."""
        return self.words or self.code

    @property
    def occasion(self) -> str:
        """For which verdicts, in words; nothing for any."""
        return ", ".join(str(verdict.label) for verdict in self.verdicts)

    def is_for(self, verdicts: Iterable[DecisionType]) -> bool:
        """Whether it is a reason for one of these verdicts."""
        return not self.verdicts or not set(self.verdicts).isdisjoint(verdicts)


def of_kind(kind: ActionType) -> list[Reason]:
    """The reasons of a kind of action, as they were written down."""
    return [
        Reason(item["code"], item["words"], tuple(DecisionType(verdict) for verdict in item.get("for", ())))
        for item in kind.reasons or ()
    ]


def offered(kind: ActionType, evaluation: Mapping[str, Any] | None, verdicts: Iterable[DecisionType]) -> list[Reason]:
    """What a reviewer may choose from for these verdicts: with words first, then what policy asks for without any."""
    own, wanted = of_kind(kind), list(verdicts)
    known = {reason.code for reason in own}
    bare = [Reason(code) for code in (evaluation["reason_codes"] if evaluation else ()) if code not in known]
    return [*sorted((reason for reason in own if reason.is_for(wanted)), key=lambda reason: reason.occasion), *bare]


def words(kind: ActionType, code: str) -> str:
    """The words that stand for a code; nothing where it has none."""
    return next((reason.words for reason in of_kind(kind) if reason.code == code), "")
