"""The input of a policy: everything that it can know about a proposed action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from policies.engine.inputs.usual import Unusual
from policies.engine.inputs.windows import Counted
from policies.engine.values.money import amount_minor
from policies.engine.values.vocabulary import Mode, Reversibility, Stakes

_MODES = frozenset(Mode)
_REVERSIBILITIES = frozenset(Reversibility)
_STAKES = frozenset(Stakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInput:
    """One action as a policy sees it; `amount` is in `currency`, `amount_base` in base currency.

    `counted` holds what was counted over time by the names that conditions use, sums in the base currency; what no
    policy asked for, or nobody can know, is not in it. `fetched` holds what was looked up before the evaluation, by
    name, `unfetched` why a look-up brought nothing to judge by, and `sources` the digest of each answer. `titles` names
    fields as people know them, by pointer; it decides nothing and is not part of the record.

    :raises ValueError: a value is outside its vocabulary or range.
    """

    action_type: str
    payload: Mapping[str, object]
    agent: str
    amount: Decimal | None = None
    currency: str | None = None
    amount_base: Decimal | None = None
    confidence: float | None = None
    on_behalf_of: str = ""
    subject: str = ""
    client: str = ""
    reversibility: str = Reversibility.IRREVERSIBLE
    stakes: str = Stakes.HIGH
    data_classes: tuple[str, ...] = ()
    domain: str = "general"
    external: bool = True
    mode: str = Mode.IN_THE_LOOP
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    score: int | None = None
    history: Mapping[str, int | str] = field(default_factory=dict)
    unusual: Unusual = field(default_factory=Unusual)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    fetched: Mapping[str, object] = field(default_factory=dict)
    unfetched: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    proposed_on: date = date.min
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_words()
        for name in ("amount", "amount_base"):
            value = getattr(self, name)
            if value is not None and not value.is_finite():
                raise ValueError(f"{name} is {value}. Use a finite decimal number, or None if unknown.")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence is {self.confidence}. Use a number from 0 to 1, or None if absent.")
        if self.score is not None and not 0 <= self.score <= 100:
            raise ValueError(f"score is {self.score}. Use a number from 0 to 100, or None before scoring.")

    def _check_words(self) -> None:
        for name, words in (("mode", _MODES), ("reversibility", _REVERSIBILITIES), ("stakes", _STAKES)):
            if getattr(self, name) not in words:
                raise ValueError(f"{name} is {getattr(self, name)!r}. Use one of: {', '.join(sorted(words))}.")

    @property
    def amount_minor(self) -> int | None:
        """The amount in whole minor units of its currency, for exact comparison."""
        return amount_minor(self.amount, self.currency)

    def as_json(self) -> dict[str, object]:
        """Return the input as plain JSON values, amounts as decimal text."""
        return {
            "action_type": str(self.action_type),
            "payload": self.payload,
            "agent": str(self.agent),
            "amount": _text(self.amount),
            "currency": self.currency,
            "amount_base": _text(self.amount_base),
            "confidence": self.confidence,
            "on_behalf_of": str(self.on_behalf_of),
            "subject": str(self.subject),
            **({"client": str(self.client)} if self.client else {}),
            "reversibility": str(self.reversibility),
            "stakes": str(self.stakes),
            "data_classes": list(self.data_classes),
            "domain": str(self.domain),
            "external": self.external,
            "mode": str(self.mode),
            "missing": list(self.missing),
            "flags": list(self.flags),
            "score": self.score,
            "history": dict(self.history),
            "unusual": self.unusual.as_json(),
            "counted": self.counted_as_json(),
            "proposed_on": self.proposed_on.isoformat(),
            **({"fetched": self.fetched} if self.fetched else {}),
            **({"unfetched": dict(self.unfetched)} if self.unfetched else {}),
            **({"sources": dict(self.sources)} if self.sources else {}),
        }

    def counted_as_json(self) -> dict[str, bool | int | str]:
        """Return the counts as plain JSON values, sums as decimal text."""
        items = self.counted.items()
        return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in items}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
