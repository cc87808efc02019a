"""Try a document on one case, and explain the result of every rule."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from policies.engine.conditions.cel import Bound, ConditionFault, Match, bind, compile
from policies.engine.conditions.cel import evaluate as ask
from policies.engine.document.parse import Document
from policies.engine.document.sections import Rule
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.evaluation.scoring import Part, score
from policies.engine.evaluation.votes import applies_to
from policies.engine.inputs.policy_input import PolicyInput
from policies.lab.requirements import said

_PIECES = re.compile(r"""[rRbB]{0,2}(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|&&|\|\||.""", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case to try a document on: an input, and the other documents that apply.

    With a schema the input is scored first; without one it already has its score and anomalies.
    """

    facts: PolicyInput
    label: str = ""
    schema: Mapping[str, Any] | None = None
    others: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one rule: `matched`, `not`, `error` or `elsewhere` (other action types), and why."""

    document: str
    rule: Rule
    said: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An evaluation with its input, the result of every rule, and the requirements in words."""

    evaluation: Evaluation
    facts: PolicyInput
    answers: tuple[Answer, ...]
    passes: tuple[str, ...]


def explain(document: Document, case: Case) -> Explanation:
    """Evaluate the case with this document and the others; nothing is stored."""
    documents = sorted([*case.others, document], key=lambda each: each.is_house_wide)
    facts, parts = _scored(documents, case)
    evaluation = evaluate(documents, facts, parts=parts)
    bound = bind(facts)
    answers = tuple(_answer(each, rule, facts, bound) for each in documents for rule in each.rules)
    return Explanation(evaluation, facts, answers, tuple(map(said, evaluation.requirements)))


def _scored(documents: Sequence[Document], case: Case) -> tuple[PolicyInput, tuple[Part, ...]]:
    if case.schema is None:
        return case.facts, ()
    own = next((each for each in documents if not each.is_house_wide), None)
    scored = score(case.facts, case.schema, own.weights if own else None)
    flags = dict.fromkeys((*case.facts.flags, *(flag.code for flag in scored.flags)))
    return replace(case.facts, score=scored.score, flags=tuple(flags)), scored.parts


def _answer(document: Document, rule: Rule, facts: PolicyInput, bound: Bound) -> Answer:
    if not applies_to(rule.action_types, facts.action_type):
        return Answer(document.name, rule, "elsewhere", ", ".join(rule.action_types))
    verdict = ask(compile(rule.when), bound)
    if verdict.match is Match.ERROR:
        return Answer(document.name, rule, "error", verdict.message)
    if verdict.match is Match.YES:
        return Answer(document.name, rule, "matched")
    return Answer(document.name, rule, "not", _false_part(rule.when, bound))


def _false_part(condition: str, bound: Bound) -> str:
    """Return the first false part of a condition joined by &&; empty if it has only one part."""
    parts = list(conjuncts(condition))
    return next((part for part in parts if _is_false(part, bound)), "") if len(parts) > 1 else ""


def _is_false(part: str, bound: Bound) -> bool:
    try:
        return ask(compile(part), bound).match is Match.NO
    except ConditionFault:
        # Split in the wrong place, such as in a raw text that ends with a backslash: show the whole condition.
        return False


def conjuncts(condition: str) -> Iterator[str]:
    """Yield the parts joined by && outside brackets, or the whole condition."""
    depth, parts = 0, [""]
    for piece in _PIECES.findall(condition):
        depth += (piece in "([{") - (piece in ")]}") if len(piece) == 1 else 0
        if depth == 0 and piece in ("||", "?"):
            yield condition
            return
        if depth == 0 and piece == "&&":
            parts.append("")
        else:
            parts[-1] += piece
    yield from (part.strip() for part in parts)
