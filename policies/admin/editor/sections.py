"""Which forms and tables show which sections of a document."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from policies.admin.editor.cells import ABSENT, Column, Kind, Path
from policies.admin.editor.grids import Grid, Line, form, items, mappings
from policies.admin.editor.paths import at
from policies.engine.document.sections import ROWS, SCORERS
from policies.engine.evaluation.table_votes import ROW_SENTENCES
from policies.engine.inputs import windows
from policies.engine.inputs.windows import SERIES
from policies.engine.values.vocabulary import (
    LIMITED,
    NON_NEGOTIABLE,
    Mode,
    OnFail,
    OnTimeout,
    Reversibility,
    Route,
    Stakes,
    Tier,
)

OUTCOMES = (
    (Route.AUTO, _("auto: it runs")),
    (Route.REVIEW, _("review: a junior decides")),
    (Route.ESCALATE, _("escalate: a senior decides")),
    (Route.BLOCK, _("block: it is refused")),
)
STRICT = OUTCOMES[1:]
UNSAID = ("", "–")
TIERS = ((Tier.JUNIOR, _("junior")), (Tier.SENIOR, _("senior")))
TIMEOUTS = ((OnTimeout.ESCALATE, _("escalate to a senior")), (OnTimeout.EXPIRE, _("expire")))
FAILURES = ((OnFail.ESCALATE, _("a senior looks")), (OnFail.REJECT, _("reject")))
_SCOPES = {
    "agent": _("one agent"),
    "subject": _("one subject"),
    "type": _("one kind of action"),
    "agent_subject": _("one agent and subject"),
}
_SPANS = {"hour": _("an hour"), "day": _("a day"), "week": _("7 days"), "month": _("30 days")}
_TYPES = Column(
    "action_types",
    _("Kinds of action"),
    Kind.WORDS,
    help=_("With commas between; empty means every kind. invoice.* means all that begin so."),
)
_OUTCOME = Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *OUTCOMES))

HEAD = (
    Column("policy", _("Name"), help=_("As action types name it; the house-wide policy is called house.")),
    Column("title", _("Title")),
    Column("about", _("What it is for"), Kind.LONG),
    Column("missing", _("Where data is missing"), Kind.WORD, STRICT, Route.REVIEW),
    Column("regulated", _("Further regulated data classes"), Kind.WORDS, help=_("With commas between.")),
)
FLAGS = (
    Column("outcome", _("Where something looks wrong"), Kind.WORD, STRICT, Route.REVIEW),
    Column("ignore", _("Exceptions that do not count here"), Kind.WORDS, help=_("By name, with commas between.")),
)
UNDO = (
    Column("after_person", _("After a person approved"), help=_("Such as 30s or 10m.")),
    Column("after_policy", _("After policy let it run"), help=_("Such as 30s or 10m.")),
)
LIMITS = tuple(Column(name, NON_NEGOTIABLE[name].capitalize(), Kind.AMOUNT) for name in sorted(LIMITED))
WEIGHTS = tuple(Column(name, name.replace("_", " "), Kind.NUMBER, usual="100") for name in SCORERS)

RULE = (
    Column("name", _("Name"), help=_("Short, in lowercase letters and dashes.")),
    _TYPES,
    Column("when", _("Condition"), Kind.CODE, help=_("When does it hold? Names of facts can be clicked beside it.")),
    Column("outcome", _("Outcome"), Kind.WORD, OUTCOMES, ""),
    Column("tier", _("Who looks, for a review"), Kind.WORD, (("", _("as the outcome says")), *TIERS)),
    Column("plan", _("Plan"), Kind.WORD, (("", _("none: one stage of that tier")),)),
    Column("says", _("Sentence to the reviewer"), Kind.LONG),
    Column("requires_rationale", _("The reviewer must write down why"), Kind.TRUTH),
    Column("reason_codes", _("Reason codes to choose from"), Kind.WORDS, help=_("With commas between.")),
    Column("do_not_retry", _("An agent that is blocked should not try again"), Kind.TRUTH, usual="true"),
)

GIVEN = (
    Column("action_type", _("Kind of action")),
    Column("agent", _("Agent")),
    Column("amount", _("Amount"), Kind.AMOUNT, width=12),
    Column("currency", _("Currency"), width=4),
    Column("amount_base", _("In the house's currency"), Kind.AMOUNT, width=12),
    Column("confidence", _("Confidence"), Kind.NUMBER, width=6),
    Column("subject", _("Subject")),
    Column("on_behalf_of", _("On behalf of")),
    Column("score", _("Risk score"), Kind.NUMBER, width=6),
    Column("missing", _("Missing values"), Kind.WORDS),
    Column("flags", _("Exceptions"), Kind.WORDS),
    Column(
        "reversibility", _("Reversibility"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Reversibility))
    ),
    Column("stakes", _("Stakes"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Stakes))),
    Column("data_classes", _("Data classes"), Kind.WORDS),
    Column("domain", _("Domain")),
    Column("mode", _("Mode"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Mode))),
    Column("external", _("Reaches outside the house"), Kind.TRUTH),
    Column(windows.FIRST, _("The first for its subject"), Kind.TRUTH),
    Column("proposed_on", _("Proposed on"), width=12),
    Column("payload", _("Payload, as JSON"), Kind.JSON),
    Column("history", _("History, as JSON"), Kind.JSON),
    Column("fetched", _("What was looked up, as JSON"), Kind.JSON),
    Column("recent", _("Counted over time, as JSON"), Kind.JSON),
)
EXPECT = (
    Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *OUTCOMES)),
    Column("tier", _("Tier"), Kind.WORD, (UNSAID, *TIERS)),
    Column("rules", _("Among the reasons"), Kind.WORDS, help=_("Names of rules, with commas between.")),
)

BANDS = (Column("at_least", _("Confidence at least"), Kind.NUMBER, width=8), _OUTCOME)
CONFIDENCE = (
    Column(
        "absent",
        _("Without any confidence"),
        Kind.WORD,
        (*STRICT, ("ignore", _("ignore: no model, no confidence"))),
        Route.REVIEW,
    ),
    _TYPES,
)
STEPS = (Column("up_to", _("Up to"), Kind.AMOUNT, width=12), _OUTCOME)
AMOUNTS = (Column("base", _("The house's currency"), width=4), _TYPES)
CELL = (
    _OUTCOME,
    Column("up_to_amount", _("Up to this amount"), Kind.AMOUNT, width=12),
    Column("up_to_score", _("Up to this score"), Kind.NUMBER, width=6),
    Column("beyond", _("Beyond it"), Kind.WORD, (UNSAID, *OUTCOMES)),
)
AMBIGUOUS = (
    Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *STRICT)),
    Column("below", _("Confidence below"), Kind.NUMBER, width=6),
)
SCORE = tuple(Column(str(name), label, Kind.NUMBER, width=6) for name, label in STRICT)
BUDGET = (
    Column("count", _("Actions"), Kind.NUMBER, width=8),
    Column("sum", _("Sum"), Kind.AMOUNT, width=12),
    Column("outcome", _("Beyond it"), Kind.WORD, STRICT, Route.REVIEW),
)
TERMS = (
    Column("who", _("Who")),
    Column("quorum", _("How many people"), Kind.NUMBER, width=5),
    Column("due", _("Within"), width=12),
    Column("remind", _("Reminded before"), width=6),
    Column("on_timeout", _("When nobody decided"), Kind.WORD, (("", _("as shipped")), *TIMEOUTS)),
)
PLAN = (Column("about", _("What it is for")),)
STAGES = (
    Column("name", _("Stage"), width=10),
    Column("who", _("Who"), width=14),
    Column("tier", _("Tier"), Kind.WORD, (UNSAID, *TIERS)),
    Column("quorum", _("People"), Kind.NUMBER, width=4),
    Column("due", _("Within"), width=12),
    Column("remind", _("Reminded before"), width=6),
    Column("on_timeout", _("When nobody decided"), Kind.WORD, (UNSAID, *TIMEOUTS)),
    Column("check", _("Or a check"), Kind.CODE),
    Column("fetch", _("that looks up"), Kind.WORDS, width=10),
    Column("says", _("Sentence when it passes"), width=16),
    Column("on_fail", _("When it fails"), Kind.WORD, (UNSAID, *FAILURES)),
)


def about(body: Any) -> Iterator[Grid]:
    """What the policy is, and what holds for all of it."""
    yield form(_("The policy"), HEAD, (), body)
    yield form(_("Exceptions"), FLAGS, ("flags",), body)
    yield form(_("How long an approval can be called back"), UNDO, ("undo",), body)
    yield form(
        _("Up to which amount these may run by themselves"),
        LIMITS,
        ("limits",),
        body,
        about=_("Without a limit a person always decides."),
    )
    yield form(_("How much each part of the risk score counts, in percent"), WEIGHTS, ("weights",), body)


def tables(body: Any) -> Iterator[Grid]:
    """Everything that is a table: bands, ladders, the reversibility table, score bands, budgets, tiers."""
    yield items(
        _("Confidence bands"),
        BANDS,
        ("confidence", "bands"),
        body,
        about=_("From high to low; the last begins at 0.0."),
    )
    yield form(_("Confidence: what else"), CONFIDENCE, ("confidence",), body)
    yield from _ladders(body)
    yield form(_("Amounts: what else"), AMOUNTS, ("amounts",), body)
    yield from _reversibility(body)
    yield form(_("From which risk score on"), SCORE, ("score",), body, about=_("0 to 100; the higher, the riskier."))
    yield _budgets(body)
    lines = [Line(("tiers", str(tier)), label) for tier, label in TIERS]
    yield mappings(
        _("How each tier decides"),
        TERMS,
        lines,
        body,
        about=_("What is empty stays as shipped. Within: 8h, 2d, 8 working hours or 2 working days."),
    )


def _ladders(body: Any) -> Iterator[Grid]:
    ladders = at(body, ("amounts", "ladders"))
    for currency in ladders if isinstance(ladders, Mapping) else ():
        title = gettext("Amounts in %(currency)s") % {"currency": currency}
        hint = _("From low to high; the last step has no amount.")
        yield items(
            title, STEPS, ("amounts", "ladders", currency), body, about=hint, whole=("amounts", "ladders", currency)
        )


def _reversibility(body: Any) -> Iterator[Grid]:
    rows = [row for row in ROWS if row != "ambiguous_intent"]
    lines = [Line(("reversibility", row), ROW_SENTENCES[row], "outcome") for row in rows]
    hint = _(
        "A row without an outcome says nothing; irreversible and high, and regulated data, never run by themselves."
    )
    yield mappings(_("The reversibility table"), CELL, lines, body, about=hint)
    line = Line(("reversibility", "ambiguous_intent"), ROW_SENTENCES["ambiguous_intent"], "outcome")
    yield mappings(_("Ambiguous intent"), AMBIGUOUS, [line], body)
    yield form(_("Reversibility: for which kinds"), (_TYPES,), ("reversibility",), body)


def _budgets(body: Any) -> Grid:
    lines = [Line(("budgets", f"per_{series}"), _series(series)) for series in SERIES]
    hint = _(
        "How much may run by itself in a window; a row without numbers limits nothing. Days and weeks are rolling."
    )
    return mappings(_("Budgets"), BUDGET, lines, body, about=hint)


def _series(series: str) -> str:
    scope, window = windows.parts(series)
    return f"{_SCOPES[scope]}, {_SPANS[window]}"


def plan(body: Any, place: int) -> Iterator[Grid]:
    """One plan with its stages, by its place among the plans."""
    found = at(body, ("plans",))
    names = list(found)[place : place + 1] if isinstance(found, Mapping) else []
    for name in names:
        path: Path = ("plans", name)
        title = gettext("Plan %(name)s") % {"name": name}
        hint = _("In order. A stage has either who (people) or a check (automatic); empty a line to take it out.")
        yield items(title, STAGES, (*path, "stages"), body, about=hint, whole=path)
        yield form(gettext("Plan %(name)s: what else") % {"name": name}, PLAN, path, body)


def rule(body: Any, place: int) -> Iterator[Grid]:
    """One rule as a form."""
    path: Path = ("rules", place)
    if at(body, ("rules",)) is not ABSENT and not isinstance(at(body, ("rules",)), list):
        return
    yield form(_("Rule"), _with_plans(body), path, body)


def trial(body: Any, place: int) -> Iterator[Grid]:
    """One test as a form: its name, what it is given, what must come out."""
    path: Path = ("tests", place)
    if at(body, ("tests",)) is not ABSENT and not isinstance(at(body, ("tests",)), list):
        return
    yield form(_("Test"), (Column("name", _("Name")),), path, body)
    hint = _("What is empty is as for a harmless action whose agent is sure.")
    yield form(_("Given"), GIVEN, (*path, "given"), body, about=hint)
    yield form(_("Expected"), EXPECT, (*path, "expect"), body)


def _with_plans(body: Any) -> tuple[Column, ...]:
    found = at(body, ("plans",))
    names = tuple((str(name), str(name)) for name in found) if isinstance(found, Mapping) else ()
    return tuple(
        Column(column.key, column.label, column.kind, (*column.choices, *names)) if column.key == "plan" else column
        for column in RULE
    )
