"""The reversibility table, budgets, missing data and other settings in words."""

from collections.abc import Iterator

from policies.engine.document.parse import Document
from policies.engine.document.sections import Budget, Row
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.inputs import windows
from policies.engine.values.money import figure, plain
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import DATA_CLASSES, FLAGS, NON_NEGOTIABLE, Route
from policies.lab import glossary
from policies.lab.reading.parts import Item, Section, Words, span, then, types


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
