"""What standing rules say of an action that is being routed, and carrying it out in the transaction that routes. Steps.

A rule is asked under its row's lock, so that of many proposals at once no two see the same room in its day. Whatever
it was made under and is no longer so ends it here; what cannot be asked never lets anything run.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from approvals.actors import Actor, Door
from approvals.authority import own_agents, powers
from approvals.db import database_now
from approvals.models import Action, ActionType, Decision, Membership, Person, StandingRule, StandingUse, Text
from approvals.queries.automation import allowances
from approvals.queries.automation.standing_rules import sentence
from approvals.services.execution import schedule
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import stages
from approvals.services.policy import counters, evaluate
from approvals.states import ActionState, DecisionSource, DecisionType, StandingState, StandingVerdict
from approvals.text import normalize
from policies.engine.conditions import cel
from policies.engine.conditions.cel import Match
from policies.engine.evaluation import bypass
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """What a standing rule says: approve or reject; to escalate where it could not be asked and a person must look."""

    rule: StandingRule
    verdict: DecisionType
    is_exception: bool = False


def match_rules(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> RuleMatch | None:
    """What the standing rules say of a locked action that was just ruled on, or None: then the evaluation stands.

    One statement where the kind of action and the agent have no rule. A denial comes before any approval.
    """
    # A standing denial of publications would also deny the one that repairs what is wrong.
    if evaluation.outcome is Route.BLOCK or action.action_type.is_publication:
        return None
    rules = _in_force(action)
    if not rules:
        return None
    moment = at if actor.door == Door.DEMO else database_now()
    living = [rule for rule in rules if rule.expires_at > moment and _is_about(rule, action)]
    ended = {rule.pk for rule in living if end_if_changed(rule, action.action_type, _digests(evaluation), actor, at)}
    denials = [rule for rule in living if rule.verdict == StandingVerdict.DENY]
    if word := _denial(denials, ended, action, evaluation, at):
        # Where policy asks people anyway, its own plan stands: it may ask for more than a standing rule knows of.
        return word if word.verdict is DecisionType.REJECT or evaluation.outcome is Route.AUTO else None
    grants = [rule for rule in living if rule.verdict == StandingVerdict.APPROVE and rule.pk not in ended]
    return _approval(grants, action, evaluation, actor, at, moment)


def carry_out(action: Action, word: RuleMatch, actor: Actor, at: datetime) -> None:
    """Decide the action as the standing rule says; where the rule could not be asked, a senior looks."""
    if word.verdict is DecisionType.ESCALATE:
        _look(action, word, actor, at)
        return
    is_grant = word.verdict is DecisionType.APPROVE
    words = None if is_grant else texts.keep_rationale(action, _to_the_agent(word.rule))
    fact = _fact(action, word, words, actor, at)
    if is_grant:
        action.approve()
    else:
        action.reject()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    _decide(action, word, words, fact, entry.pk)
    if is_grant:
        target = word.rule.target_digest
        schedule.make_ready(action, action.revision, action.revision.digest, fact, is_person=False, target=target)


def end(rule: StandingRule, state: StandingState, why: str, actor: Actor, at: datetime) -> None:
    """End a locked rule: stopped by somebody or by what changed, or expired."""
    rule.attribute(actor.person, at, why)
    if state == StandingState.EXPIRED:
        rule.expire()
    else:
        rule.stop()
    entries.record_row(rule, Event(actor, at, f"standing_rule.{state}", why, data(rule)))


def end_if_changed(rule: StandingRule, kind: ActionType, policies: Iterable[str], actor: Actor, at: datetime) -> bool:
    """End a locked rule whose agent, kind of action or policies are no longer what it was made under."""
    why = changed(rule, kind, policies)
    if why:
        end(rule, StandingState.STOPPED, why, actor, at)
    return bool(why)


def changed(rule: StandingRule, kind: ActionType, policies: Iterable[str]) -> str:
    """What has changed since the rule was made, in a sentence; nothing where all is as it was."""
    if rule.agent_version != rule.agent.version:
        return f"The agent version changed from {rule.agent_version or '(none)'} to {rule.agent.version or '(none)'}."
    if rule.type_version != kind.version:
        return "The schema of this action type has changed."
    if rule.target_digest != schedule.target_digest(kind):
        return "The execution or risk settings of this action type have changed."
    if sorted(item["digest"] for item in rule.policies) != sorted(policies):
        return "The policy in force has changed."
    return ""


def powerless(person: Person, rule: StandingRule, kind: ActionType) -> str:
    """Why this person may not decide what the rule decides, in a sentence; nothing where she may."""
    member = Membership.objects.filter(person=person, desk_id=kind.desk_id).first()
    if member is None or not person.is_active:
        return f"{person} is not a reviewer of {kind.desk}."
    if rule.verdict == StandingVerdict.DENY:
        return ""
    if not member.is_within_stakes(kind.stakes):
        return f"The stakes ({kind.get_stakes_display()}) are above the limit of {person}."
    if rule.max_amount is not None and not member.is_within_ceiling(rule.max_amount, rule.currency):
        return f"The rule’s limit is above the ceiling of {person}."
    if rule.agent.owner_id == person.pk and not own_agents.runs_alone(person, kind.desk, database_now()):
        return f"{person} owns the agent."
    return ""


def data(rule: StandingRule) -> dict[str, object]:
    """What entries say of a rule."""
    return {
        "row": str(rule.pk),
        "verdict": str(rule.verdict),
        "action_type": rule.action_type_id,
        "agent": rule.agent_id,
        "decision": str(rule.decision_id),
        "state": str(rule.state),
    }


def is_drawn(salt: str, action_id: uuid.UUID, rate: float) -> bool:
    """Whether this action is in the sample: the same answer for ever, and nothing that a proposal says changes it."""
    drawn = hashlib.sha256(f"{salt}:{action_id}".encode()).digest()
    return int.from_bytes(drawn[:8]) < rate * 2**64


def _in_force(action: Action) -> list[StandingRule]:
    rows = StandingRule.objects.select_for_update(of=("self",)).filter(
        action_type_id=action.action_type_id, agent_id=action.agent_id, state=StandingState.ACTIVE
    )
    rules = list(rows.order_by("id"))
    for rule in rules:
        rule.agent, rule.action_type = action.agent, action.action_type
    return rules


def _is_about(rule: StandingRule, action: Action) -> bool:
    if not rule.subject:
        return True
    if rule.verdict == StandingVerdict.APPROVE:
        return rule.subject == action.subject
    # Another spelling must not get somebody past a denial.
    return normalize.subject(rule.subject) == normalize.subject(action.subject)


def _denial(
    rules: Sequence[StandingRule], ended: set[uuid.UUID], action: Action, evaluation: Evaluation, at: datetime
) -> RuleMatch | None:
    found: RuleMatch | None = None
    for rule in rules:
        match = Match.ERROR if rule.pk in ended else _meets(rule, action, evaluation, at)
        if match is Match.YES:
            return RuleMatch(rule, DecisionType.REJECT)
        if match is Match.ERROR:
            found = RuleMatch(rule, DecisionType.ESCALATE)
    return found


def _approval(
    rules: Sequence[StandingRule], action: Action, evaluation: Evaluation, actor: Actor, at: datetime, moment: datetime
) -> RuleMatch | None:
    kind = action.action_type
    if action.halt_id is not None:
        return None
    for rule in rules:
        fits = bypass.lets_pass(evaluation, rule.waives, reversibility=kind.reversibility, stakes=kind.stakes)
        if not fits or not _is_small(rule, action) or _meets(rule, action, evaluation, at) is not Match.YES:
            continue
        if (
            _ends_with_its_people(rule, actor, at, moment)
            or _is_theirs(rule, action)
            or not _has_room(rule, action, moment)
        ):
            continue
        StandingUse.of(rule, action, moment).save(force_insert=True)
        return RuleMatch(rule, DecisionType.APPROVE, is_exception=powers.is_exception(rule.made_by, action))
    return None


def _is_small(rule: StandingRule, action: Action) -> bool:
    """Whether it is within the limit for one; what pays nobody back is another thing than what pays."""
    if rule.max_amount is None:
        return not action.action_type.amount_pointer
    is_same = action.currency == rule.currency and action.amount is not None
    return is_same and action.amount is not None and 0 <= action.amount <= rule.max_amount


def _meets(rule: StandingRule, action: Action, evaluation: Evaluation, at: datetime) -> Match:
    if not rule.condition:
        return Match.YES
    facts = evaluate.facts_of(action, action.action_type, action.agent, action.revision.payload, at)
    judged = replace(facts, score=evaluation.score, flags=evaluation.flags, counted=counters.kept(action))
    try:
        return cel.evaluate(cel.compile(rule.condition), judged).match
    except cel.ConditionFault:
        # A later release may refuse what an earlier one took.
        return Match.ERROR


def _ends_with_its_people(rule: StandingRule, actor: Actor, at: datetime, moment: datetime) -> bool:
    people = [rule.made_by, *([rule.confirmed_by] if rule.confirmed_by else [])]
    why = next(filter(None, (powerless(person, rule, rule.action_type) for person in people)), "")
    if not why and allowances.is_overdrawn(rule, rule.action_type, moment):
        why = f"The rules of {people[-1]} together exceed their current 24-hour limit."
    if why:
        end(rule, StandingState.STOPPED, why, actor, at)
    return bool(why)


def _is_theirs(rule: StandingRule, action: Action) -> bool:
    """Whether its people asked for this very action: a rule of one's own is no way around somebody else's eyes."""
    people = [rule.made_by, *([rule.confirmed_by] if rule.confirmed_by else [])]
    return any(powers.is_own(person, action) and not powers.is_exception(person, action) for person in people)


def _has_room(rule: StandingRule, action: Action, moment: datetime) -> bool:
    lately = StandingUse.objects.filter(rule=rule, at__gt=moment - DAY).aggregate(n=Count("pk"), total=Sum("amount"))
    if rule.count_per_day is None or lately["n"] + 1 > rule.count_per_day:
        return False
    return rule.sum_per_day is None or (lately["total"] or 0) + (action.amount or 0) <= rule.sum_per_day


def _fact(action: Action, word: RuleMatch, words: Text | None, actor: Actor, at: datetime) -> Event:
    is_grant = word.verdict is DecisionType.APPROVE
    said = f"{'Approved' if is_grant else 'Rejected'} by the {sentence(word.rule)}"
    told = {
        "revision": action.revision.number,
        "digest": action.revision.digest,
        "evaluation": action.evaluation.digest if action.evaluation else None,
        "standing_rule": str(word.rule.pk),
        "rationale": words.digest if words else None,
    }
    return Event(actor, at, "decision.approved" if is_grant else "decision.rejected", said, told)


def _decide(action: Action, word: RuleMatch, words: Text | None, fact: Event, entry_id: uuid.UUID) -> None:
    Decision.objects.create(
        action=action,
        round=action.round,
        revision=action.revision,
        digest=action.revision.digest,
        evaluation=action.evaluation,
        verdict=word.verdict,
        source=DecisionSource.STANDING_RULE,
        standing_rule=word.rule,
        door=fact.actor.door,
        is_final=True,
        is_exception=word.is_exception,
        rationale=words,
        at=fact.at,
        entry_id=entry_id,
    )


def _digests(evaluation: Evaluation) -> list[str]:
    return [policy.digest for policy in evaluation.policies]


def _to_the_agent(rule: StandingRule) -> str:
    until = f"{rule.expires_at:%Y-%m-%d}"
    return f"A standing rule rejects this until {until}. Do not propose it again before then. Reason: {rule.reason}"


def _look(action: Action, word: RuleMatch, actor: Actor, at: datetime) -> None:
    said = "Sent to a senior reviewer because a standing denial ended or could not be applied"
    fact = Event(actor, at, "action.routed", said, {"standing_rule": str(word.rule.pk)})
    stage = stages.open_again(action, None, fact)
    action.queue()
    entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    queue.notify(action, stage, fact)
