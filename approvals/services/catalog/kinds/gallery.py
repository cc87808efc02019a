"""The gallery: kinds of action that ship as examples, one for each row of the reversibility table and some domains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "shipped_kinds"


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of the gallery: its words, an example payload, what is at stake, and the policy card that suits it."""

    key: str
    title: str
    says: str
    row: str
    undo: str
    external: bool
    stakes: str
    domain: str
    data_classes: Sequence[str]
    policy: str
    example: Mapping[str, Any]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def cards() -> tuple[Card, ...]:
    """The cards, from the least that can go wrong to the most."""
    return _cards()


@lru_cache(maxsize=1)
def _cards() -> tuple[Card, ...]:
    found = [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    levels = ("low", "medium", "high")
    return tuple(sorted(found, key=lambda card: (levels.index(card.stakes), card.undo != "reversible", card.key)))


def card(key: str) -> Card | None:
    """The card of this name, or None."""
    return next((each for each in cards() if each.key == key), None)


def _read(path: Path) -> Card:
    return Card(key=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
