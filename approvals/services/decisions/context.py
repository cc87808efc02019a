"""What a decision is about: what its person asked for, and the locked rows that it is asked of."""

from dataclasses import dataclass, field
from datetime import datetime

from approvals.actors import Actor
from approvals.authority.limits import Authority
from approvals.errors import Malformed
from approvals.models import Action, Stage, Text
from approvals.queries.record.plans import plan_of
from approvals.states import DecisionType

MAX_CODE = 40


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """One attempt to decide: by whom, when, on what was seen, and why.

    ``target`` is the digest of how it would be carried out; only what lets nothing run may leave it out.
    """

    actor: Actor
    at: datetime
    verdict: DecisionType
    revision: int
    digest: str
    rationale: str
    reason_code: str
    target: str | None = None

    def __post_init__(self) -> None:
        if len(self.reason_code) > MAX_CODE or not self.reason_code.isprintable():
            raise Malformed(
                "Use plain text of at most {most} characters for the reason code.",
                said={"most": MAX_CODE},
                field="reason_code",
            )


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """A request with its locked action, the open stage, the authority that decides, its words, and later stages."""

    request: DecisionRequest
    action: Action
    stage: Stage
    power: Authority
    words: Text | None = None
    waiting: list[Stage] = field(default_factory=list)


def current_plan(action: Action, unfinished: list[Stage]) -> list[Stage]:
    """The plan of the round as it stands, read only where it can have more stages than the unfinished ones. A step."""
    is_whole = unfinished[0].number == 1
    return plan_of(action, rows=unfinished if is_whole else None)
