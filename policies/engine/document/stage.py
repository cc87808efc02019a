"""The steps of an approval plan, as a document writes them and an evaluation asks for them."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, cast

from policies.engine.values.canonical import plain
from policies.engine.values.durations import Timing
from policies.engine.values.vocabulary import OnFail, OnTimeout, StageKind, Tier


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the approval plan: people are asked, or a `check` is made after `fetch` has fetched what it needs.

    A check has no quorum, and nobody is asked; `says` is its sentence when it passes. People have `due_seconds`, or so
    many working hours or days, and are reminded `remind_seconds` before.
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
        """Return the stage as plain JSON values, without what was never said."""
        values = cast(dict[str, Any], plain(asdict(self)))
        return {name: value for name, value in values.items() if name not in _UNSAID or value != _UNSAID[name]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Stage":
        """Build a stage from what `as_json` gave."""
        given = {**_UNSAID, **value}
        words = {name: _WORDS[name](given[name]) for name in _WORDS}
        return cls(**{**given, **words, "fetch": tuple(given["fetch"])})

    @property
    def timing(self) -> Timing:
        """How long people have, and when they are reminded."""
        return Timing(self.due_seconds, self.working_hours, self.working_days, self.remind_seconds)


DEFAULT_STAGES = {Tier.JUNIOR: "review", Tier.SENIOR: "senior_review"}
"""The stage that is asked for by itself where no plan asks for as much, by its tier; no plan may use these names."""

_WORDS = {"tier": Tier, "on_timeout": OnTimeout, "kind": StageKind, "on_fail": OnFail}
_UNSAID = {each.name: plain(each.default) for each in fields(Stage) if each.default is not MISSING}
