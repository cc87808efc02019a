"""What policy blocks in spite of which an action that was reopened may be granted. Steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from approvals.models import Action
from policies.engine.evaluation.ruling import Evaluation
from policies.engine.values.vocabulary import Route


def covers(action: Action, judgement: Evaluation) -> bool:
    """Whether it is blocked, but by nothing that whoever reopened it did not know of: another block still stops it.

    A block is known by its document, its rule and its sentence: what was put in other words is another one.
    """
    original = action.reopens
    if judgement.outcome is not Route.BLOCK or original is None or original.ruling is None:
        return False
    return blocks(judgement.as_json()["reasons"]) <= blocks(original.ruling.content["reasons"])


def blocks(reasons: Iterable[Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Document, rule and sentence of each reason that blocks."""
    return {
        (reason["document"], reason["rule"], reason["text"]) for reason in reasons if reason["outcome"] == Route.BLOCK
    }
