"""The forms and tables for each section of a document."""

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
from policies.lab import glossary
from policies.queries import past_cases

OUTCOMES = (
    (Route.AUTO, _("auto: run automatically")),
    (Route.REVIEW, _("review: a junior reviewer decides")),
    (Route.ESCALATE, _("escalate: a senior reviewer decides")),
    (Route.BLOCK, _("block: refuse the action")),
)
STRICT = OUTCOMES[1:]
UNSAID = ("", "–")
TIERS = ((Tier.JUNIOR, _("junior")), (Tier.SENIOR, _("senior")))
TIMEOUTS = ((OnTimeout.ESCALATE, _("escalate to a senior reviewer")), (OnTimeout.EXPIRE, _("expire")))
FAILURES = ((OnFail.ESCALATE, _("escalate to a senior reviewer")), (OnFail.REJECT, _("reject")))
_SCOPES = {
    "agent": _("per agent"),
    "subject": _("per subject"),
    "type": _("per action type"),
    "agent_subject": _("per agent and subject"),
}
_SPANS = {"hour": _("1 hour"), "day": _("1 day"), "week": _("7 days"), "month": _("30 days")}
_TYPES = Column(
    "action_types",
    _("Action types"),
    Kind.WORDS,
    help=_("Comma-separated, for example invoice.post, invoice.*. Leave empty for all types."),
)
_OUTCOME = Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *OUTCOMES))

HEAD = (
    Column(
        "policy",
        _("Name"),
        help=_("Action types use this name to refer to the policy. The global policy is named `house`."),
    ),
    Column("title", _("Title")),
    Column("about", _("Description"), Kind.LONG),
    Column("missing", _("If data is missing"), Kind.WORD, STRICT, Route.REVIEW),
    Column("regulated", _("Additional regulated data classes"), Kind.WORDS, help=_("Comma-separated.")),
)
FLAGS = (
    Column("outcome", _("If an anomaly is found"), Kind.WORD, STRICT, Route.REVIEW),
    Column("ignore", _("Ignored anomalies"), Kind.WORDS, help=_("Comma-separated names.")),
)
UNDO = (
    Column("after_person", _("After a reviewer’s approval"), help=_("For example, 30s or 10m.")),
    Column("after_policy", _("After automatic approval"), help=_("For example, 30s or 10m.")),
)
LIMITS = tuple(Column(name, NON_NEGOTIABLE[name].capitalize(), Kind.AMOUNT) for name in sorted(LIMITED))
WEIGHTS = tuple(Column(name, name.replace("_", " "), Kind.NUMBER, usual="100") for name in SCORERS)

WHO = (
    ("responsible", _("the responsible person or desk")),
    ("desk", _("the desk of the action type")),
    ("manager", _("the requester’s manager")),
    ("owner", _("the owner of the subject")),
    ("on_duty", _("the person on duty")),
    ("desk:", _("another desk:")),
    ("on_duty:", _("the person on duty at a desk:")),
    ("group:", _("a group:")),
    ("person:", _("one person:")),
)

RULE = (
    Column("name", _("Name"), help=_("Lowercase letters, digits, and hyphens, for example large-amount.")),
    _TYPES,
    Column("when", _("Condition"), Kind.CONDITION),
    Column("outcome", _("Outcome"), Kind.WORD, OUTCOMES, ""),
    Column("tier", _("Review tier"), Kind.WORD, (("", _("default for the outcome")), *TIERS)),
    Column("plan", _("Plan"), Kind.WORD, (("", _("none: a single stage")),)),
    Column("says", _("Message to the reviewer"), Kind.LONG),
    Column("requires_rationale", _("Require a rationale"), Kind.TRUTH),
    Column("reason_codes", _("Reason codes"), Kind.WORDS, help=_("Comma-separated.")),
    Column("do_not_retry", _("Tell a blocked agent not to retry"), Kind.TRUTH, usual="true"),
)

GIVEN = (
    Column("action_type", _("Action type")),
    Column("agent", _("Agent")),
    Column("amount", _("Amount"), Kind.AMOUNT, width=12),
    Column("currency", _("Currency"), width=4),
    Column("amount_base", _("In base currency"), Kind.AMOUNT, width=12),
    Column("confidence", _("Confidence"), Kind.NUMBER, width=6),
    Column("subject", _("Subject")),
    Column("on_behalf_of", _("On behalf of")),
    Column(glossary.CLIENT, _("Client")),
    Column("score", _("Risk score"), Kind.NUMBER, width=6),
    Column("missing", _("Missing values"), Kind.WORDS),
    Column("flags", _("Anomalies"), Kind.WORDS),
    Column(
        "reversibility", _("Reversibility"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Reversibility))
    ),
    Column("stakes", _("Stakes"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Stakes))),
    Column("data_classes", _("Data classes"), Kind.WORDS),
    Column("domain", _("Domain")),
    Column("mode", _("Mode"), Kind.WORD, (UNSAID, *((str(word), str(word)) for word in Mode))),
    Column("external", _("Has external effects"), Kind.TRUTH),
    Column(windows.FIRST, _("First action for its subject"), Kind.TRUTH),
    Column("proposed_on", _("Proposed on"), width=12),
    Column("payload", _("Payload (JSON)"), Kind.JSON),
    Column("history", _("History (JSON)"), Kind.JSON),
    Column("unusual", _("Comparison with earlier actions (JSON)"), Kind.JSON),
    Column("fetched", _("Lookup results (JSON)"), Kind.JSON),
    Column("recent", _("Counts over time (JSON)"), Kind.JSON),
)
EXPECT = (
    Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *OUTCOMES)),
    Column("tier", _("Tier"), Kind.WORD, (UNSAID, *TIERS)),
    Column("rules", _("Rules named in the reasons"), Kind.WORDS, help=_("Comma-separated rule names.")),
)

BANDS = (Column("at_least", _("Minimum confidence"), Kind.NUMBER, width=8), _OUTCOME)
CONFIDENCE = (
    Column(
        "absent",
        _("If confidence is missing"),
        Kind.WORD,
        (*STRICT, ("ignore", _("ignore: no confidence expected"))),
        Route.REVIEW,
    ),
    _TYPES,
)
STEPS = (Column("up_to", _("Up to"), Kind.AMOUNT, width=12), _OUTCOME)
AMOUNTS = (Column("base", _("Base currency"), width=4), _TYPES)
CELL = (
    _OUTCOME,
    Column("up_to_amount", _("Up to this amount"), Kind.AMOUNT, width=12),
    Column("up_to_score", _("Up to this score"), Kind.NUMBER, width=6),
    Column("beyond", _("When exceeded"), Kind.WORD, (UNSAID, *OUTCOMES)),
)
AMBIGUOUS = (
    Column("outcome", _("Outcome"), Kind.WORD, (UNSAID, *STRICT)),
    Column("below", _("Confidence below"), Kind.NUMBER, width=6),
)
SCORE = tuple(Column(str(name), label, Kind.NUMBER, width=6) for name, label in STRICT)
BUDGET = (
    Column("count", _("Actions"), Kind.NUMBER, width=8),
    Column("sum", _("Sum"), Kind.AMOUNT, width=12),
    Column("outcome", _("When exceeded"), Kind.WORD, STRICT, Route.REVIEW),
)
TERMS = (
    Column("who", _("Assignee")),
    Column("quorum", _("Approvals needed"), Kind.NUMBER, width=5),
    Column("due", _("Due within"), width=12),
    Column("remind", _("Reminder before due"), width=6),
    Column("on_timeout", _("If overdue"), Kind.WORD, (("", _("default")), *TIMEOUTS)),
)
PLAN = (Column("about", _("Description")),)
_NAME = Column(
    "name", _("Stage name"), help=_("Lowercase letters, digits, and hyphens, for example finance."), width=20
)
PEOPLE_STAGE = (
    _NAME,
    Column("who", _("Assignee"), Kind.ASSIGNEE, WHO),
    Column("tier", _("Tier"), Kind.WORD, (("", _("default: junior")), *TIERS)),
    Column("quorum", _("Approvals needed"), Kind.NUMBER, width=4),
    Column("due", _("Due within"), help=_("For example 8h, 2d, 8 working hours, or 2 working days."), width=16),
    Column("remind", _("Reminder before due"), help=_("For example, 30m or 2h."), width=8),
    Column("on_timeout", _("If overdue"), Kind.WORD, (("", _("default of the tier")), *TIMEOUTS)),
)
CHECK_STAGE = (
    _NAME,
    Column("check", _("Passes if"), Kind.CONDITION),
    Column("fetch", _("Lookups for the check"), Kind.WORDS, help=_("Comma-separated names.")),
    Column("says", _("Message if the check passes")),
    Column("on_fail", _("If the check fails"), Kind.WORD, (("", _("default: escalate")), *FAILURES)),
)
STAGES = (*PEOPLE_STAGE, *CHECK_STAGE)


def about(body: Any) -> Iterator[Grid]:
    """The general settings of the policy."""
    yield form(_("Policy"), HEAD, (), body)
    yield form(_("Anomalies"), FLAGS, ("flags",), body)
    yield form(_("Undo window"), UNDO, ("undo",), body)
    yield form(
        _("Limits for automatic runs"),
        LIMITS,
        ("limits",),
        body,
        about=_("If no limit is set, a person always decides."),
    )
    yield form(_("Risk score weights (percent)"), WEIGHTS, ("weights",), body)


def tables(body: Any) -> Iterator[Grid]:
    """All tables: bands, ladders, reversibility, score thresholds, budgets, tiers."""
    yield items(
        _("Confidence bands"),
        BANDS,
        ("confidence", "bands"),
        body,
        about=_("List the bands from highest to lowest. The last band must start at 0.0."),
    )
    yield form(_("Other confidence settings"), CONFIDENCE, ("confidence",), body)
    yield from _ladders(body)
    yield form(_("Other amount settings"), AMOUNTS, ("amounts",), body)
    yield from _reversibility(body)
    yield form(_("Risk score thresholds"), SCORE, ("score",), body, about=_("From 0 to 100. Higher is riskier."))
    yield _budgets(body)
    lines = [Line(("tiers", str(tier)), label) for tier, label in TIERS]
    yield mappings(
        _("Tier settings"),
        TERMS,
        lines,
        body,
        about=_("Empty fields use the defaults. Enter “Due within” as 8h, 2d, 8 working hours, or 2 working days."),
    )


def _ladders(body: Any) -> Iterator[Grid]:
    ladders = at(body, ("amounts", "ladders"))
    for currency in ladders if isinstance(ladders, Mapping) else ():
        title = gettext("Amounts in %(currency)s") % {"currency": currency}
        hint = _("List the steps from lowest to highest. Leave the amount of the last step empty.")
        yield items(
            title, STEPS, ("amounts", "ladders", currency), body, about=hint, whole=("amounts", "ladders", currency)
        )


def _reversibility(body: Any) -> Iterator[Grid]:
    rows = [row for row in ROWS if row != "ambiguous_intent"]
    lines = [Line(("reversibility", row), ROW_SENTENCES[row], "outcome") for row in rows]
    hint = _(
        "A row without an outcome has no effect. A person always decides on irreversible, high-stakes actions and on "
        "regulated data."
    )
    yield mappings(_("Reversibility table"), CELL, lines, body, about=hint)
    line = Line(("reversibility", "ambiguous_intent"), ROW_SENTENCES["ambiguous_intent"], "outcome")
    yield mappings(_("Ambiguous intent"), AMBIGUOUS, [line], body)
    yield form(_("Action types that use the reversibility table"), (_TYPES,), ("reversibility",), body)


def _budgets(body: Any) -> Grid:
    lines = [Line(("budgets", f"per_{series}"), _series(series)) for series in SERIES]
    hint = _("Limits on automatic runs in a rolling window. A row without numbers sets no limit.")
    return mappings(_("Budgets"), BUDGET, lines, body, about=hint)


def _series(series: str) -> str:
    scope, window = windows.parts(series)
    return f"{_SCOPES[scope]}, {_SPANS[window]}"


def plan(body: Any, place: int) -> Iterator[Grid]:
    """One plan with its stages, by its position."""
    found = at(body, ("plans",))
    names = list(found)[place : place + 1] if isinstance(found, Mapping) else []
    for name in names:
        path: Path = ("plans", name)
        yield form(gettext("Plan %(name)s") % {"name": name}, PLAN, path, body)
        yield from _stages(body, (*path, "stages"))


def _stages(body: Any, path: Path) -> Iterator[Grid]:
    stages = at(body, path)
    if not isinstance(stages, list):
        yield items(_("Stages"), STAGES, path, body)
        return
    for place, stage in enumerate(stages):
        is_check = isinstance(stage, Mapping) and "check" in stage and "who" not in stage
        title = gettext("Stage %(number)s: automatic check") if is_check else gettext("Stage %(number)s: reviewers")
        columns = CHECK_STAGE if is_check else PEOPLE_STAGE
        yield form(title % {"number": place + 1}, columns, (*path, place), body, whole=(*path, place))


def rule(body: Any, place: int) -> Iterator[Grid]:
    """One rule as a form."""
    path: Path = ("rules", place)
    if at(body, ("rules",)) is not ABSENT and not isinstance(at(body, ("rules",)), list):
        return
    yield form(_("Rule"), _with_plans(body), path, body)


def trial(body: Any, place: int) -> Iterator[Grid]:
    """One test as a form: its name, input and expected result."""
    path: Path = ("tests", place)
    if at(body, ("tests",)) is not ABSENT and not isinstance(at(body, ("tests",)), list):
        return
    yield form(_("Test"), (Column("name", _("Name")),), path, body)
    hint = _("Fields you leave empty default to the values of a harmless, high-confidence action.")
    yield form(_("Given"), _given(at(body, (*path, "given"))), (*path, "given"), body, about=hint)
    yield form(_("Expected"), EXPECT, (*path, "expect"), body)


def _given(value: Any) -> tuple[Column, ...]:
    """The inputs; clients only where there are any, or the test names one."""
    is_named = isinstance(value, Mapping) and glossary.CLIENT in value
    if is_named or past_cases.source().has_clients():
        return GIVEN
    return tuple(column for column in GIVEN if column.key != glossary.CLIENT)


def _with_plans(body: Any) -> tuple[Column, ...]:
    found = at(body, ("plans",))
    names = tuple((str(name), str(name)) for name in found) if isinstance(found, Mapping) else ()
    return tuple(
        Column(column.key, column.label, column.kind, (*column.choices, *names)) if column.key == "plan" else column
        for column in RULE
    )
