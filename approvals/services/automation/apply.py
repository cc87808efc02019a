"""Carrying out what standing rules say, and ending those that are over; in the transaction that routes. Steps."""

from collections.abc import Mapping
from datetime import datetime

from approvals.actors import Actor
from approvals.models import Action, StandingRule, Text
from approvals.queries.automation.standing_rules import sentence
from approvals.services.automation.match import RuleMatch
from approvals.services.decisions import record
from approvals.services.execution import schedule
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import stages
from approvals.states import ActionState, DecisionSource, DecisionType, StandingState


def end_all(ended: Mapping[StandingRule, str], actor: Actor, at: datetime) -> None:
    """End the locked rules that were found to be over, each for its reason."""
    for rule, why in ended.items():
        end(rule, StandingState.STOPPED, why, actor, at)


def carry_out(action: Action, word: RuleMatch, actor: Actor, at: datetime) -> None:
    """Decide the action as the standing rule says, and spend of its day; if it could not be asked, a senior looks."""
    if word.verdict is DecisionType.ESCALATE:
        _look(action, word, actor, at)
        return
    if word.use is not None:
        word.use.save(force_insert=True)
    is_grant = word.verdict is DecisionType.APPROVE
    words = None if is_grant else texts.keep_rationale(action, _to_the_agent(word.rule))
    fact = _fact(action, word, words, actor, at)
    if is_grant:
        action.approve()
    else:
        action.reject()
    action.decided_at = at
    entry = entries.record_transition(action, fact, state_from=ActionState.PROPOSED)
    target = word.rule.target_digest if is_grant else ""
    about = {"standing_rule": word.rule, "is_exception": word.is_exception, "rationale": words}
    about |= {"target_digest": target}
    record.save(record.compose(action, fact, word.verdict, DecisionSource.STANDING_RULE, **about), entry.pk)
    if is_grant:
        schedule.make_ready(action, action.revision, action.revision.digest, fact, is_person=False, target=target)


def end(rule: StandingRule, state: StandingState, why: str, actor: Actor, at: datetime) -> None:
    """End a locked rule: stopped by somebody or by what changed, or expired."""
    rule.attribute(actor.person, at, why)
    if state == StandingState.EXPIRED:
        rule.expire()
    else:
        rule.stop()
    entries.record_row(rule, Event(actor, at, f"standing_rule.{state}", why, data(rule)))


def data(rule: StandingRule) -> dict[str, object]:
    """What entries say of a rule."""
    return {
        "row": str(rule.pk),
        "verdict": str(rule.verdict),
        "action_type": rule.action_type_id,
        "agent": rule.agent_id,
        **({"client": rule.client_id} if rule.client_id is not None else {}),
        "decision": str(rule.decision_id),
        "state": str(rule.state),
    }


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
