"""Stages of an approval plan, as documents define them and evaluations ask for them."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, cast

from policies.engine.values.canonical import plain
from policies.engine.values.durations import Timing
from policies.engine.values.vocabulary import OnFail, OnTimeout, StageKind, Tier


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: people are asked, or `check` runs after the lookups in `fetch`.

    A check has no quorum and no assignee; `says` is its message when it passes. People have `due_seconds`, or a number
    of working hours or days, and get a reminder `remind_seconds` before.
    """

    name: str
    tier: Tier
    who: str
    quorum: int
    due_seconds: int
    on_timeout: OnTimeout
    kind: StageKind = StageKind.PEOPLE
    check: str = ""
    fetch: tuple[str, ...] = ()
    says: str = ""
    on_fail: OnFail = OnFail.ESCALATE
    working_hours: int = 0
    working_days: int = 0
    remind_seconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the stage as plain JSON values without defaults, so that stored evaluations keep their digests."""
        values = cast(dict[str, Any], plain(asdict(self)))
        return {name: value for name, value in values.items() if name not in _UNSAID or value != _UNSAID[name]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Stage":
        """Build a stage from the result of `as_json`."""
        given = {**_UNSAID, **value}
        words = {name: _WORDS[name](given[name]) for name in _WORDS}
        return cls(**{**given, **words, "fetch": tuple(given["fetch"])})

    @property
    def timing(self) -> Timing:
        """The due time and the reminder."""
        return Timing(self.due_seconds, self.working_hours, self.working_days, self.remind_seconds)


DEFAULT_STAGES = {Tier.JUNIOR: "review", Tier.SENIOR: "senior_review"}
"""The name of the stage that is added if no plan asks for the tier; plans cannot use these names."""

_WORDS = {"tier": Tier, "on_timeout": OnTimeout, "kind": StageKind, "on_fail": OnFail}
_UNSAID = {each.name: plain(each.default) for each in fields(Stage) if each.default is not MISSING}
