"""The sections of a policy document, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from policies.engine.values.durations import Timing
from policies.engine.values.vocabulary import OnTimeout, Route, Tier

EVERY_TYPE = ("*",)
ROWS = (
    "reversible_low",
    "reversible_medium",
    "reversible_high",
    "irreversible_low",
    "irreversible_medium",
    "irreversible_high",
    "regulated_data",
    "ambiguous_intent",
)
ALWAYS_A_PERSON = frozenset({"irreversible_high", "regulated_data", "ambiguous_intent"})
SCORERS = ("type_risk", "amount", "confidence", "missing_data", "exceptions")


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition, what it asks for, and the sentence that people read."""

    name: str
    when: str
    outcome: Route
    says: str
    action_types: tuple[str, ...] = EVERY_TYPE
    tier: Tier | None = None
    requires_rationale: bool = False
    reason_codes: tuple[str, ...] = ()
    do_not_retry: bool = True
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """From this confidence up, this outcome."""

    at_least: float
    outcome: Route


@dataclass(frozen=True, slots=True)
class Confidence:
    """Confidence bands, highest first; `absent` is None where the policy needs no confidence at all."""

    bands: tuple[Band, ...] = ()
    absent: Route | None = Route.REVIEW
    action_types: tuple[str, ...] = EVERY_TYPE


@dataclass(frozen=True, slots=True)
class Step:
    """Up to and including this amount, this outcome; the last step has no end."""

    up_to: Decimal | None
    outcome: Route


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amount ladders by currency; others are climbed in the house's currency `base`."""

    base: str
    ladders: Mapping[str, tuple[Step, ...]]
    action_types: tuple[str, ...] = EVERY_TYPE


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the reversibility table: its outcome up to a threshold, and `beyond` after it."""

    outcome: Route
    up_to_amount: Decimal | None = None
    up_to_score: int | None = None
    beyond: Route = Route.REVIEW


@dataclass(frozen=True, slots=True)
class Reversal:
    """The reversibility table; intent is ambiguous where confidence is absent or below `ambiguous_below`."""

    rows: Mapping[str, Row]
    ambiguous_below: float = 0.5
    action_types: tuple[str, ...] = EVERY_TYPE


@dataclass(frozen=True, slots=True)
class ScoreBands:
    """From which score on a junior, a senior or nobody may let the action pass."""

    review: int | None = None
    escalate: int | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """How many actions, and how much in the house's currency, a series may reach before `outcome`."""

    series: str
    count: int | None = None
    sum: Decimal | None = None
    outcome: Route = Route.REVIEW


@dataclass(frozen=True, slots=True)
class Terms:
    """How a tier decides: who, how many distinct people, within which time, and what a timeout does."""

    who: str
    quorum: int
    timing: Timing
    on_timeout: OnTimeout

    @property
    def due_seconds(self) -> int:
        """Within how many seconds, where the time is not told in working hours or days."""
        return self.timing.due_seconds


DEFAULT_TERMS: Mapping[Tier, Terms] = {
    Tier.JUNIOR: Terms("responsible", 1, Timing(86_400), OnTimeout.ESCALATE),
    Tier.SENIOR: Terms("desk", 1, Timing(172_800), OnTimeout.EXPIRE),
}

NO_BANDS = Confidence()
NO_SCORE_BANDS = ScoreBands()
