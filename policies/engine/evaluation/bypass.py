"""What a standing rule may let pass: the wish of a type's own document to be asked about a kind of action.

What always takes a person, what is odd or unsure about one action, budgets and house-wide rules are never let pass; nor
is what more than one person, a senior or somebody with a reason in words has to decide. Nothing here knows who made a
standing rule, or how much of it is spent.
"""

from collections.abc import Iterator, Sequence

from policies.engine.document.parse import HOUSE, Document
from policies.engine.document.sections import ALWAYS_A_PERSON, ROWS
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.vocabulary import Reversibility, Route, Stakes, Tier

# A document's own rule may bear such a name, too, and then stands in the place of what always holds.
NEVER = frozenset(
    {
        *("mode", "domain", "regulated_data", "missing_data", "not_fetched", "exceptions", "too_long"),
        *("no_rule", "no_policy"),
        *("ambiguous_intent", "confidence_band", *ALWAYS_A_PERSON),
    }
)
BUDGETS = "budget_"
# Whom a stage may ask so that any reviewer of the desk could have answered.
ANYBODY = frozenset({"responsible", "desk"})
_TABLES = frozenset({"amount_ladder", "score_band", *ROWS})


def held_by(evaluation: Evaluation) -> tuple[Reason, ...]:
    """Return the reasons for which the action does not run by itself."""
    return tuple(reason for reason in evaluation.reasons if reason.outcome is not Route.AUTO)


def names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the rules that held the action up, each as `document:rule`; what a standing rule made from it names."""
    return tuple(dict.fromkeys(f"{reason.document}:{reason.rule}" for reason in held_by(evaluation)))


def objections(
    evaluation: Evaluation, documents: Sequence[Document] | None, *, reversibility: str, stakes: str
) -> tuple[str, ...]:
    """Return why no standing rule can ever let an action like this pass, in sentences; nothing where one can.

    Without the documents, a reason that none of them can name, such as one of a later release, is not found.
    """
    if documents is None:
        return _standing_in_the_way(evaluation, reversibility, stakes)
    known = {f"{document.name}:{name}" for document in documents for name in _may_be_named(document)}
    strangers = [
        reason.text
        for reason in held_by(evaluation)
        if f"{reason.document}:{reason.rule}" not in known and not _always_holds(reason)
    ]
    return (*_standing_in_the_way(evaluation, reversibility, stakes), *strangers)


def lets_pass(evaluation: Evaluation, named: Sequence[str], *, reversibility: str, stakes: str) -> bool:
    """Say whether a standing rule that names these rules lets the action pass: all that holds it up, and no more.

    A reason that was not there when the standing rule was made is news, and a person looks.
    """
    if evaluation.outcome is not Route.REVIEW or any(_standing_in_the_way(evaluation, reversibility, stakes)):
        return False
    return set(names(evaluation)) <= set(named)


def _may_be_named(document: Document) -> Iterator[str]:
    if not document.is_house_wide:
        yield from (rule.name for rule in document.rules)
        yield from _TABLES


def _standing_in_the_way(evaluation: Evaluation, reversibility: str, stakes: str) -> tuple[str, ...]:
    return (
        *_of_the_outcome(evaluation),
        *_of_the_plan(evaluation),
        *(reason.text for reason in held_by(evaluation) if _always_holds(reason)),
        *_of_what_is_unknown(evaluation),
        *_of_the_kind(reversibility, stakes),
    )


def _always_holds(reason: Reason) -> bool:
    is_own = bool(reason.document) and reason.document != HOUSE
    return not is_own or reason.rule in NEVER or reason.rule.startswith(BUDGETS)


def _of_the_outcome(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.outcome is Route.BLOCK:
        yield "Policy blocks it."
    elif evaluation.outcome is Route.AUTO:
        yield "Policy lets it run by itself, so there is nothing to let pass."
    elif evaluation.outcome is Route.ESCALATE or evaluation.tier is not Tier.JUNIOR:
        yield "A senior decides this each time."


def _of_the_plan(evaluation: Evaluation) -> Iterator[str]:
    if len(evaluation.plan) > 1 or any(stage.quorum > 1 for stage in evaluation.plan):
        yield "More than one step or person decides this each time."
    if any(stage.who not in ANYBODY for stage in evaluation.plan):
        yield "Policy asks somebody in particular each time."
    if evaluation.requires_rationale:
        yield "Policy wants a reason in words each time."


def _of_what_is_unknown(evaluation: Evaluation) -> Iterator[str]:
    for requirement in evaluation.requirements:
        if requirement.operator == "present":
            yield f"{requirement.fact} is not known, so a person looks."
    if evaluation.score is None:
        yield "The risk was not scored, so a person looks."


def _of_the_kind(reversibility: str, stakes: str) -> Iterator[str]:
    if reversibility != Reversibility.REVERSIBLE and stakes == Stakes.HIGH:
        yield "It cannot be undone and much is at stake: a person always decides."
