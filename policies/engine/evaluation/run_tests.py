"""Running the tests that a policy carries; a version with a failing one cannot be published."""

from collections.abc import Sequence

from policies.engine.document.embedded_tests import EmbeddedTest
from policies.engine.document.parse import Document
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.typed_reader import Fault


def failures(document: Document, others: Sequence[Document] = ()) -> tuple[Fault, ...]:
    """Run every test of a document, judged with `others` beside it; return the path of each failing one with why."""
    found = []
    for index, trial in enumerate(document.tests):
        if sentence := _failure(trial, evaluate([document, *others], trial.given)):
            found.append(Fault(f"tests[{index}]", f'"{trial.name}": {sentence}'))
    return tuple(found)


def _failure(trial: EmbeddedTest, evaluation: Evaluation) -> str:
    because = "; ".join(f"{reason.rule} says {reason.outcome}" for reason in evaluation.reasons)
    if evaluation.outcome is not trial.outcome:
        return f"{trial.outcome} was expected, but it is {evaluation.outcome} ({because})."
    if trial.tier is not None and evaluation.tier is not trial.tier:
        return f"tier {trial.tier} was expected, but it is {evaluation.tier or 'nobody'} ({because})."
    absent = [name for name in trial.rules if name not in {reason.rule for reason in evaluation.reasons}]
    return f"{', '.join(absent)} was expected among the reasons, which are: {because}." if absent else ""
