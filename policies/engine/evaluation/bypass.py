"""What a standing rule may bypass: review rules of the action type's own policy.

It never bypasses floors, anomalies, missing data, budgets or the global policy. It also never bypasses reviews that
need a senior, several people or a rationale. This module does not know who made a rule or how much of it is used.
"""

from collections.abc import Iterator, Sequence

from policies.engine.document.parse import HOUSE, Document
from policies.engine.document.sections import ALWAYS_A_PERSON, ROWS
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.said import message, say
from policies.engine.values.vocabulary import Reversibility, Route, Stakes, Tier

# A document's own rule with such a name replaces the floor of that name.
NEVER = frozenset(
    {
        *("mode", "domain", "regulated_data", "missing_data", "not_fetched", "exceptions", "too_long"),
        *("no_rule", "no_policy"),
        *("ambiguous_intent", "confidence_band", *ALWAYS_A_PERSON),
    }
)
BUDGETS = "budget_"
# Assignees for which any reviewer of the desk can decide.
ANYBODY = frozenset({"responsible", "desk"})
_FACTS = {
    "amount": message("amount"),
    "amount_base": message("amount in the base currency"),
    "confidence": message("confidence"),
    "fetched": message("lookup result"),
}
_TABLES = frozenset({"amount_ladder", "score_band", *ROWS})


def held_by(evaluation: Evaluation) -> tuple[Reason, ...]:
    """Return the reasons why the action does not run automatically."""
    return tuple(reason for reason in evaluation.reasons if reason.outcome is not Route.AUTO)


def names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the rules that stopped the action, as `document:rule`, for a standing rule made from it."""
    return tuple(dict.fromkeys(f"{reason.document}:{reason.rule}" for reason in held_by(evaluation)))


def objections(
    evaluation: Evaluation, documents: Sequence[Document] | None, *, reversibility: str, stakes: str
) -> tuple[str, ...]:
    """Return why a standing rule can never bypass these reasons, as sentences; empty if one can.

    Without the documents, unknown reasons, such as those of a later release, are not reported.
    """
    if documents is None:
        return _standing_in_the_way(evaluation, reversibility, stakes)
    known = {f"{document.name}:{name}" for document in documents for name in _may_be_named(document)}
    strangers = [
        reason.sentence
        for reason in held_by(evaluation)
        if f"{reason.document}:{reason.rule}" not in known and not _always_holds(reason)
    ]
    return (*_standing_in_the_way(evaluation, reversibility, stakes), *strangers)


def lets_pass(evaluation: Evaluation, named: Sequence[str], *, reversibility: str, stakes: str) -> bool:
    """Return whether a standing rule that names these rules covers every reason of the evaluation.

    A reason that is new since the rule was made always needs a person.
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
        *(reason.sentence for reason in held_by(evaluation) if _always_holds(reason)),
        *_of_what_is_unknown(evaluation),
        *_of_the_kind(reversibility, stakes),
    )


def _always_holds(reason: Reason) -> bool:
    is_own = bool(reason.document) and reason.document != HOUSE
    return not is_own or reason.rule in NEVER or reason.rule.startswith(BUDGETS)


def _of_the_outcome(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.outcome is Route.BLOCK:
        yield say("Policy blocks this action.")
    elif evaluation.outcome is Route.AUTO:
        yield say("Policy already runs this action automatically.")
    elif evaluation.outcome is Route.ESCALATE or evaluation.tier is not Tier.JUNIOR:
        yield say("A senior reviewer must decide each time.")


def _of_the_plan(evaluation: Evaluation) -> Iterator[str]:
    if len(evaluation.plan) > 1 or any(stage.quorum > 1 for stage in evaluation.plan):
        yield say("This action needs several stages or approvals each time.")
    if any(stage.who not in ANYBODY for stage in evaluation.plan):
        yield say("Policy assigns this action to a specific person or group each time.")
    if evaluation.requires_rationale:
        yield say("Policy requires a rationale each time.")


def _of_what_is_unknown(evaluation: Evaluation) -> Iterator[str]:
    for requirement in evaluation.requirements:
        if requirement.operator == "present":
            yield say("A required value is unknown: {fact}. A person decides.", fact=_named(requirement.fact))
    if evaluation.score is None:
        yield say("The risk was not scored, so a person decides.")


def _named(fact: str) -> str:
    return say(_FACTS[fact]) if fact in _FACTS else fact.replace("_", " ")


def _of_the_kind(reversibility: str, stakes: str) -> Iterator[str]:
    if reversibility != Reversibility.REVERSIBLE and stakes == Stakes.HIGH:
        yield say("Irreversible and high-stakes: a person always decides.")
