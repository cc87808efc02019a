"""Ladders, bands, budgets and the other tables in words and as pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policies.engine.document.parse import Document
from policies.engine.document.sections import Budget, Row, Step
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.inputs import windows
from policies.engine.values.money import figure, money, plain
from policies.engine.values.said import Said, as_figure, message, say
from policies.engine.values.vocabulary import DATA_CLASSES, FLAGS, NON_NEGOTIABLE, Route
from policies.lab import glossary
from policies.lab.reading.parts import SHORT, Item, Section, Words, span, then, types

HIGHEST_SCORE = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """One part of a picture: its outcome (None if the table says nothing there), and the bound where it ends."""

    outcome: Route | None
    share: float
    until: Words = ""

    @property
    def word(self) -> str:
        """The outcome in one word."""
        return SHORT[self.outcome] if self.outcome else message("no effect")


@dataclass(frozen=True, slots=True)
class Picture:
    """A line from low to high with its stretches; their shares add up to 1."""

    key: str
    title: Words
    stretches: tuple[Stretch, ...]
    sentences: tuple[Words, ...]
    start: Words = ""


def pictures(document: Document) -> tuple[Picture, ...]:
    """Return the amount ladders, the confidence bands and the score thresholds, as far as there are any."""
    return (*_ladders(document), *_bands(document), *_scores(document))


def _ladders(document: Document) -> Iterator[Picture]:
    amounts = document.amounts
    for currency, steps in amounts.ladders.items() if amounts else ():
        share = 1 / len(steps)
        stretches = [Stretch(step.outcome, share, "" if step.up_to is None else _tick(step.up_to)) for step in steps]
        sentences: list[Words] = [*_steps(steps, currency)]
        if amounts and currency == amounts.base:
            sentences.append(
                say("An amount in a currency without a ladder is converted to {currency}.", currency=currency)
            )
        sentences += types(amounts.action_types) if amounts else ()
        title = say("Amounts in {currency}", currency=currency)
        yield Picture(f"ladder-{currency}", title, tuple(stretches), tuple(sentences), start="0")


def _tick(amount: Decimal) -> Words:
    """An amount without empty decimals, which a picture has no room for."""
    whole = int(amount)
    return as_figure(f"{whole:,}", str(whole)) if amount == whole else plain(amount)


def _steps(steps: Sequence[Step], currency: str) -> Iterator[Words]:
    before: Decimal | None = None
    for step in steps:
        values = {"then": then(step.outcome)}
        if step.up_to is not None and before is None:
            yield say("Up to {bound}, {then}.", values, bound=money(step.up_to, currency))
        elif step.up_to is not None and before is not None:
            bounds = {"low": money(before, currency), "high": money(step.up_to, currency)}
            yield say("Above {low} and up to {high}, {then}.", values | bounds)
        elif before is not None:
            yield say("Above {bound}, {then}.", values, bound=money(before, currency))
        else:
            yield say("For each amount, {then}.", values)
        before = step.up_to


def _bands(document: Document) -> Iterator[Picture]:
    bands = document.confidence.bands
    if not bands:
        return
    tops = [1.0, *(band.at_least for band in bands)]
    sizes = [_share(tops[place] - band.at_least, len(bands)) for place, band in enumerate(bands)]
    rising = [
        Stretch(band.outcome, size, "" if place == 0 else figure(tops[place]))
        for place, (band, size) in enumerate(zip(bands, sizes, strict=True))
    ]
    sentences: list[Words] = []
    for place, band in enumerate(bands):
        values = {"then": then(band.outcome)}
        if place == len(bands) - 1 and place:
            sentences.append(say("Below {bound}, {then}.", values, bound=figure(tops[place])))
        else:
            sentences.append(say("From a confidence of {bound}, {then}.", values, bound=figure(band.at_least)))
    sentences += types(document.confidence.action_types)
    title = say("The agent’s confidence")
    yield Picture("confidence", title, tuple(reversed(rising)), tuple(sentences), start="0")


def _share(size: float, count: int) -> float:
    """Half as long as the stretch is, and half as long as all are, so that a short one still has room for its word."""
    return size / 2 + 1 / count / 2


def _scores(document: Document) -> Iterator[Picture]:
    bands = document.score
    bounds = [
        (bound, outcome)
        for bound, outcome in (
            (bands.review, Route.REVIEW),
            (bands.escalate, Route.ESCALATE),
            (bands.block, Route.BLOCK),
        )
        if bound is not None and bound <= HIGHEST_SCORE
    ]
    if not bounds:
        return
    edges = [0, *(bound for bound, _ in bounds), HIGHEST_SCORE]
    outcomes: list[Route | None] = [None, *(outcome for _, outcome in bounds)]
    sizes = [(edges[place + 1] - edge) / HIGHEST_SCORE for place, edge in enumerate(edges[:-1])]
    stretches = tuple(
        Stretch(outcome, _share(size, len(sizes)), "" if place == len(sizes) - 1 else str(edges[place + 1]))
        for place, (outcome, size) in enumerate(zip(outcomes, sizes, strict=True))
    )
    sentences = tuple(
        say("From a risk score of {bound}, {then}.", bound=bound, then=then(found)) for bound, found in bounds
    )
    yield Picture("score", say("Risk score"), stretches, sentences, start="0")


def reversibility(document: Document) -> Section:
    """Return the rows of the reversibility table."""
    table = document.reversibility
    items = [_row(name, row) for name, row in (table.rows.items() if table else ())]
    if table and "ambiguous_intent" in table.rows:
        below = say("Intent is ambiguous below a confidence of {bound}.", bound=figure(table.ambiguous_below))
        items.append(Item("ambiguous_below", "", message("Ambiguous intent"), (below,)))
    if table and types(table.action_types):
        items.append(Item("action_types", "", message("Action types"), types(table.action_types)))
    return Section("reversibility", message("Reversibility and stakes"), tuple(items))


def _row(name: str, row: Row) -> Item:
    limits: list[Words] = []
    if row.up_to_amount is not None:
        limits.append(say("Above an amount of {bound}, {then}.", bound=plain(row.up_to_amount), then=then(row.beyond)))
    if row.up_to_score is not None:
        limits.append(say("Above a risk score of {bound}, {then}.", bound=row.up_to_score, then=then(row.beyond)))
    first = say("Usually, {then}.", then=then(row.outcome)) if limits else say("Then {then}.", then=then(row.outcome))
    return Item(name, "", ROW_SENTENCES[name], (first, *limits), outcome=row.outcome)


def budgets(document: Document) -> Section:
    """Return the totals that can run automatically."""
    items = tuple(
        Item(budget.series, "", _series(budget.series), tuple(_budget(budget))) for budget in document.budgets
    )
    return Section("budgets", message("Budgets for automatic runs"), items)


def _series(series: str) -> Said:
    scope, window = windows.parts(series)
    return say("Actions {scope} {span}", scope=say(glossary.WHO[scope]), span=say(glossary.SPANS[window]))


def _budget(budget: Budget) -> Iterator[Words]:
    if budget.count is not None:
        yield say("After {count} actions, {then}.", count=budget.count, then=then(budget.outcome))
    if budget.sum is not None:
        yield say("After a total of {sum}, {then}.", sum=plain(budget.sum), then=then(budget.outcome))


def missing(document: Document) -> Section:
    """Return what happens where data is missing or odd."""
    items = [
        Item("missing", "", message("Required data is missing"), (_then(document.missing),), outcome=document.missing),
        Item("flags", "", message("An anomaly is found"), tuple(_flags(document)), outcome=document.flags),
        Item("confidence", "", message("The agent reports no confidence"), (_absent(document.confidence.absent),)),
    ]
    about = message("A rule whose condition meets a missing value asks a senior reviewer.")
    return Section("missing", message("Missing and odd data"), tuple(items), about)


def _then(outcome: Route) -> Said:
    return say("Then {then}.", then=then(outcome))


def _absent(outcome: Route | None) -> Said:
    return say("That is fine here.") if outcome is None else _then(outcome)


def _flags(document: Document) -> Iterator[Words]:
    yield _then(document.flags)
    if document.ignored_flags:
        names: list[Words] = [say(FLAGS[code]) for code in FLAGS if code in document.ignored_flags]
        yield say("These are ignored: {names}.", names=names)


def others(document: Document) -> Section:
    """Return limits, the undo window, weights and further regulated data."""
    items = [
        Item(
            f"limits.{name}",
            "",
            NON_NEGOTIABLE[name],
            (say("It can run automatically up to {bound}.", bound=plain(limit)),),
        )
        for name, limit in document.limits.items()
    ]
    for key, label, seconds in (
        ("undo.person", message("Undo window after a reviewer’s approval"), document.undo_after_person),
        ("undo.policy", message("Undo window after automatic approval"), document.undo_after_policy),
    ):
        items += [Item(key, "", label, (span(seconds),))] if seconds is not None else []
    if document.regulated:
        names: list[Words] = [
            say(DATA_CLASSES[one]) if one in DATA_CLASSES else one for one in sorted(document.regulated)
        ]
        items.append(Item("regulated", "", message("Further regulated data"), (say("{names}", names=names),)))
    weights = [
        say("{name}: {percent}%", name=name.replace("_", " "), percent=weight)
        for name, weight in document.weights.items()
    ]
    items += [Item("weights", "", message("Weights of the risk score"), tuple(weights))] if weights else []
    return Section("others", message("Other settings"), tuple(items))
