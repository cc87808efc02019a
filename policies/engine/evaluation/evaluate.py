"""Evaluate an input against documents."""

from collections.abc import Iterable, Sequence

from policies.engine.conditions.cel import bind
from policies.engine.document.parse import Document
from policies.engine.document.plan_steps import DEFAULT_STAGES, PlanStep
from policies.engine.document.sections import DEFAULT_TERMS, Terms
from policies.engine.evaluation.budgets import budget_votes
from policies.engine.evaluation.result import Evaluation, Reason, Reference, Requirement
from policies.engine.evaluation.scoring import Part
from policies.engine.evaluation.table_votes import table_votes
from policies.engine.evaluation.votes import Vote, floor_votes, rule_votes, strictest
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.said import say
from policies.engine.values.vocabulary import Route, StageKind, Tier


def evaluate(documents: Sequence[Document], facts: PolicyInput, *, parts: tuple[Part, ...] = ()) -> Evaluation:
    """Evaluate an action by its type's policy and the global one; `parts` explain the input's score."""
    votes = _votes(documents, facts)
    outcome = strictest([vote.outcome for vote in votes])
    tier = _tier(outcome, votes)
    plan = _plan(documents, tier, votes)
    return Evaluation(
        outcome=outcome,
        tier=tier,
        plan=plan,
        score=facts.score,
        parts=parts,
        reasons=tuple(Reason.of(vote.rule, vote.text, vote.outcome, vote.document) for vote in votes),
        flags=facts.flags,
        missing=facts.missing,
        policies=tuple(Reference(item.name, item.version, item.digest) for item in documents),
        requires_rationale=any(vote.requires_rationale for vote in votes),
        reason_codes=tuple(dict.fromkeys(code for vote in votes for code in vote.reason_codes)),
        undo_seconds=_undo(documents, outcome),
        requirements=_requirements_of(votes),
        do_not_retry=outcome is Route.BLOCK and any(vote.do_not_retry for vote in votes),
        counted=facts.counted_as_json(),
        fetched=dict(facts.sources),
    )


def seniors_step(documents: Sequence[Document]) -> PlanStep:
    """The step that asks seniors as these documents want them asked, for what comes to them whatever was ruled."""
    return _demanded(sorted(documents, key=lambda document: document.is_house_wide), Tier.SENIOR, ())


def _votes(documents: Sequence[Document], facts: PolicyInput) -> list[Vote]:
    bound = bind(facts)
    votes: list[Vote] = []
    has_opinion = False
    for document in documents:
        own = [*rule_votes(document, facts, bound), *table_votes(document, facts), *budget_votes(document, facts)]
        has_opinion = has_opinion or bool(own and not document.is_house_wide)
        votes.extend(own)
    said = {vote.rule: vote.outcome.rank for vote in votes}
    votes.extend(vote for vote in floor_votes(documents, facts, bound) if said.get(vote.rule, -1) < vote.outcome.rank)
    if not has_opinion:
        votes.append(_no_rule(documents))
    return votes


def _no_rule(documents: Sequence[Document]) -> Vote:
    own = [document for document in documents if not document.is_house_wide]
    if own:
        text = say("No policy rule applies to this action, so a person decides.")
    else:
        text = say("No policy is in force for this action type, so a person decides.")
    return Vote(
        rule="no_rule" if own else "no_policy",
        text=text,
        outcome=Route.REVIEW,
        document=own[0].name if own else "",
        requirement=Requirement("policy", "rule_needed"),
    )


def _tier(outcome: Route, votes: Iterable[Vote]) -> Tier | None:
    if outcome is Route.ESCALATE:
        return Tier.SENIOR
    if outcome is Route.REVIEW:
        return Tier.SENIOR if any(vote.tier is Tier.SENIOR for vote in votes) else Tier.JUNIOR
    return None


def _plan(documents: Sequence[Document], tier: Tier | None, votes: Sequence[Vote]) -> tuple[PlanStep, ...]:
    """Every step that a rule's plan names, and after them what the tier demands, unless one of them asks for it."""
    if tier is None:
        return ()
    # The type's own policy sets the assignee and due time; the global one can only ask for more people.
    ordered = sorted(documents, key=lambda document: document.is_house_wide)
    demanded = _demanded(ordered, tier, votes)
    steps = _named(ordered, votes)
    if any(_covers(step, demanded) for step in steps):
        return steps
    return (*steps, demanded)


def _demanded(documents: Sequence[Document], tier: Tier, votes: Iterable[Vote]) -> PlanStep:
    terms: list[Terms] = [document.terms[tier] for document in documents] or [DEFAULT_TERMS[tier]]
    tiers = {tier, *(each for vote in votes if (each := _tier(vote.outcome, [vote])))}
    # A rule that asks for one senior must not remove another rule's quorum of two juniors.
    quorum = max(document.terms[each].quorum for document in documents for each in tiers) if documents else 1
    first = terms[0]
    given = first.timing
    return PlanStep(
        name=DEFAULT_STAGES[tier],
        tier=tier,
        who=first.who,
        quorum=quorum,
        due_seconds=given.due_seconds,
        on_timeout=first.on_timeout,
        working_hours=given.working_hours,
        working_days=given.working_days,
        remind_seconds=given.remind_seconds,
    )


def _named(documents: Sequence[Document], votes: Iterable[Vote]) -> tuple[PlanStep, ...]:
    # In the order of the rules: the plans of a document are a mapping, whose order no digest keeps.
    named = dict.fromkeys((vote.document, vote.plan) for vote in votes if vote.plan)
    chosen = [document.plans[plan] for document in documents for name, plan in named if document.name == name]
    return tuple(dict.fromkeys(step for plan in chosen for step in plan.stages))


def _covers(step: PlanStep, demanded: PlanStep) -> bool:
    is_senior_enough = step.tier is Tier.SENIOR or demanded.tier is Tier.JUNIOR
    return step.kind is StageKind.PEOPLE and is_senior_enough and step.quorum >= demanded.quorum


def _undo(documents: Sequence[Document], outcome: Route) -> int | None:
    by_policy = outcome is Route.AUTO
    windows = [document.undo_after_policy if by_policy else document.undo_after_person for document in documents]
    return max((window for window in windows if window is not None), default=None)


def _requirements_of(votes: Iterable[Vote]) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for vote in votes:
        if vote.outcome is not Route.AUTO and vote.requirement and vote.requirement not in found:
            found.append(vote.requirement)
    return tuple(found)
