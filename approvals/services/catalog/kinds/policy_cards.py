"""Policies as cards with a sentence each: what a card asks, and the document that it writes; pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policies.engine.document import writer
from policies.engine.values.said import message
from policies.engine.values.vocabulary import NON_NEGOTIABLE

ASK, SENIOR, TWO, AMOUNT, COMPLETE, TABLE, EXISTING = "ask", "senior", "two", "amount", "complete", "table", "existing"


@dataclass(frozen=True, slots=True)
class Card:
    """A policy in one sentence; `mode` is what automation it needs, `asks` the numbers that it wants."""

    key: str
    title: str
    says: str
    mode: str = "in_the_loop"
    asks: tuple[str, ...] = ()


CARDS = (
    Card(ASK, message("Always ask"), message("A reviewer decides on every action.")),
    Card(SENIOR, message("Always ask a senior"), message("A senior reviewer decides on every action, with a reason.")),
    Card(TWO, message("Two people"), message("Two reviewers must agree on every action.")),
    Card(
        AMOUNT, message("By amount"),
        message("Small amounts run automatically, larger ones need a reviewer, the largest a senior."),
        "on_the_loop", ("runs", "reviewer"),
    ),
    Card(
        COMPLETE, message("Only what is odd"),
        message("Complete and plausible actions run automatically. A reviewer looks at the rest."), "on_the_loop",
    ),
    Card(
        TABLE, message("Reversibility table"),
        message("What can be undone and matters little runs automatically. Everything else needs a reviewer."),
        "on_the_loop",
    ),
    Card(EXISTING, message("A policy in force"), message("Use the policy of another action type."), "on_the_loop"),
)  # fmt: skip
BY_KEY: Mapping[str, Card] = {card.key: card for card in CARDS}
# What may run at all, where its card lets it; a row that is not here needs a reviewer, whatever else the card says.
_NEVER = {"irreversible_high": "review", "regulated_data": "review"}
_EASY = {"reversible_low": "auto", "reversible_medium": "auto", "irreversible_low": "auto", **_NEVER}
_TIERS = {
    "junior": {"who": "desk", "quorum": 1, "due": "1d", "on_timeout": "escalate"},
    "senior": {"who": "desk", "quorum": 1, "due": "2d", "on_timeout": "expire"},
}


def is_automatic(card: Card, domain: str) -> bool:
    """Whether anything can run automatically under this card in this domain."""
    return card.mode != "in_the_loop" and domain not in NON_NEGOTIABLE


def document(
    key: str, *, name: str, title: str, about: str, base: str, runs: Decimal | None = None, upto: Decimal | None = None
) -> str:
    """The text of the policy that a card stands for; ``runs`` and ``upto`` are amounts in the base currency."""
    body: dict[str, Any] = {"policy": name, "title": title, "about": about}
    body |= _sections(key, base, runs or Decimal(0), upto or Decimal(0))
    quorum = {"quorum": 2} if key == TWO else {}
    body |= {"missing": "review", "flags": {"outcome": "review"}}
    body["tiers"] = {"junior": _TIERS["junior"] | quorum, "senior": _TIERS["senior"]}
    return writer.write(body | {"undo": {"after_person": "10s", "after_policy": "0s"}})


def _sections(key: str, base: str, runs: Decimal, upto: Decimal) -> dict[str, Any]:
    # A new agent says nothing of its confidence; what is unsure is asked about all the same.
    unsure = {
        "name": "unsure", "when": "'confidence' in known && confidence < 0.8", "outcome": "review",
        "says": "The agent is not sure.",
    }  # fmt: skip
    careful: dict[str, Any] = {"confidence": {"absent": "ignore"}, "reversibility": dict(_EASY), "rules": [unsure]}
    if key == AMOUNT:
        ladder = [{"up_to": f"{runs:.2f}", "outcome": "auto"}, {"up_to": f"{upto:.2f}", "outcome": "review"}]
        return careful | {"amounts": {"base": base, "ladders": {base: [*ladder, {"outcome": "escalate"}]}}}
    if key == COMPLETE:
        whole = {"name": "complete", "when": "size(missing) == 0", "outcome": "auto", "says": "Nothing is missing."}
        return careful | {"rules": [whole, unsure]}
    if key == TABLE:
        table = {
            "reversible_low": "auto",
            "reversible_medium": {"outcome": "auto", "up_to_score": 40, "beyond": "review"},
        }
        return careful | {"reversibility": {**table, "irreversible_low": "auto", **_NEVER}}
    if key == SENIOR:
        says = "A senior reviewer decides on each of these."
        everything = {"name": "seniors", "when": "external || !external", "outcome": "escalate", "says": says}
        return {"rules": [everything | {"requires_rationale": True}]}
    return {"rules": [unsure]}
