"""Standing rules from a decision: "always do this", within limits, for a time, and stopped by one click.

Making one asks for as much as deciding all that it decides; stopping one asks for as little as reviewing at the desk.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.authority import delegations, identity, memberships, own_agents
from approvals.authority.visibility import may_see
from approvals.db import moment_for
from approvals.errors import (
    AboveCeiling,
    Expired,
    Malformed,
    NoStandingRule,
    NotAllowed,
    NotFound,
    NotYourDesk,
    RationaleMissing,
    SelfApproval,
    WrongState,
)
from approvals.models import Action, ActionType, Decision, Person, PolicyEvaluation, StandingRule
from approvals.models.action_types import BUILT_IN
from approvals.queries.automation import allowances
from approvals.queries.automation import standing_rules as rule_queries
from approvals.queries.automation.allowances import Allowance
from approvals.services import locks
from approvals.services.automation import apply, match
from approvals.services.automation import limits as rule_limits
from approvals.services.automation.limits import Limits
from approvals.services.execution import schedule
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.services.policy import evaluate
from approvals.states import DecisionType, Mode, StandingRuleApprovers, StandingState, StandingVerdict
from approvals.text import reasons
from policies import db
from policies.db import service
from policies.engine.document.parse import Document
from policies.engine.evaluation import bypass
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.said import in_a_row, message, say

MAX_REASON = 500
MAX_ACTIVE = 50

_LOOKED_AT = {Mode.IN_COMMAND: message("Human in command"), Mode.IN_THE_LOOP: message("Human in the loop")}


@service
def make(*, actor: Actor, at: datetime, action_id: uuid.UUID, limits: Limits, reason: str) -> StandingRule:
    """Make a standing rule from one's own decision on an action.

    It waits for a second person where its kind wants two, or where its maker may not let so much run in a day.

    :raises NotFound: the action is not this person's to see.
    :raises NotAllowed: no person is acting, or comes with a token, or does not review at the desk.
    :raises WrongState: it is not this person's own decision, or what it was decided by has changed since.
    :raises NoStandingRule: this could never run by itself; each reason is told.
    :raises AboveCeiling: the limits allow more than this person may decide.
    :raises SelfApproval: she owns the agent.
    :raises RationaleMissing: it was not said why.
    :raises Malformed: a limit has no sensible value.
    """
    person = _person(actor)
    action = locks.action(action_id, actor)
    _ask_member(person, action)
    decision = rule_queries.made_from(person, action)
    if decision is None:
        raise WrongState("Decide on this action first. Standing rules are created from your own decisions.")
    documents = evaluate.documents_for(action.action_type)
    _ask_unchanged(action, decision, documents)
    if action.action_type.is_built_in and decision.verdict == DecisionType.REJECT:
        raise NoStandingRule("A person must decide on every policy or configuration change.")
    if decision.verdict == DecisionType.APPROVE:
        _ask_waivable(action, decision, documents)
        _ask_same_target(action.action_type, decision)
    if limits.currency not in {"", action.currency}:
        raise Malformed(
            "Enter amounts in {currency}, the action’s currency.",
            said={"currency": action.currency},
            field="max_amount",
        )
    rule = _born(action, decision, limits, _words(reason), person, at)
    moment = moment_for(actor, at)
    rule_limits.check(rule, action, moment)
    _ask_power(person, rule)
    _ask_room(rule)
    entries.record_row(rule, Event(actor, at, "standing_rule.proposed", rule.reason, apply.data(rule)), is_new=True)
    takes_one = _people(rule.action_type) == StandingRuleApprovers.ONE and _needs_nobody_else(person, rule, moment)
    if rule.verdict == StandingVerdict.DENY or takes_one:
        _activate(rule, actor, at, rule.reason)
    return rule


@service
def confirm(*, actor: Actor, at: datetime, rule_id: uuid.UUID) -> StandingRule:
    """Put a proposed rule in force, as the second person whom its kind of action or its daily sum wants.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: no person is acting, or comes with a token, or does not review at the desk.
    :raises WrongState: it is in force or has ended, or what it was made under has changed.
    :raises SelfApproval: they made it, or decide for whoever did, or the other way round.
    :raises AboveCeiling: it allows more than this person may decide, or may let run in a day.
    :raises Expired: its time is over.
    """
    person = _person(actor)
    rule = _locked(person, rule_id)
    if rule.state != StandingState.PROPOSED:
        raise WrongState(
            "You cannot confirm this rule. Its state is “{state}”.",
            said={"state": rule.get_state_display().lower()},
            state=rule.state,
        )
    moment = moment_for(actor, at)
    if rule.expires_at <= moment:
        raise Expired("The rule has expired. Create a new one.")
    if why_not := _is_one_with_its_maker(person, rule):
        tried = Event(actor, at, "standing_rule.confirmation_refused", data=apply.data(rule))
        raise refusals.recorded(SelfApproval(why_not), tried, rule)
    documents = evaluate.documents_for(rule.action_type)
    if why := match.changed(rule, rule.action_type, [document.digest for document in documents]):
        raise WrongState("{why} End this rule, and create a new one from a new decision.", said={"why": why})
    _ask_power(person, rule)
    if why := match.above_daily(rule.made_by, rule, rule.action_type):
        raise _above(why)
    if not _allowed(person, rule, moment):
        raise AboveCeiling(_TOO_MUCH, said={"person": person})
    rule.confirmed_by, rule.confirmed_at = person, at
    _activate(rule, actor, at, "Confirmed by a second person")
    return rule


@service
def stop(*, actor: Actor, at: datetime, rule_id: uuid.UUID, reason: str) -> StandingRule:
    """Stop a rule for good, with a reason; whoever reviews at its desk may.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: no person is acting, or does not review at the desk.
    :raises WrongState: it has ended before; says when and why.
    :raises RationaleMissing: it was not said why.
    :raises Malformed: the reason is too long.
    """
    if actor.person is None or not actor.person.is_active:
        raise NotAllowed(_WHO)
    rule = _locked(actor.person, rule_id)
    if not rule.is_standing:
        raise WrongState(
            "This rule ended on {ended_at:%Y-%m-%d}. Reason: {end_reason}",
            said={"ended_at": rule.ended_at, "end_reason": rule.end_reason},
            state=rule.state,
        )
    apply.end(rule, StandingState.STOPPED, _words(reason), actor, at)
    return rule


def never(
    action: Action, policy_evaluation: PolicyEvaluation | None, documents: Sequence[Document] | None = None
) -> tuple[str, ...]:
    """Why no standing rule may let actions like this one run, in sentences; nothing where one may. A step.

    It costs no statement; with the documents in force at hand it is the last word.
    """
    kind = action.action_type
    if kind.name in BUILT_IN:
        return (say("Every policy or configuration change needs its own approval."),)
    if _people(kind) == StandingRuleApprovers.NEVER:
        return (say("“{kind}” does not allow standing rules.", kind=kind.title),)
    mode = Mode(action.agent.mode_for(kind))
    if mode in _LOOKED_AT:
        return (say("The agent’s mode is “{mode}”, so a person reviews every action.", mode=say(_LOOKED_AT[mode])),)
    if action.amount is not None and action.amount < 0:
        return (say("The amount is negative, and every repayment needs review."),)
    if policy_evaluation is None:
        return (say("No policy has evaluated this action."),)
    evaluation = Evaluation.from_json(policy_evaluation.content)
    return bypass.objections(evaluation, documents, reversibility=kind.reversibility, stakes=kind.stakes)


_WHO = _("Sign in to create or confirm a standing rule. With a personal token, you can only end one.")
_ALONE = _("You created this rule, so another reviewer at the desk must confirm it.")
_AS_ONE = _(
    "You and the rule’s creator count as one person because of a delegation between you. Another reviewer must "
    "confirm the rule."
)
_SHARED = _(
    "You and the rule’s creator count as one person because of a password that someone else set. Another reviewer "
    "must confirm the rule."
)
_TOO_MUCH = _(
    "Together with {person}’s other rules, this rule exceeds their 24-hour limit. Someone with a higher limit must "
    "confirm it."
)


def _person(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active or actor.door is Door.TOKEN:
        raise NotAllowed(_WHO)
    return actor.person


def _ask_member(person: Person, action: Action) -> None:
    if _hold_membership(person, action.action_type.desk_id, action.client_id):
        return
    if not may_see(person, action):
        raise NotFound()
    raise memberships.left(person) or NotYourDesk()


def _locked(person: Person, rule_id: uuid.UUID) -> StandingRule:
    # Locked bare and read after: a joined read that waited would be checked against rows of before the wait.
    held = StandingRule.objects.select_for_update(no_key=True).filter(pk=rule_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    rule = rule_queries.visible_to(person).filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    if not _hold_membership(person, rule.action_type.desk_id, rule.client_id):
        raise memberships.left(person) or NotYourDesk()
    return rule


def _hold_membership(person: Person, desk_id: int, client_id: int | None) -> bool:
    # Of two rules at once, the second must see what the first takes up.
    rows = memberships.in_force().filter(memberships.for_client(client_id)).select_for_update(of=("self",), no_key=True)
    return bool(rows.filter(person=person, desk_id=desk_id).values_list("pk", flat=True).first())


def _is_one_with_its_maker(person: Person, rule: StandingRule) -> str:
    """Why this person is nobody else than whoever made the rule; nothing where they are."""
    if person.pk == rule.made_by_id:
        return _ALONE
    if identity.are_one(person, rule.made_by):
        return _SHARED
    is_lender = rule.decision.delegator_id in identity.ids(person)
    return _AS_ONE if is_lender or delegations.is_between(person, rule.made_by, rule.action_type.desk_id) else ""


def _allowed(person: Person, rule: StandingRule, moment: datetime) -> bool:
    """Whether a day of this rule, with their others, stays within what this person may answer for."""
    return _allowance(person, rule, moment).holds(allowances.daily(rule))


def _needs_nobody_else(person: Person, rule: StandingRule, moment: datetime) -> bool:
    """Whether a day of this rule, with their others, stays within what this person may let run alone."""
    return _allowance(person, rule, moment).holds_alone(allowances.daily(rule))


def _allowance(person: Person, rule: StandingRule, moment: datetime) -> Allowance:
    return allowances.of(person, rule.action_type, rule.client_id, rule.currency, moment)


def _people(kind: ActionType) -> int:
    return StandingRuleApprovers.ONE if kind.standing_rule_approvers is None else kind.standing_rule_approvers


def _ask_unchanged(action: Action, decision: Decision, documents: Sequence[Document]) -> None:
    ruled = decision.evaluation.content["policies"] if decision.evaluation else []
    now = [document.digest for document in documents]
    is_same_form = decision.revision.type_version == action.action_type.version
    if [item["digest"] for item in ruled] != now or not is_same_form:
        raise WrongState("The policy or schema has changed since your decision. Create the rule from a new decision.")


def _ask_same_target(kind: ActionType, decision: Decision) -> None:
    if decision.target_digest != schedule.target_digest(kind):
        raise WrongState(
            "The execution or risk settings have changed since your decision. Create the rule from a new decision."
        )


def _ask_waivable(action: Action, decision: Decision, documents: Sequence[Document]) -> None:
    against = never(action, decision.evaluation, documents)
    if against:
        raise NoStandingRule(
            "A standing rule cannot approve this action. {reasons}",
            said={"reasons": in_a_row(against)},
            rules=list(map(str, against)),
        )


def _born(
    action: Action, decision: Decision, limits: Limits, reason: str, person: Person, at: datetime
) -> StandingRule:
    kind, is_grant = action.action_type, decision.verdict == DecisionType.APPROVE
    evaluation = Evaluation.from_json(decision.evaluation.content) if decision.evaluation else None
    return StandingRule(
        verdict=StandingVerdict.APPROVE if is_grant else StandingVerdict.DENY,
        action_type=kind,
        agent=action.agent,
        client_id=action.client_id,
        subject=limits.subject,
        condition=limits.condition.strip(),
        max_amount=limits.max_amount,
        currency=action.currency if limits.max_amount is not None else "",
        count_per_day=limits.count_per_day,
        sum_per_day=limits.sum_per_day,
        sample_rate=limits.sample_rate,
        expires_at=limits.expires_at,
        reason=reason,
        decision=decision,
        made_by=person,
        made_at=at,
        agent_version=action.agent.version,
        type_version=kind.version,
        target_digest=schedule.target_digest(kind),
        policies=list(decision.evaluation.content["policies"]) if decision.evaluation else [],
        waives=list(bypass.names(evaluation)) if evaluation and is_grant else [],
        salt=secrets.token_hex(16),
    )


def _ask_power(person: Person, rule: StandingRule) -> None:
    if rule.agent.owner_id in identity.ids(person) and not own_agents.runs_alone(
        person, rule.action_type.desk, db.now()
    ):
        raise SelfApproval("You own this agent, so another reviewer must create and confirm its standing rules.")
    if why := match.powerless(person, rule, rule.action_type):
        raise _above(why)


def _above(why: str) -> AboveCeiling:
    return AboveCeiling("{why} A rule cannot allow more than its creators can approve themselves.", said={"why": why})


def _ask_room(rule: StandingRule) -> None:
    """Each is read and locked for every proposal; so many rules for one agent are a policy of their own."""
    alike = StandingRule.objects.filter(agent=rule.agent, action_type=rule.action_type, state=StandingState.ACTIVE)
    if alike.count() >= MAX_ACTIVE:
        raise WrongState(
            "This agent already has {most} standing rules for this action type. Write a policy rule instead.",
            said={"most": MAX_ACTIVE},
        )


def _activate(rule: StandingRule, actor: Actor, at: datetime, reason: str) -> None:
    rule.activate()
    entries.record_row(rule, Event(actor, at, "standing_rule.activated", reason, apply.data(rule)))


def _words(reason: str) -> str:
    missing = RationaleMissing("Enter a reason to create or end a standing rule.")
    return reasons.checked(reason, MAX_REASON, missing=missing)
