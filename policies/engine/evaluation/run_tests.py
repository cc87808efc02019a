"""Run the tests of a policy; a version with a failing test cannot be published."""

from collections.abc import Sequence

from policies.engine.document.embedded_tests import EmbeddedTest
from policies.engine.document.parse import Document
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.said import say
from policies.engine.values.typed_reader import Fault


def failures(document: Document, others: Sequence[Document] = ()) -> tuple[Fault, ...]:
    """Run every test of a document together with `others`; return the path and reason of each failure."""
    found = []
    for index, trial in enumerate(document.tests):
        if sentence := _failure(trial, evaluate([document, *others], trial.given)):
            found.append(Fault(f"tests[{index}]", say("“{name}”: {told}", name=trial.name, told=sentence)))
    return tuple(found)


def _failure(trial: EmbeddedTest, evaluation: Evaluation) -> str:
    because = "; ".join(f"{reason.rule}: {reason.outcome}" for reason in evaluation.reasons)
    if evaluation.outcome is not trial.outcome:
        values = {"wanted": trial.outcome, "found": evaluation.outcome, "reasons": because}
        return say("Expected {wanted}, got {found} ({reasons}).", values)
    if trial.tier is not None and evaluation.tier is not trial.tier:
        values = {"wanted": trial.tier, "found": evaluation.tier or "none", "reasons": because}
        return say("Expected tier {wanted}, got {found} ({reasons}).", values)
    absent = [name for name in trial.rules if name not in {reason.rule for reason in evaluation.reasons}]
    values = {"wanted": ", ".join(absent), "reasons": because}
    return say("Expected {wanted} in the reasons, got {reasons}.", values) if absent else ""
