"""Amount ladders, confidence bands and score thresholds as pictures, and the same in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policies.engine.document.parse import Document
from policies.engine.document.sections import Step
from policies.engine.values.money import figure, money, plain
from policies.engine.values.said import as_figure, message, say
from policies.engine.values.vocabulary import Route
from policies.lab.reading.parts import SHORT, Words, then, types

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
