"""Read each section of a policy document, and record every fault with its path."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from policies.engine.conditions import cel
from policies.engine.document.sections import (
    ALWAYS_A_PERSON,
    DEFAULT_TERMS,
    EVERY_TYPE,
    ROWS,
    SCORERS,
    Amounts,
    Band,
    Budget,
    Confidence,
    Reversal,
    Row,
    Rule,
    ScoreBands,
    Step,
    Terms,
)
from policies.engine.inputs.windows import SERIES
from policies.engine.values import assignees, durations
from policies.engine.values.typed_reader import Node
from policies.engine.values.vocabulary import FLAGS, LIMITED, OnTimeout, Route, Tier

Value = TypeVar("Value")
Other = TypeVar("Other")
_TYPES = re.compile(r"\*|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:\.\*)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NO_AUTO = (Route.AUTO,)
MAX_RULES = 200
_RULE_FIELDS = (
    *("name", "action_types", "when", "outcome", "tier", "says"),
    *("requires_rationale", "reason_codes", "do_not_retry", "plan"),
)


def optional(fields: Mapping[str, Node], name: str, read: Callable[[Node], Value], default: Other) -> Value | Other:
    """Read a field if it exists, else return the default."""
    return read(fields[name]) if name in fields else default


def rules(node: Node) -> tuple[Rule, ...]:
    """Read the rules; their names are unique."""
    found = [_rule(item) for item in node.items()]
    names = [rule.name for rule in found]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        node.fault(f"The rule name {name!r} is used twice. Rename one of them.")
    if len(found) > MAX_RULES:
        node.fault(f"The policy has {len(found)} rules. Split it so that each policy has at most {MAX_RULES}.")
    return tuple(found)


def _rule(node: Node) -> Rule:
    fields = node.fields(_RULE_FIELDS, required=("name", "when", "outcome", "says"))
    outcome = optional(fields, "outcome", lambda field: field.word(Route), Route.BLOCK)
    return Rule(
        name=optional(fields, "name", Node.slug, ""),
        when=optional(fields, "when", condition, "false"),
        outcome=outcome,
        says=optional(fields, "says", Node.text, ""),
        action_types=action_types(fields),
        tier=optional(fields, "tier", lambda field: _tier(field, outcome), None),
        requires_rationale=optional(fields, "requires_rationale", Node.truth, False),
        reason_codes=optional(fields, "reason_codes", lambda field: tuple(map(Node.slug, field.items())), ()),
        do_not_retry=optional(fields, "do_not_retry", Node.truth, True),
        plan=optional(fields, "plan", lambda field: _plan(field, outcome), ""),
    )


def _plan(node: Node, outcome: Route) -> str:
    if outcome in (Route.AUTO, Route.BLOCK):
        node.fault(f"A plan has no effect with the outcome {outcome}. Remove it, or use review.")
    return node.slug()


def _tier(node: Node, outcome: Route) -> Tier:
    tier = node.word(Tier)
    if outcome in (Route.AUTO, Route.BLOCK):
        node.fault(f"A tier has no effect with the outcome {outcome}. Remove it.")
    if outcome is Route.ESCALATE and tier is Tier.JUNIOR:
        node.fault("The outcome escalate always uses the senior tier. Remove tier, or use review.")
    return tier


def condition(node: Node) -> str:
    """Read a condition; one that does not compile is replaced by false."""
    text = node.text(longest=cel.MAX_CONDITION_LENGTH) or "false"
    try:
        cel.compile(text)
    except cel.ConditionFault as error:
        node.fault(str(error))
        return "false"
    return text


def action_types(fields: Mapping[str, Node]) -> tuple[str, ...]:
    """Read the action types of a section: names or patterns such as `invoice.*`; the default is all."""
    if "action_types" not in fields:
        return EVERY_TYPE
    names = []
    for item in fields["action_types"].items():
        name = item.text(longest=100)
        if name and not _TYPES.fullmatch(name):
            item.fault('Invalid action type. Write a name such as "invoice.post", "invoice.*" or "*".')
        names.append(name)
    if not names:
        fields["action_types"].fault("The list of action types is empty. Add one, or remove the field.")
    return tuple(names)


def confidence(node: Node) -> Confidence:
    """Read the confidence bands: from high to 0, and never laxer for lower confidence."""
    fields = node.fields(("bands", "absent", "action_types"))
    bands = optional(fields, "bands", lambda field: tuple(map(_band, field.items())), ())
    if "bands" in fields:
        _check_bands(fields["bands"], bands)
    return Confidence(bands, optional(fields, "absent", _absent, Route.REVIEW), action_types(fields))


def _band(node: Node) -> Band:
    fields = node.fields(("at_least", "outcome"), required=("at_least", "outcome"))
    return Band(
        optional(fields, "at_least", Node.ratio, 0.0),
        optional(fields, "outcome", lambda field: field.word(Route), Route.BLOCK),
    )


def _check_bands(node: Node, bands: Sequence[Band]) -> None:
    bounds = [band.at_least for band in bands]
    if not bounds or bounds[-1] != 0:
        node.fault("The last band must start at 0, so that every confidence has a band. Add it.")
    if bounds != sorted(set(bounds), reverse=True):
        node.fault("The bands are not in order. Order them from high to low.")
    _check_strictness(node, [band.outcome for band in bands], "Lower confidence")


def _check_strictness(node: Node, outcomes: Sequence[Route], of: str) -> None:
    ranks = [outcome.rank for outcome in outcomes]
    if ranks != sorted(ranks):
        node.fault(f"{of} must not have a less strict outcome. Order the outcomes from auto to block.")


def _absent(node: Node) -> Route | None:
    # "ignore" is for sources without a model: a program that copies records reports no confidence.
    return None if node.value == "ignore" else node.word(Route, without=_NO_AUTO)


def amounts(node: Node) -> Amounts:
    """Read the amount ladders: rising, open at the top, and never laxer for higher amounts."""
    fields = node.fields(("base", "ladders", "action_types"), required=("base", "ladders"))
    ladders = optional(fields, "ladders", Node.entries, {})
    for code, ladder in ladders.items():
        if not _CURRENCY.fullmatch(code):
            ladder.fault("Invalid currency. Use a three-letter code such as EUR.")
    base = optional(fields, "base", lambda field: field.text(longest=3), "")
    if base and not _CURRENCY.fullmatch(base):
        fields["base"].fault("Invalid currency. Use a three-letter code such as EUR.")
    if not ladders:
        node.fault("There is no ladder. Add one for at least one currency.")
    return Amounts(base, {code: _ladder(ladder) for code, ladder in sorted(ladders.items())}, action_types(fields))


def _ladder(node: Node) -> tuple[Step, ...]:
    steps = tuple(map(_step, node.items()))
    bounds = [step.up_to for step in steps]
    closed = [bound for bound in bounds if bound is not None]
    if not bounds or bounds[-1] is not None or len(closed) != len(bounds) - 1:
        node.fault("Every step except the last needs up_to. Remove it from the last step only.")
    if closed != sorted(set(closed)):
        node.fault("The steps are not in order. Order them from low to high.")
    _check_strictness(node, [step.outcome for step in steps], "A higher amount")
    return steps


def _step(node: Node) -> Step:
    fields = node.fields(("up_to", "outcome"), required=("outcome",))
    return Step(
        optional(fields, "up_to", Node.amount, None),
        optional(fields, "outcome", lambda field: field.word(Route), Route.BLOCK),
    )


def reversibility(node: Node) -> Reversal:
    """Read the reversibility table; rows that always need a person cannot be automatic."""
    fields = node.fields((*ROWS, "action_types"))
    ambiguous = fields.get("ambiguous_intent")
    below = 0.5
    if ambiguous is not None and isinstance(ambiguous.value, Mapping):
        entries = ambiguous.fields(("outcome", "below"), required=("outcome",))
        below = optional(entries, "below", Node.ratio, below)
        fields["ambiguous_intent"] = entries.get("outcome", Node("review", ambiguous.path, ambiguous.faults))
    return Reversal({name: _row(fields[name], name) for name in ROWS if name in fields}, below, action_types(fields))


def _row(node: Node, name: str) -> Row:
    without = _NO_AUTO if name in ALWAYS_A_PERSON else ()
    if not isinstance(node.value, Mapping):
        return Row(node.word(Route, without=without))
    fields = node.fields(("outcome", "up_to_amount", "up_to_score", "beyond"), required=("outcome",))
    outcome = optional(fields, "outcome", lambda field: field.word(Route, without=without), Route.BLOCK)
    beyond = optional(fields, "beyond", lambda field: field.word(Route, without=without), Route.REVIEW)
    if beyond.rank < outcome.rank:
        node.fault("The outcome in beyond is less strict than the outcome below the threshold. Make it stricter.")
    return Row(
        outcome,
        optional(fields, "up_to_amount", Node.amount, None),
        optional(fields, "up_to_score", lambda field: field.whole(0, 100), None),
        beyond,
    )


def score(node: Node) -> ScoreBands:
    """Read the score thresholds for review, escalate and block."""
    fields = node.fields(("review", "escalate", "block"))
    bounds = {name: field.whole(0, 101) for name, field in fields.items()}
    given = [bounds[name] for name in ("review", "escalate", "block") if name in bounds]
    if given != sorted(given):
        node.fault("The thresholds must rise from review to escalate to block. Order them.")
    return ScoreBands(bounds.get("review"), bounds.get("escalate"), bounds.get("block"))


def a_person(node: Node) -> Route:
    """Read an outcome that is not automatic."""
    return node.word(Route, without=_NO_AUTO)


def flags(node: Node) -> tuple[Route, frozenset[str]]:
    """Read the outcome of anomalies, and which anomalies are ignored."""
    fields = node.fields(("outcome", "ignore"))
    ignored = optional(fields, "ignore", lambda field: [(item, item.text()) for item in field.items()], [])
    for item, code in ignored:
        if code and code not in FLAGS:
            item.fault(f"{code!r} is not a known anomaly. Use one of: {', '.join(FLAGS)}.")
    return optional(fields, "outcome", a_person, Route.REVIEW), frozenset(code for _, code in ignored)


def limits(node: Node) -> dict[str, Decimal]:
    """Read the limits, in base currency, up to which a limited domain may be automatic."""
    found = node.fields(tuple(sorted(LIMITED)))
    return {name: field.amount() for name, field in sorted(found.items())}


def budgets(node: Node) -> tuple[Budget, ...]:
    """Read the limits on automatic runs per window, by agent, subject, type, or agent and subject."""
    found = node.fields(tuple(f"per_{series}" for series in SERIES))
    if not found:
        node.fault("There is no budget. Add one such as per_agent_day, or remove the section.")
    return tuple(_budget(field, name.removeprefix("per_")) for name, field in sorted(found.items()))


def _budget(node: Node, series: str) -> Budget:
    fields = node.fields(("count", "sum", "outcome"))
    if not {"count", "sum"} & set(fields):
        node.fault("This budget has no limit. Set count, sum, or both.")
    return Budget(
        series,
        optional(fields, "count", lambda field: field.whole(0, 10**9), None),
        optional(fields, "sum", Node.amount, None),
        optional(fields, "outcome", a_person, Route.REVIEW),
    )


def terms(node: Node) -> dict[Tier, Terms]:
    """Read the settings of each tier; absent fields keep the defaults."""
    fields = node.fields(tuple(Tier))
    return {tier: _terms(fields[tier], DEFAULT_TERMS[tier]) if tier in fields else DEFAULT_TERMS[tier] for tier in Tier}


def _terms(node: Node, default: Terms) -> Terms:
    fields = node.fields(("who", "quorum", *durations.FIELDS, "on_timeout"))
    return Terms(
        optional(fields, "who", assignees.read, default.who),
        optional(fields, "quorum", lambda field: field.whole(1, 9), default.quorum),
        durations.read(fields, default.timing),
        optional(fields, "on_timeout", lambda field: field.word(OnTimeout), default.on_timeout),
    )


def undo(node: Node) -> tuple[int | None, int | None]:
    """Read the undo windows after a person's approval and after an automatic one."""
    fields = node.fields(("after_person", "after_policy"))
    return optional(fields, "after_person", Node.seconds, None), optional(fields, "after_policy", Node.seconds, None)


def weights(node: Node) -> dict[str, int]:
    """Read the weight of each scorer, in percent."""
    return {name: field.whole(0, 500) for name, field in sorted(node.fields(SCORERS).items())}
