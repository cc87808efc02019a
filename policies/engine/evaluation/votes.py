"""Votes: every floor, rule and section votes for an outcome, and the strictest vote wins.

`block > escalate > review > auto`. Floors always vote; the documents' sections and rules are added. A rule with an
error counts as its own outcome or as a senior's review, whichever is stricter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policies.engine.conditions.cel import Bound, Match, compile, evaluate, undecided
from policies.engine.document.parse import Document
from policies.engine.document.sections import Rule
from policies.engine.evaluation.result import Requirement
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.said import Said, in_a_row, say
from policies.engine.values.vocabulary import (
    DATA_CLASSES,
    DOMAIN_SENTENCES,
    DOMAINS,
    FLAGS,
    LIMITED,
    NON_NEGOTIABLE,
    REGULATED,
    Mode,
    Route,
    Tier,
)

BUILT_IN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The outcome that one rule asks for, why, and the requirement to avoid it."""

    rule: str
    text: str
    outcome: Route
    document: str = BUILT_IN
    tier: Tier | None = None
    requires_rationale: bool = False
    reason_codes: tuple[str, ...] = ()
    do_not_retry: bool = False
    requirement: Requirement | None = None
    plan: str = ""


def strictest(outcomes: Sequence[Route]) -> Route:
    """Return the strictest of the outcomes, or review if there are none."""
    return max(outcomes, key=lambda outcome: outcome.rank, default=Route.REVIEW)


def applies_to(action_types: tuple[str, ...], action_type: str) -> bool:
    """Say whether a section that names these action types is about this one."""
    return "*" in action_types or any(_names(pattern, action_type) for pattern in action_types)


def _names(pattern: str, action_type: str) -> bool:
    if pattern.endswith("*"):
        return action_type.startswith(pattern[:-1])
    return pattern == action_type


def rule_votes(document: Document, facts: PolicyInput, bound: Bound) -> Iterator[Vote]:
    """Yield a vote for every rule whose condition matches or fails with an error."""
    about = [rule for rule in document.rules if applies_to(rule.action_types, facts.action_type)]
    for place in undecided(tuple([rule.when for rule in about]), bound):
        rule = about[place]
        verdict = evaluate(compile(rule.when), bound)
        if verdict.match is Match.YES:
            yield _vote(document, rule, rule.outcome, rule.says)
        elif verdict.match is Match.ERROR:
            text = say(
                "{rule} This rule could not be checked, so a person decides. {fault}",
                rule=_plain(rule.says),
                fault=verdict.message,
            )
            yield _vote(document, rule, strictest([rule.outcome, Route.ESCALATE]), text)


def _plain(sentence: str) -> Said:
    """A sentence without values; the catalogs may know it."""
    return say(sentence.replace("{", "{{").replace("}", "}}"))


def _vote(document: Document, rule: Rule, outcome: Route, text: str) -> Vote:
    return Vote(
        rule=rule.name,
        text=text,
        outcome=outcome,
        document=document.name,
        tier=rule.tier,
        requires_rationale=rule.requires_rationale,
        reason_codes=rule.reason_codes,
        do_not_retry=rule.outcome is Route.BLOCK and rule.do_not_retry,
        requirement=Requirement(f"rule:{rule.name}", "not_match", rule.when),
        plan=rule.plan,
    )


def floor_votes(documents: Sequence[Document], facts: PolicyInput, bound: Bound) -> Iterator[Vote]:
    """Yield a vote for everything that needs a person regardless of the documents."""
    yield from _mode_floor(facts)
    yield from _domain_floor(documents, facts)
    yield from _data_floor(documents, facts)
    yield from _confidence_floor(documents, facts)
    yield from _missing_floor(documents, facts)
    yield from _fetched_floor(documents, facts)
    yield from _flags_floor(documents, facts)
    yield from _length_floor(facts, bound)


def _mode_floor(facts: PolicyInput) -> Iterator[Vote]:
    if facts.mode == Mode.HUMAN_IN_COMMAND:
        yield Vote(
            rule="mode",
            text=say("Human in command: a person decides on each action of this type."),
            outcome=Route.REVIEW,
            requirement=Requirement("mode", "never"),
        )
    elif facts.mode == Mode.IN_THE_LOOP:
        yield Vote(
            rule="mode",
            text=say("Human in the loop: a person reviews each action of this type by this agent."),
            outcome=Route.REVIEW,
            requirement=Requirement("mode", "never"),
        )


def _domain_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    if facts.domain and facts.domain not in DOMAINS:
        text = say("The domain “{name}” is unknown, so a person decides.", name=facts.domain)
        yield Vote(
            rule="domain", text=text, outcome=Route.REVIEW, requirement=Requirement("domain", "in", sorted(DOMAINS))
        )
    elif facts.domain in NON_NEGOTIABLE and not _is_within_limit(documents, facts):
        yield Vote(
            rule="domain",
            text=say(DOMAIN_SENTENCES[facts.domain]),
            outcome=Route.REVIEW,
            requirement=_domain_requirement(documents, facts.domain),
        )


def _is_within_limit(documents: Sequence[Document], facts: PolicyInput) -> bool:
    limit = _limit(documents, facts.domain)
    return limit is not None and facts.amount_base is not None and abs(facts.amount_base) <= limit


def _limit(documents: Sequence[Document], domain: str) -> Decimal | None:
    limits = [document.limits[domain] for document in documents if domain in document.limits]
    return min(limits) if limits and domain in LIMITED else None


def _domain_requirement(documents: Sequence[Document], domain: str) -> Requirement:
    limit = _limit(documents, domain)
    return Requirement("domain", "never") if limit is None else Requirement("amount_base", "at_most", f"{limit:f}")


def _data_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    found = regulated_classes(documents, facts)
    if found:
        yield Vote(
            rule="regulated_data",
            text=say("Regulated data ({names}): a person always decides.", names=[data_class(name) for name in found]),
            outcome=Route.REVIEW,
            requirement=Requirement("data_classes", "not_any", found),
        )


def data_class(name: str) -> str:
    """Return a data class in words; one of the author's own stays as it is."""
    return say(DATA_CLASSES[name]) if name in DATA_CLASSES else name


def regulated_classes(documents: Sequence[Document], facts: PolicyInput) -> list[str]:
    """Return the data classes that count as regulated: by law, by a document, or because they are unknown."""
    named = frozenset().union(*(document.regulated for document in documents))
    return [name for name in facts.data_classes if name in REGULATED or name in named or name not in DATA_CLASSES]


def _confidence_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    if facts.confidence is not None:
        return
    outcomes = [document.confidence.absent for document in documents if _asks_confidence(document, facts)]
    if outcomes or not documents:
        yield Vote(
            rule="ambiguous_intent",
            text=_no_confidence(facts),
            outcome=strictest([outcome for outcome in outcomes if outcome]),
            requirement=Requirement("confidence", "present"),
        )


def _no_confidence(facts: PolicyInput) -> str:
    if facts.mode == Mode.HUMAN_IN_COMMAND:
        return say("A person started this action, so there is no confidence value.")
    return say("The agent did not provide a confidence value, so its intent counts as ambiguous.")


def _asks_confidence(document: Document, facts: PolicyInput) -> bool:
    # The global policy without bands ignores confidence; the type's own policy never does.
    if document.is_house_wide and not document.confidence.bands:
        return False
    return document.confidence.absent is not None


def _titles(facts: PolicyInput, pointers: Sequence[str]) -> list[str]:
    return [facts.titles.get(pointer, pointer) for pointer in pointers]


def _missing_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    if facts.missing:
        yield Vote(
            rule="missing_data",
            text=say("Required data is missing: {fields}.", fields=_titles(facts, facts.missing)),
            outcome=strictest([document.missing for document in documents]),
            requirement=Requirement("missing", "attach", list(facts.missing)),
        )


def _fetched_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    if facts.unfetched:
        told = [
            say("{name}: {why}", name=each.replace("_", " "), why=_plain(why)) for each, why in facts.unfetched.items()
        ]
        yield Vote(
            rule="not_fetched",
            text=say("A lookup failed. {why}", why=in_a_row(told)),
            outcome=strictest([document.missing for document in documents]),
            requirement=Requirement("fetched", "present", list(facts.unfetched)),
        )


def _flags_floor(documents: Sequence[Document], facts: PolicyInput) -> Iterator[Vote]:
    # The global policy ignores no anomalies: only the type's own policy knows its payloads.
    own = [document.ignored_flags for document in documents if not document.is_house_wide]
    ignored = frozenset.intersection(*own) if own else frozenset()
    flags = [flag for flag in facts.flags if flag not in ignored]
    if flags:
        yield Vote(
            rule="exceptions",
            text=say("Anomalies: {flags}.", flags=[say(FLAGS.get(flag, flag.replace("_", " "))) for flag in flags]),
            outcome=strictest([document.flags for document in documents]),
            requirement=Requirement("flags", "none_of", flags),
        )


def _length_floor(facts: PolicyInput, bound: Bound) -> Iterator[Vote]:
    if bound.too_long:
        yield Vote(
            rule="too_long",
            text=say(
                "These values are too long for rules to evaluate: {fields}.",
                fields=_titles(facts, bound.too_long),
            ),
            outcome=Route.REVIEW,
            requirement=Requirement("too_long", "shorten", list(bound.too_long)),
        )
