"""Rules and plans in words."""

from collections.abc import Iterator, Mapping

from policies.engine.document.parse import Document
from policies.engine.document.plan_steps import Plan, PlanStep
from policies.engine.document.sections import Rule, Terms
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import OnFail, OnTimeout, Route, StageKind, Tier
from policies.lab.builder import words
from policies.lab.builder.fields import Field
from policies.lab.reading.parts import Item, Section, Words, assignee, due, span, then, types

_LATE = {
    OnTimeout.ESCALATE: message("If nobody decides in time, a senior reviewer is asked."),
    OnTimeout.EXPIRE: message("If nobody decides in time, the action expires."),
}


def rules(document: Document, known: Mapping[str, Field]) -> Section:
    """Return the rules, each with its condition and what follows."""
    items = tuple(_rule(rule, known) for rule in document.rules)
    about = message("All rules are evaluated, and the strictest outcome wins. Their order does not matter.")
    return Section("rules", message("Rules"), items, about)


def _rule(rule: Rule, known: Mapping[str, Field]) -> Item:
    said = words.said(rule.when, known)
    sentences = (*types(rule.action_types), *_consequences(rule))
    first: Words = _if(said, rule) if said else say("If the condition below is true, {then}.", then=_then(rule))
    return Item(rule.name, rule.name, "", (first, *sentences), rule.when, rule.outcome, is_text=said is None)


def _if(said: Said, rule: Rule) -> Said:
    if said.template == words.ALWAYS:
        return say("For each action, {then}.", then=_then(rule))
    return say("If {condition}, {then}.", condition=said, then=_then(rule))


def _then(rule: Rule) -> Said:
    if rule.tier is Tier.SENIOR and rule.outcome is Route.REVIEW:
        return then(Route.ESCALATE)
    return then(rule.outcome)


def _consequences(rule: Rule) -> Iterator[Words]:
    if rule.says:
        yield say("The reviewer reads: “{text}”", text=rule.says)
    if rule.plan:
        yield say("It follows the plan “{name}”.", name=rule.plan)
    if rule.requires_rationale:
        yield say("The reviewer must give a rationale.")
    if rule.reason_codes:
        yield say("Reasons to choose from: {names}.", names=list(rule.reason_codes))
    if not rule.do_not_retry:
        yield say("The agent can propose it again.")


def plans(document: Document, known: Mapping[str, Field]) -> Section:
    """Return the plans, each with its stages in order."""
    items = tuple(_plan(plan, known) for plan in document.plans.values())
    return Section("plans", message("Plans"), items, message("The stages of a plan run one after the other."))


def _plan(plan: Plan, known: Mapping[str, Field]) -> Item:
    about = [plan.about] if plan.about else []
    details = [sentence for step in plan.stages for sentence in _stage(step, known)]
    return Item(plan.name, plan.name, "", (_order(plan), *about, *details))


def _order(plan: Plan) -> Said:
    """The stages in one sentence: first one, then the next."""
    first, *others = (_short(step) for step in plan.stages)
    found = say("First {stage}", stage=first) if others else say("Only {stage}", stage=first)
    for each in others:
        found = say("{before}, then {stage}", before=found, stage=each)
    return say("{stages}.", stages=found)


def _short(step: PlanStep) -> Said:
    if step.kind is StageKind.CHECK:
        return say("the automatic check “{name}”", name=step.name)
    who = say("a senior of {who}", who=assignee(step.who)) if step.tier is Tier.SENIOR else assignee(step.who)
    return say("{who} (within {time})", who=who, time=due(step.timing))


def _stage(step: PlanStep, known: Mapping[str, Field]) -> Iterator[Said]:
    if step.kind is StageKind.CHECK:
        yield from _check(step, known)
        return
    if step.quorum > 1:
        yield say("“{name}” needs {count} approvals.", name=step.name, count=step.quorum)
    yield say("“{name}”: {late}", name=step.name, late=say(_LATE[step.on_timeout]))
    if step.remind_seconds:
        yield say("“{name}” sends a reminder {time} before that.", name=step.name, time=span(step.remind_seconds))


def _check(step: PlanStep, known: Mapping[str, Field]) -> Iterator[Said]:
    said = words.said(step.check, known)
    fails = _FAILS[step.on_fail]
    condition: Words = said or step.check
    yield say("“{name}” passes if {condition}.", name=step.name, condition=condition)
    yield say("“{name}”: {late}", name=step.name, late=say(fails))
    if step.fetch:
        yield say("“{name}” first looks up: {names}.", name=step.name, names=list(step.fetch))
    if step.says:
        yield say("If it passes, reviewers read: “{text}”", text=step.says)


_FAILS = {
    OnFail.ESCALATE: message("If it fails, a senior reviewer decides."),
    OnFail.REJECT: message("If it fails, the action is rejected."),
}


def tiers(document: Document) -> Section:
    """Return whom juniors and seniors are, where no plan says otherwise."""
    names = {Tier.JUNIOR: message("Junior review"), Tier.SENIOR: message("Senior review")}
    items = tuple(Item(str(tier), "", names[tier], tuple(_terms(document.terms[tier]))) for tier in Tier)
    return Section("tiers", message("Reviews without a plan"), items)


def _terms(terms: Terms) -> Iterator[Words]:
    values = {"who": assignee(terms.who), "time": due(terms.timing)}
    if terms.quorum > 1:
        yield say("It asks {who} for {count} approvals within {time}.", values, count=terms.quorum)
    else:
        yield say("It asks {who} for a decision within {time}.", values)
    yield say(_LATE[terms.on_timeout])
    if terms.timing.remind_seconds:
        yield say("A reminder is sent {time} before that.", time=span(terms.timing.remind_seconds))
