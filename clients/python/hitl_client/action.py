"""An action as the server describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from hitl_client.errors import NotUnderstood

OPEN = frozenset({"proposed", "pending"})
GRANTED = frozenset({"approved", "modified"})
REDEEMED = frozenset({"executing", "uncertain"})
ENDED_WITHOUT_EFFECT = frozenset({"rejected", "expired", "withdrawn"})
STATES = OPEN | GRANTED | REDEEMED | ENDED_WITHOUT_EFFECT | {"executed", "failed"}


@dataclass(frozen=True, slots=True)
class Action:
    """One action at one moment.

    `raw` is the complete answer, with the fields that the REST reference names. `told_at` is the time of the answer by
    the server's clock, or by this machine's clock if the server does not tell.
    """

    id: str
    state: str
    action_type: str
    payload: Mapping[str, Any]
    revision: int
    raw: Mapping[str, Any]
    told_at: datetime

    @property
    def question(self) -> str | None:
        """A reviewer's open question."""
        return cast("str | None", (self.raw.get("question") or {}).get("text"))

    @property
    def is_decided(self) -> bool:
        """Whether nobody has to decide on it at the moment."""
        return self.state not in OPEN

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it without a person: nobody can undo its rejection any more, either."""
        if self.state == "rejected" and self.final_at is not None:
            return self.told_at >= datetime.fromisoformat(self.final_at)
        return self.state in ENDED_WITHOUT_EFFECT | {"executed", "failed"}

    @property
    def rationale(self) -> str:
        """Why it was decided so: the reviewer's reason, or the sentences of the rules that stopped it."""
        decision, evaluation = self.raw.get("decision") or {}, self.raw.get("evaluation") or {}
        reasons = [reason["text"] for reason in evaluation.get("reasons", ()) if reason.get("outcome") == "block"]
        return str(decision.get("rationale") or " ".join(reasons) or decision.get("reason_code") or "")

    @property
    def do_not_retry(self) -> bool:
        """Whether the same proposal is pointless."""
        return bool((self.raw.get("evaluation") or {}).get("do_not_retry"))

    @property
    def final_at(self) -> str | None:
        """Until when a rejection can be undone, as RFC 3339."""
        return cast("str | None", (self.raw.get("decision") or {}).get("final_at"))

    @property
    def result(self) -> Any:
        """What the agent reported as result."""
        return (self.raw.get("execution") or {}).get("result")

    @property
    def error(self) -> str:
        """What the agent reported as error."""
        return str((self.raw.get("execution") or {}).get("error") or "")


def read(body: Any, told_at: datetime | None = None) -> Action:
    """Return the action that an answer describes.

    :raises NotUnderstood: it describes none.
    """
    try:
        revision = body["revision"]
        found = Action(
            id=body["id"],
            state=body["state"],
            action_type=body["action_type"],
            payload=revision["payload"],
            revision=revision["number"],
            raw=body,
            told_at=told_at or datetime.now(UTC),
        )
    except (KeyError, TypeError) as error:
        raise NotUnderstood(f"The answer is not an action: {error!r} is missing or has another form.") from error
    if found.state not in STATES or not isinstance(found.payload, dict):
        raise NotUnderstood("The answer is not an action that this client understands.")
    return found
