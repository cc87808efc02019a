"""Asking policy about one revision: facts are gathered, scorers run, the versions in force rule. Steps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from approvals import conf
from approvals.models import Action, ActionType, Agent, ExchangeRate, PolicyEvaluation
from approvals.services.payloads import expectations
from approvals.services.payloads.revisions import Reading, duplicate_fingerprint, storable
from approvals.services.policy import budgets
from approvals.services.policy.lookups import results
from approvals.states import ActionState, Tier
from approvals.text import money
from policies.engine.document.parse import Document
from policies.engine.evaluation.anomalies import Flag
from policies.engine.evaluation.evaluate import evaluate, seniors_step
from policies.engine.evaluation.result import Evaluation
from policies.engine.evaluation.scoring import score
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import Counted
from policies.engine.values.vocabulary import Tier as PolicyTier
from policies.queries.in_force import in_force_with_house

_TIERS = {Tier.JUNIOR: PolicyTier.JUNIOR, Tier.SENIOR: PolicyTier.SENIOR}
_DEAD = (ActionState.REJECTED, ActionState.WITHDRAWN, ActionState.EXPIRED)


def quorum_for(kind: ActionType, tier: Tier) -> int:
    """How many people of a tier policy asks for, when an action comes to them by escalation."""
    return max((document.terms[_TIERS[tier]].quorum for document in documents_for(kind)), default=1)


def with_seniors(kind: ActionType, evaluation: Evaluation) -> Evaluation:
    """Add seniors at the end of the evaluation's plan, unless a stage asks them already."""
    if any(step.tier is PolicyTier.SENIOR for step in evaluation.plan):
        return evaluation
    return replace(evaluation, plan=(*evaluation.plan, seniors_step(documents_for(kind))))


def documents_for(kind: ActionType) -> tuple[Document, ...]:
    """The type's policy and the house's, as they are in force in this transaction.

    The house's does not judge the publication of a policy: one that blocks everything could never be repaired.
    """
    documents = in_force_with_house(kind.policy)
    if kind.is_publication:
        return tuple(document for document in documents if not document.is_house_wide)
    return documents


def evaluate_revision(
    action: Action,
    payload: dict[str, Any],
    at: datetime,
    *,
    documents: Sequence[Document] | None = None,
    counted: Mapping[str, Counted] | None = None,
) -> tuple[Evaluation, Sequence[Flag]]:
    """Evaluate an action as it now stands, by the documents in force unless others are given; writes nothing.

    ``counted`` holds the counters' values, read now unless given. Where the evaluation may let the action run
    automatically, the caller holds them first with `budgets.hold`.
    """
    kind = action.action_type
    chosen = documents_for(kind) if documents is None else documents
    lately = budgets.look(action, chosen, at) if counted is None else counted
    facts = replace(facts_of(action, kind, action.agent, payload, at), counted=lately)
    return judge(facts, kind, chosen)


def judge(facts: PolicyInput, kind: ActionType, documents: Sequence[Document]) -> tuple[Evaluation, Sequence[Flag]]:
    """Score the facts and rule on them; scorers may only raise the route."""
    own = next((document for document in documents if not document.is_house_wide), None)
    scored = score(facts, expectations.schema_of(kind), own.weights if own else None)
    judged = replace(
        facts, score=scored.score, flags=tuple(dict.fromkeys((*facts.flags, *(flag.code for flag in scored.flags))))
    )
    return evaluate(documents, judged, parts=scored.parts), scored.flags


def facts_of(action: Action, kind: ActionType, agent: Agent, payload: dict[str, Any], at: datetime) -> PolicyInput:
    """The typed facts about an action as it now stands."""
    return PolicyInput(
        action_type=kind.name,
        payload=payload,
        agent=agent.name,
        amount=money.exact(action, payload),
        currency=action.currency or None,
        amount_base=action.amount_base,
        confidence=action.confidence,
        on_behalf_of=action.on_behalf_of,
        subject=action.subject,
        reversibility=kind.reversibility,
        stakes=kind.stakes,
        data_classes=tuple(kind.data_classes),
        domain=kind.domain or "general",
        external=kind.has_external_impact,
        mode=agent.mode_for(kind),
        missing=tuple(action.missing),
        history={"same_number": same_number(action)},
        proposed_on=action.created_at.date(),
        **results.of_evaluation(action, kind, payload),
    )


def same_number(action: Action) -> int:
    """How many other live actions of this type name the same subject and document number."""
    if not action.duplicate_fingerprint:
        return 0
    alike = Action.objects.filter(
        action_type_id=action.action_type_id, duplicate_fingerprint=action.duplicate_fingerprint
    )
    return alike.exclude(pk=action.pk).exclude(state__in=_DEAD).count()


def in_base(amount: Decimal | None, currency: str, at: datetime) -> Decimal | None:
    """The amount in the base currency at the day's rate; None without a rate or beyond reckoning: a person looks."""
    if amount is None or not currency:
        return None
    if currency == conf.base_currency():
        return amount
    rate = ExchangeRate.objects.filter(currency=currency, valid_from__lte=at.date()).order_by("-valid_from").first()
    worth = amount * rate.rate if rate else None
    return storable(worth) if worth is not None else None


def update_extracted_fields(action: Action, reading: Reading, at: datetime) -> None:
    """Set on the action what its payload says; the caller saves it."""
    action.amount, action.currency = reading.amount, reading.currency
    action.reference, action.missing = reading.reference, reading.missing
    action.subject = reading.subject or action.subject
    action.duplicate_fingerprint = duplicate_fingerprint(action.subject, action.reference)
    action.amount_base = in_base(reading.amount, reading.currency, at)


def record(
    action: Action, evaluation: Evaluation, flags: Sequence[Flag], number: int, at: datetime
) -> PolicyEvaluation:
    """Keep an evaluation word for word and put what the queue needs on the action; the caller saves the action."""
    policy_evaluation = PolicyEvaluation.objects.create(
        action=action,
        revision_number=number,
        round=action.round,
        outcome=evaluation.outcome,
        tier={"junior": 1, "senior": 2}.get(evaluation.tier or ""),
        score=evaluation.score or 0,
        policy=", ".join(f"{policy.name} v{policy.version}" for policy in evaluation.policies)[:160],
        rules=[reason.rule for reason in evaluation.reasons],
        body=evaluation.canonical().decode(),
        digest=evaluation.digest,
        made_at=at,
    )
    action.evaluation = policy_evaluation
    action.risk = policy_evaluation.score
    action.flags = [{"code": flag.code, "pointer": flag.pointer, "sentence": flag.sentence} for flag in flags]
    return policy_evaluation
