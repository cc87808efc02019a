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
    """A condition, its outcome, and the message for people."""

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
    """The outcome from this confidence up."""

    at_least: float
    outcome: Route


@dataclass(frozen=True, slots=True)
class Confidence:
    """Confidence bands, highest first; `absent` is None if the policy needs no confidence."""

    bands: tuple[Band, ...] = ()
    absent: Route | None = Route.REVIEW
    action_types: tuple[str, ...] = EVERY_TYPE


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome up to and including this amount; the last step has no limit."""

    up_to: Decimal | None
    outcome: Route


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amount ladders by currency; other currencies use the base currency `base`."""

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
    """The reversibility table; intent is ambiguous if confidence is absent or below `ambiguous_below`."""

    rows: Mapping[str, Row]
    ambiguous_below: float = 0.5
    action_types: tuple[str, ...] = EVERY_TYPE


@dataclass(frozen=True, slots=True)
class ScoreBands:
    """The score thresholds for review, escalate and block."""

    review: int | None = None
    escalate: int | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of a series, in actions and in base currency, above which `outcome` applies."""

    series: str
    count: int | None = None
    sum: Decimal | None = None
    outcome: Route = Route.REVIEW


@dataclass(frozen=True, slots=True)
class Terms:
    """Settings of a tier: assignee, quorum, due time, and what a timeout does."""

    who: str
    quorum: int
    timing: Timing
    on_timeout: OnTimeout

    @property
    def due_seconds(self) -> int:
        """The due time in seconds, if it is not in working hours or days."""
        return self.timing.due_seconds


DEFAULT_TERMS: Mapping[Tier, Terms] = {
    Tier.JUNIOR: Terms("responsible", 1, Timing(86_400), OnTimeout.ESCALATE),
    Tier.SENIOR: Terms("desk", 1, Timing(172_800), OnTimeout.EXPIRE),
}

NO_BANDS = Confidence()
NO_SCORE_BANDS = ScoreBands()
