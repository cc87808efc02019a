"""Votes of a document's budgets, which limit automatic runs."""

from collections.abc import Iterator
from decimal import Decimal

from policies.engine.document.parse import Document
from policies.engine.document.sections import Budget
from policies.engine.evaluation.result import Requirement
from policies.engine.evaluation.votes import Vote
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import parts
from policies.engine.values.money import money, plain
from policies.engine.values.said import message, say

_PER = {
    "agent": message("agent"),
    "subject": message("subject"),
    "type": message("action type"),
    "agent_subject": message("agent and subject"),
}
_SPANS = {"hour": message("1-hour"), "day": message("1-day"), "week": message("7-day"), "month": message("30-day")}


def budget_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    """Yield a vote for every budget that the action would exceed or that cannot be checked."""
    for budget in document.budgets:
        bounds = (("count", budget.count), ("sum", budget.sum))
        for name, bound in bounds:
            if bound is None:
                continue
            value = facts.counted.get(f"recent.{budget.series}.{name}")
            if value is None:
                yield _unknown(document, budget, name)
            elif value > bound:
                yield _exceeded(document, budget, name, Decimal(value), Decimal(bound))


def _exceeded(document: Document, budget: Budget, name: str, value: Decimal, bound: Decimal) -> Vote:
    base = document.amounts.base if document.amounts else ""
    shown, most = (_shown(each, base, is_money=name == "sum") for each in (value, bound))
    requirement = Requirement(f"recent.{budget.series}.{name}", "at_most", f"{bound:f}")
    values = {"budget": _named(budget), "most": most, "total": shown}
    text = say("{budget} is {most}. This action would raise the total to {total}.", values)
    return _vote(document, budget, text, requirement)


def _shown(value: Decimal, base: str, *, is_money: bool) -> str:
    if not is_money and value == 1:
        return say("1 action")
    if not is_money:
        return say("{count} actions", count=f"{value:,}")
    return money(value, base) if base else say("{amount} in the base currency", amount=plain(value))


def _unknown(document: Document, budget: Budget, name: str) -> Vote:
    template = message(
        "{budget} could not be checked because the subject or the amount in the base currency is unknown."
    )
    text = say(template, budget=_named(budget))
    # As if exceeded: an action with less known data never gets an easier route.
    return _vote(document, budget, text, Requirement(f"recent.{budget.series}.{name}", "present"))


def _named(budget: Budget) -> str:
    scope, window = parts(budget.series)
    return say("The {span} budget per {scope}", span=say(_SPANS[window]), scope=say(_PER[scope]))


def _vote(document: Document, budget: Budget, text: str, requirement: Requirement) -> Vote:
    rule = f"budget_{budget.series}"
    return Vote(rule=rule, text=text, outcome=budget.outcome, document=document.name, requirement=requirement)
