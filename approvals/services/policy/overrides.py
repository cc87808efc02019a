"""What policy blocks in spite of which an action that was reopened may be granted. Steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from approvals.models import Action
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route


def covers(action: Action, evaluation: Evaluation) -> bool:
    """Whether it is blocked, but by nothing that whoever reopened it did not know of: another block still stops it.

    A block is known by its document, its rule and its sentence: what was put in other words is another one.
    """
    original = action.overrides
    if evaluation.outcome is not Route.BLOCK or original is None or original.evaluation is None:
        return False
    return blocks(evaluation.as_json()["reasons"]) <= blocks(original.evaluation.content["reasons"])


def blocks(reasons: Iterable[Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Document, rule and sentence of each reason that blocks."""
    return {
        (reason["document"], reason["rule"], reason["text"]) for reason in reasons if reason["outcome"] == Route.BLOCK
    }
