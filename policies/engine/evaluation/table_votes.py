"""Votes of a document's tables: bands, ladders, the reversibility table and score thresholds."""

from collections.abc import Iterator
from decimal import Decimal

from policies.engine.document.parse import Document
from policies.engine.document.sections import Amounts, Reversal, Row, Step
from policies.engine.evaluation.result import Requirement
from policies.engine.evaluation.votes import Vote, applies_to, regulated_classes
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.money import as_written, figure, money
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import Route

ROW_SENTENCES = {
    "reversible_low": message("The action is reversible and low-stakes."),
    "reversible_medium": message("The action is reversible and medium-stakes."),
    "reversible_high": message("The action is reversible and high-stakes."),
    "irreversible_low": message("Irreversible and low-stakes."),
    "irreversible_medium": message("Irreversible and medium-stakes."),
    "irreversible_high": message("Irreversible and high-stakes: a person always decides."),
    "regulated_data": message("Regulated data: a person always decides."),
    "ambiguous_intent": message("Ambiguous intent: a person always decides."),
}


def table_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    """Yield a vote for every table that applies to the action."""
    yield from _band_votes(document, facts)
    yield from _ladder_votes(document, facts)
    yield from _reversal_votes(document, facts)
    yield from _score_votes(document, facts)


def _band_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    bands = document.confidence.bands
    if not bands or facts.confidence is None or not applies_to(document.confidence.action_types, facts.action_type):
        return
    index, band = next((index, band) for index, band in enumerate(bands) if facts.confidence >= band.at_least)
    confidence = figure(facts.confidence)
    if index == 0:
        text = say(
            "The agent’s confidence, {value}, is at least {bound}.", value=confidence, bound=figure(band.at_least)
        )
    else:
        bound = figure(bands[index - 1].at_least)
        text = say("The agent’s confidence, {value}, is below {bound}.", value=confidence, bound=bound)
    floor = min((other.at_least for other in bands if other.outcome is Route.AUTO), default=None)
    yield Vote(
        rule="confidence_band",
        text=text,
        outcome=band.outcome,
        document=document.name,
        requirement=_at_least(floor),
    )


def _at_least(bound: float | None) -> Requirement:
    return Requirement("confidence", "never") if bound is None else Requirement("confidence", "at_least", bound)


def _ladder_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    amounts = document.amounts
    if amounts is None or not applies_to(amounts.action_types, facts.action_type):
        return
    amount, currency, steps = _ladder(amounts, facts)
    if amount is None or not steps:
        yield _no_amount(document, facts, amounts.base)
        return
    # A refund or a credit note counts as much as a payment of the same amount.
    index = next(index for index, step in enumerate(steps) if step.up_to is None or amount.copy_abs() <= step.up_to)
    yield Vote(
        rule="amount_ladder",
        text=_ladder_sentence(_shown(facts, amounts.base), steps, index, currency),
        outcome=steps[index].outcome,
        document=document.name,
        requirement=_at_most(steps, currency),
    )


def _shown(facts: PolicyInput, base: str) -> str:
    """Return the proposed amount, with its value in base currency if that differs."""
    parts = [(facts.amount, facts.currency), (facts.amount_base, base)]
    shown = [as_written(amount, currency) for amount, currency in parts if amount is not None and currency]
    return shown[0] if len(shown) == 1 or facts.currency == base else f"{shown[0]} ({shown[1]})"


def _ladder_sentence(amount: str, steps: tuple[Step, ...], index: int, currency: str) -> Said:
    below, above = steps[index - 1].up_to if index else None, steps[index].up_to
    if below is not None:
        return say("The amount, {amount}, is above {bound}.", amount=amount, bound=money(below, currency))
    if above is not None:
        return say("The amount, {amount}, is at most {bound}.", amount=amount, bound=money(above, currency))
    return say("The amount, {amount}, is in the step that covers all amounts.", amount=amount)


def _ladder(amounts: Amounts, facts: PolicyInput) -> tuple[Decimal | None, str, tuple[Step, ...]]:
    if facts.amount is not None and facts.currency in amounts.ladders:
        return facts.amount, str(facts.currency), amounts.ladders[str(facts.currency)]
    return facts.amount_base, amounts.base, amounts.ladders.get(amounts.base, ())


def _no_amount(document: Document, facts: PolicyInput, base: str) -> Vote:
    known = facts.amount is not None and facts.currency is not None
    if known:
        values = {"currency": facts.currency, "base": base}
        text = say("There is no exchange rate from {currency} to {base}. A person decides.", values)
    else:
        text = say("The amount is unknown. A person decides.")
    fact = "amount_base" if known else "amount"
    return Vote(
        rule="amount_ladder",
        text=text,
        outcome=Route.REVIEW,
        document=document.name,
        requirement=Requirement(fact, "present"),
    )


def _at_most(steps: tuple[Step, ...], currency: str) -> Requirement:
    bounds = [step.up_to for step in steps if step.outcome is Route.AUTO and step.up_to is not None]
    if not bounds:
        return Requirement("amount", "never")
    return Requirement("amount", "at_most", {"amount": f"{max(bounds):f}", "currency": currency})


def _reversal_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    table = document.reversibility
    if table is None or not applies_to(table.action_types, facts.action_type):
        return
    cell = f"{facts.reversibility}_{facts.stakes}"
    # A cell that a type's table omits permits nothing; the global table has no opinion there.
    if cell in table.rows or not document.is_house_wide:
        yield _row_vote(document, cell, table.rows.get(cell, Row(Route.REVIEW)), facts)
    if "regulated_data" in table.rows and regulated_classes([document], facts):
        yield _row_vote(document, "regulated_data", table.rows["regulated_data"], facts)
    if "ambiguous_intent" in table.rows and _is_ambiguous(table, facts):
        yield _row_vote(document, "ambiguous_intent", table.rows["ambiguous_intent"], facts)


def _is_ambiguous(table: Reversal, facts: PolicyInput) -> bool:
    return facts.confidence is None or facts.confidence < table.ambiguous_below


def _row_vote(document: Document, name: str, row: Row, facts: PolicyInput) -> Vote:
    is_within = _is_within(row, facts)
    sentence = say(ROW_SENTENCES[name])
    return Vote(
        rule=name,
        text=sentence
        if is_within
        else say("{row} The amount or risk score is unknown or above the threshold.", row=sentence),
        outcome=row.outcome if is_within else row.beyond,
        document=document.name,
        requirement=_row_requirement(name, row),
    )


def _is_within(row: Row, facts: PolicyInput) -> bool:
    if row.up_to_amount is not None and (facts.amount_base is None or facts.amount_base.copy_abs() > row.up_to_amount):
        return False
    return row.up_to_score is None or (facts.score is not None and facts.score <= row.up_to_score)


def _row_requirement(name: str, row: Row) -> Requirement:
    if row.outcome is not Route.AUTO:
        return Requirement(name, "never")
    thresholds = {"amount_base": row.up_to_amount and f"{row.up_to_amount:f}", "score": row.up_to_score}
    return Requirement(name, "at_most", {fact: bound for fact, bound in thresholds.items() if bound is not None})


def _score_votes(document: Document, facts: PolicyInput) -> Iterator[Vote]:
    bounds = {
        Route.BLOCK: document.score.block,
        Route.ESCALATE: document.score.escalate,
        Route.REVIEW: document.score.review,
    }
    given = {outcome: bound for outcome, bound in bounds.items() if bound is not None}
    if not given:
        return
    requirement = Requirement("score", "less_than", min(given.values()))
    if facts.score is None:
        text = say("The risk was not scored. A person decides.")
        yield Vote(rule="score_band", text=text, outcome=Route.REVIEW, document=document.name, requirement=requirement)
        return
    for outcome, bound in given.items():
        if facts.score >= bound:
            text = say("The risk score, {score}, is at least {bound}.", score=facts.score, bound=bound)
            yield Vote(rule="score_band", text=text, outcome=outcome, document=document.name, requirement=requirement)
            return
