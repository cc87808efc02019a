"""Asking policy about one revision: facts are gathered, scorers run, the versions in force rule. Steps."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from approvals import asked, conf
from approvals.models import Action, ActionType, Agent, PolicyEvaluation
from approvals.queries.directory import calendars
from approvals.queries.insight import anomalies
from approvals.queries.record.related import twins
from approvals.services.payloads import expectations, revisions
from approvals.services.policy import budgets, publications, rates
from approvals.services.policy.lookups import quotes, results
from approvals.states import ActionState, Tier
from approvals.text import money
from policies import unit, writes
from policies.engine.checks import unusual
from policies.engine.checks.flag import Flag
from policies.engine.document.parse import HOUSE, Document
from policies.engine.evaluation.evaluate import evaluate, seniors_step
from policies.engine.evaluation.result import Evaluation, Reason, Reference
from policies.engine.evaluation.scoring import score
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import Counted
from policies.engine.values import schemas
from policies.engine.values.canonical import bytes_digest
from policies.engine.values.money import converted
from policies.engine.values.said import say
from policies.engine.values.vocabulary import Route
from policies.engine.values.vocabulary import Tier as PolicyTier
from policies.queries import in_force

_TIERS = {Tier.JUNIOR: PolicyTier.JUNIOR, Tier.SENIOR: PolicyTier.SENIOR}
log = logging.getLogger(__name__)
# What code of ours, or a library, may raise on a payload that nobody thought of.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_DOCUMENTS = "documents"
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

    The house's does not judge a built-in type: a policy that blocks everything could never be repaired.
    """
    names = _policies_of(kind)
    return asked.once((_DOCUMENTS, names), lambda: in_force.standing(names))


def hold_ahead(actions: Sequence[Action]) -> bool:
    """Lock what the documents count for all of these, and return whether there was anything to wait for; a step."""
    return budgets.hold_ahead((action, documents_for(action.action_type)) for action in actions)


def forget_documents() -> None:
    """Read the documents in force anew, because another version may have been published since; a step of a batch."""
    asked.forget(_DOCUMENTS)


def read_ahead(actions: Sequence[Action]) -> None:
    """Read for all of these what the evaluation of each asks about earlier actions; a step of a batch."""
    twins.read_ahead(actions, besides=_DEAD)
    anomalies.read_ahead(actions)


def versions_for(kinds: Iterable[ActionType]) -> dict[int, set[tuple[str, int]]]:
    """The names and numbers of what `documents_for` finds, of several types in one statement; no document is read."""
    names = {kind.pk: _policies_of(kind) for kind in kinds}
    numbers = in_force.numbers({name for each in names.values() for name in each})
    return {kind: {(name, numbers[name]) for name in each if name in numbers} for kind, each in names.items()}


def _policies_of(kind: ActionType) -> tuple[str, ...]:
    if kind.is_built_in:
        return () if kind.policy == HOUSE else (kind.policy,)
    return kind.policy, HOUSE


def evaluate_revision(
    action: Action,
    payload: dict[str, Any],
    at: datetime,
    *,
    documents: Sequence[Document] | None = None,
    counted: Mapping[str, Counted] | None = None,
) -> tuple[Evaluation, Sequence[Flag]]:
    """Evaluate an action as it now stands, by the documents in force unless others are given; writes nothing.

    ``counted`` holds the budgets' values, read now unless given. Where the evaluation may let the action run
    automatically, the caller holds them first with `budgets.hold`.
    """
    kind = action.action_type
    chosen = documents_for(kind) if documents is None else documents
    lately = budgets.look(action, chosen, at) if counted is None else counted
    facts = replace(facts_of(action, kind, action.agent, payload, at), counted=lately)
    return judge(facts, kind, chosen, (*stale_rate(action, at), *quotes.flags(action)))


def evaluate_for_agent(action: Action, payload: dict[str, Any], at: datetime) -> tuple[Evaluation, Sequence[Flag]]:
    """Evaluate an unsaved action as if only its own agent had ever proposed anything; writes nothing.

    Otherwise an agent could ask again and again, without a trace, until it knows what others do.
    """
    kind = action.action_type
    documents = documents_for(kind)
    facts = facts_of(action, kind, action.agent, payload, at, own_only=True)
    counted = budgets.look_own(action, documents, at)
    return judge(replace(facts, counted=counted), kind, documents, stale_rate(action, at))


def judge(
    facts: PolicyInput, kind: ActionType, documents: Sequence[Document], known: Sequence[Flag] = ()
) -> tuple[Evaluation, Sequence[Flag]]:
    """Score the facts and rule on them, with the flags that are known already; scorers may only raise the route."""
    try:
        evaluation, flags = _judged(facts, kind, documents, known)
    except _FAULTS:
        # A fault of ours must not leave the action without anybody who looks at it.
        log.exception("Evaluation failed", extra={"action_type": kind.name})
        evaluation, flags = _unjudged(facts, documents), ()
    return publications.repairable(evaluation, kind) if kind.is_built_in else evaluation, flags


def _unjudged(facts: PolicyInput, documents: Sequence[Document]) -> Evaluation:
    """The evaluation of an action that could not be evaluated: a senior decides, as the documents ask seniors."""
    text = say("This action could not be evaluated, so a senior reviewer decides.")
    return Evaluation(
        outcome=Route.ESCALATE,
        tier=PolicyTier.SENIOR,
        plan=(seniors_step(documents),),
        score=facts.score,
        parts=(),
        reasons=(Reason.of("not_evaluated", text, Route.ESCALATE),),
        flags=facts.flags,
        missing=facts.missing,
        policies=tuple(Reference(item.name, item.version, item.digest) for item in documents),
        requires_rationale=False,
        reason_codes=(),
        undo_seconds=None,
        requirements=(),
        do_not_retry=False,
        counted=facts.counted_as_json(),
        fetched=dict(facts.sources),
    )


def _judged(
    facts: PolicyInput, kind: ActionType, documents: Sequence[Document], known: Sequence[Flag]
) -> tuple[Evaluation, Sequence[Flag]]:
    own = next((document for document in documents if not document.is_house_wide), None)
    facts = replace(facts, titles={each: schemas.title_at(kind.schema, each) for each in facts.missing})
    scored = score(facts, expectations.schema_of(kind), own.weights if own else None)
    flags = (*known, *scored.flags)
    codes = tuple(dict.fromkeys((*facts.flags, *(flag.code for flag in flags))))
    judged = replace(facts, score=scored.score, flags=codes)
    return evaluate(documents, judged, parts=scored.parts), flags


def facts_of(
    action: Action, kind: ActionType, agent: Agent, payload: dict[str, Any], at: datetime, *, own_only: bool = False
) -> PolicyInput:
    """The typed facts about an action as it now stands; ``own_only`` leaves out what other agents proposed."""
    amount = money.exact(action, payload)
    facts = PolicyInput(
        action_type=kind.name,
        payload=payload,
        agent=agent.name,
        amount=amount,
        currency=action.currency or None,
        amount_base=amount if action.currency == conf.base_currency() else action.amount_base,
        confidence=action.confidence,
        on_behalf_of=action.on_behalf_of,
        subject=action.subject,
        client=action.client.key if action.client is not None else "",
        reversibility=kind.reversibility,
        stakes=kind.stakes,
        data_classes=tuple(kind.data_classes),
        domain=kind.domain or "general",
        external=kind.has_external_impact,
        mode=agent.mode_for(kind),
        missing=tuple(action.missing),
        history=history_of(action, own_only=own_only),
        proposed_on=calendars.day_at(action.desk, action.created_at),
        **results.of_evaluation(action, kind, payload),
    )
    past = anomalies.past_of(action, own_only=own_only)
    return replace(facts, unusual=unusual.compare(facts, expectations.schema_of(kind), past))


def history_of(action: Action, *, own_only: bool = False) -> dict[str, int]:
    """How many other live actions of this type have the same subject and document number, or the same payload."""
    ahead = None if own_only else twins.counted_ahead(action)
    count = twins.count(action, besides=_DEAD, own_only=own_only) if ahead is None else ahead
    return {"same_number": count, "same_payload": 0} if action.reference else {"same_number": 0, "same_payload": count}


def in_base(amount: Decimal | None, currency: str, on: date) -> Decimal | None:
    """The amount in the base currency at the day's rate; None beyond reckoning, and without a rate of late."""
    if amount is None or not currency:
        return None
    if currency == conf.base_currency():
        return amount
    rate = rates.latest(currency, on)
    return converted(amount, rate.usable) if rate is not None and rate.usable is not None else None


def update_amount(action: Action) -> None:
    """Set the amount that the payload says now: columns are for lists, and the payload is what runs."""
    reading = revisions.read(action.action_type, action.revision.payload, action.client)
    action.amount, action.currency = reading.amount, reading.currency


def update_worth(action: Action, at: datetime) -> bool:
    """Set what the action is worth in the base currency at a moment, at its desk; return whether that changes it."""
    before, amount = action.amount_base, action.amount
    is_foreign = amount is not None and action.currency not in ("", conf.base_currency())
    # Only an exchange rate asks what day it is at the desk.
    day = calendars.day_at(action.desk, at) if is_foreign else at.date()
    action.amount_base = in_base(amount, action.currency, day)
    return action.amount_base != before


def stale_rate(action: Action, at: datetime) -> tuple[Flag, ...]:
    """The flag of an amount whose exchange rate is too old to be used."""
    if action.amount is None or action.amount_base is not None or not action.currency:
        return ()
    rate = rates.latest(action.currency, calendars.day_at(action.desk, at))
    pointer = action.action_type.amount_pointer
    return (Flag("stale_rate", pointer, rate.why_stale),) if rate is not None and rate.is_stale else ()


def update_extracted_fields(action: Action, payload: dict[str, Any], at: datetime) -> None:
    """Set on the action what its payload says; the caller saves it.

    :raises Malformed: the payload has no canonical form.
    """
    reading = revisions.read(action.action_type, payload, action.client)
    action.amount, action.currency = reading.amount, reading.currency
    action.reference, action.missing = reading.reference, reading.missing
    action.subject = reading.subject or action.subject
    action.duplicate_fingerprint = revisions.duplicate_fingerprint(
        action.subject, reading.reference, payload, action.client_id
    )
    update_worth(action, at)


def record(
    action: Action, evaluation: Evaluation, flags: Sequence[Flag], number: int, at: datetime
) -> PolicyEvaluation:
    """Keep an evaluation word for word and put what the queue needs on the action; the caller saves the action."""
    written = evaluation.canonical()
    policy_evaluation = writes.made(
        PolicyEvaluation,
        action=action,
        revision_number=number,
        round=action.round,
        outcome=evaluation.outcome,
        tier={"junior": 1, "senior": 2}.get(evaluation.tier or ""),
        score=evaluation.score or 0,
        policy=", ".join(f"{policy.name} v{policy.version}" for policy in evaluation.policies)[:160],
        rules=[reason.rule for reason in evaluation.reasons],
        body=written.decode(),
        digest=bytes_digest(written),
        made_at=at,
    )
    unit.insert(policy_evaluation)
    action.evaluation = policy_evaluation
    action.risk = policy_evaluation.score
    action.flags = [flag.as_json() for flag in flags]
    return policy_evaluation
