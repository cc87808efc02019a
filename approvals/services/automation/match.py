"""What standing rules say of an action that is being routed. It locks rules, and changes nothing.

A rule is asked under its row's lock, so that of many proposals at once no two see the same room in its day. What it
was made under and is no longer so ends it; what cannot be asked never lets anything run. `apply` writes both down.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Sum

from approvals import asked, conf
from approvals.actors import Actor
from approvals.authority import conflicts, daily, identity, memberships, own_agents
from approvals.db import moment_for
from approvals.models import Action, ActionType, Membership, Person, StandingRule, StandingUse
from approvals.queries.automation import allowances
from approvals.services import locks
from approvals.services.execution import schedule
from approvals.services.policy import budgets, evaluate
from approvals.states import DecisionType, StandingState, StandingVerdict
from approvals.text import normalize
from policies import db
from policies.compiled import Among, Compiled
from policies.engine.conditions import cel
from policies.engine.conditions.cel import Match
from policies.engine.evaluation import bypass
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route

_NUMBERS = BigIntegerField()
_ACTIVE: Compiled[StandingRule] = Compiled(
    lambda: (
        StandingRule.objects.select_for_update(no_key=True)
        .filter(Among("action_type_id", "types", _NUMBERS), Among("agent_id", "agents", _NUMBERS))
        .filter(state=StandingState.ACTIVE)
        .order_by("id")
    )
)


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """What a standing rule says: approve or reject; to escalate where it could not be asked and a person must look.

    ``use`` is what an approval spends of the rule's day, not saved yet.
    """

    rule: StandingRule
    verdict: DecisionType
    is_exception: bool = False
    use: StandingUse | None = None


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What all standing rules say together: the one that decides, if any, and those that end, each with its reason."""

    match: RuleMatch | None = None
    ended: Mapping[StandingRule, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """What rules are asked about, and when: by the record's clock, and by the database's."""

    action: Action
    evaluation: Evaluation
    at: datetime
    moment: datetime


def match_rules(action: Action, evaluation: Evaluation, actor: Actor, at: datetime) -> RuleFindings:
    """What the standing rules say of a locked action that was just ruled on; where none matches, the evaluation stands.

    It costs one statement where the kind of action and the agent have no rule. In this order:

    1. What policy blocks, and the publication of a policy, no rule is asked about.
    2. A rule whose time is over, or that is about another client or subject, is passed over.
    3. A rule whose agent, kind of action or policies have changed ends.
    4. A denial that fits rejects.
    5. A denial that ended just now, or whose condition errs, sends to a person what would have run by itself.
    6. Under a halt no approval is asked.
    7. An approval that fits ends if its people may no longer make it; else it approves what is not theirs while its
       day has room. The first one does.
    """
    # A standing denial of publications would also deny the one that repairs what is wrong.
    if evaluation.outcome is Route.BLOCK or action.action_type.is_built_in:
        return RuleFindings()
    if asked.known(_no_rule(action)):
        return RuleFindings()
    rules = _locked_in_force(action)
    if not rules:
        return RuleFindings()
    case = _Case(action, evaluation, at, moment_for(actor, at))
    living = [rule for rule in rules if rule.expires_at > case.moment and _is_about(rule, action)]
    digests = [policy.digest for policy in evaluation.policies]
    ended = {rule: why for rule in living if (why := changed(rule, action.action_type, digests))}
    denials = [rule for rule in living if rule.verdict == StandingVerdict.DENY]
    if word := _denial(denials, ended, case):
        # Where policy asks people anyway, its own plan stands: it may ask for more than a standing rule knows of.
        is_heard = word.verdict is DecisionType.REJECT or evaluation.outcome is Route.AUTO
        return RuleFindings(word if is_heard else None, ended)
    grants = [rule for rule in living if rule.verdict == StandingVerdict.APPROVE and rule not in ended]
    return RuleFindings(None, ended) if locks.halt_of(action) is not None else _approval(grants, ended, case)


def lock_ahead(actions: Iterable[Action]) -> bool:
    """Lock the rules of all of these actions in one order, so that no two batches wait in a circle; a step.

    Returns whether there was any to lock, and so to wait for.
    """
    by_pair = {(action.action_type_id, action.agent_id): action for action in actions}
    types, agents = ({pair[place] for pair in by_pair} for place in (0, 1))
    found = {(rule.action_type_id, rule.agent_id) for rule in _ACTIVE.all(types=types, agents=agents)}
    for pair in by_pair.keys() - found:
        asked.ahead(_no_rule(by_pair[pair]), answer=True)
    return bool(found)


def _no_rule(action: Action) -> tuple[str, int, int]:
    return "no standing rule", action.action_type_id, action.agent_id


def changed(rule: StandingRule, kind: ActionType, policies: Iterable[str]) -> str:
    """What has changed since the rule was made, in a sentence; nothing where all is as it was."""
    if not all(row.is_sealed for row in (rule, rule.agent, kind)):
        return "The rule, its agent or its action type was changed outside HITL."
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
    member = memberships.at(person, kind.desk_id, rule.client_id)
    if member is None and memberships.has_left(person):
        return f"{person} is no longer active in the directory."
    if member is None:
        return f"{person} is not a reviewer at {kind.desk}."
    if rule.verdict == StandingVerdict.DENY:
        return ""
    if not member.is_within_stakes(kind.stakes):
        return f"The stakes ({kind.get_stakes_display()}) are above the limit of {person}."
    if rule.max_amount is not None and not member.is_within_ceiling(rule.max_amount, rule.currency):
        return f"The rule’s limit is above the ceiling of {person}."
    if why := _above_daily(member, rule):
        return why
    if rule.agent.owner_id in identity.ids(person) and not own_agents.runs_alone(person, kind.desk, db.now()):
        return f"{person} owns the agent."
    return ""


def above_daily(person: Person, rule: StandingRule, kind: ActionType) -> str:
    """Why a day of the rule is more than this person may let run in a day, in a sentence; nothing where it is not."""
    member = memberships.at(person, kind.desk_id, rule.client_id)
    return _above_daily(member, rule) if member is not None else ""


def _above_daily(member: Membership, rule: StandingRule) -> str:
    total = allowances.daily(rule)
    # What an amount in another currency is worth on a day is asked at each use.
    worth = total if rule.currency == conf.base_currency() else None
    if rule.max_amount is None or member.is_within_daily(total, rule.currency, worth):
        return ""
    return f"The rule’s 24-hour total is above the daily ceiling of {member.person}."


def _locked_in_force(action: Action) -> list[StandingRule]:
    rows = StandingRule.objects.select_for_update(of=("self",), no_key=True).filter(
        action_type_id=action.action_type_id, agent_id=action.agent_id, state=StandingState.ACTIVE
    )
    people = Q(person=OuterRef("made_by")) | Q(person=OuterRef("confirmed_by"))
    seats = Membership.objects.filter(people, memberships.for_client(action.client_id))
    daily_seats = seats.filter(desk_id=action.action_type.desk_id).exclude(daily_ceilings={})
    rules: list[StandingRule] = list(rows.annotate(has_daily=Exists(daily_seats)).order_by("id"))
    for rule in rules:
        rule.agent, rule.action_type = action.agent, action.action_type
    return rules


def _is_about(rule: StandingRule, action: Action) -> bool:
    if rule.client_id != action.client_id:
        return False
    if not rule.subject:
        return True
    if rule.verdict == StandingVerdict.APPROVE:
        return rule.subject == action.subject
    # Another spelling must not get somebody past a denial.
    return normalize.subject(rule.subject) == normalize.subject(action.subject)


def _denial(rules: Sequence[StandingRule], ended: Mapping[StandingRule, str], case: _Case) -> RuleMatch | None:
    found: RuleMatch | None = None
    for rule in rules:
        match = Match.ERROR if rule in ended else _meets(rule, case)
        if match is Match.YES:
            return RuleMatch(rule, DecisionType.REJECT)
        if match is Match.ERROR:
            found = RuleMatch(rule, DecisionType.ESCALATE)
    return found


def _approval(rules: Sequence[StandingRule], ended: Mapping[StandingRule, str], case: _Case) -> RuleFindings:
    over = dict(ended)
    for rule in rules:
        if not _fits(rule, case):
            continue
        if why := _ends_with_its_people(rule, over, case.moment):
            over[rule] = why
        elif _lets_run(rule, case):
            is_exception = conflicts.is_exception(rule.made_by, case.action)
            use = StandingUse.of(rule, case.action, case.moment)
            return RuleFindings(RuleMatch(rule, DecisionType.APPROVE, is_exception, use), over)
    return RuleFindings(None, over)


def _lets_run(rule: StandingRule, case: _Case) -> bool:
    """Whether the action is nobody's of its people, and each limit of theirs and of the rule holds one more."""
    action = case.action
    is_in_reach = not _is_theirs(rule, action) and _has_room(rule, action, case.moment) and _is_in_reach(rule, action)
    return is_in_reach and _has_daily_room(rule, action)


def _has_daily_room(rule: StandingRule, action: Action) -> bool:
    """Whether the daily ceilings of its people hold one more, next to what they approved themselves; they are held."""
    if rule.max_amount is None or action.amount is None or not vars(rule).get("has_daily"):
        return True
    seats = _seats(rule, action)
    daily.lock(seats)
    amount = (action.amount, action.currency, action.amount_base)
    return all(daily.holds(seat, seat.person, *amount, besides=action) for seat in seats.select_related("person"))


def _fits(rule: StandingRule, case: _Case) -> bool:
    kind = case.action.action_type
    passes = bypass.lets_pass(case.evaluation, rule.waives, reversibility=kind.reversibility, stakes=kind.stakes)
    return passes and _is_small(rule, case.action) and _meets(rule, case) is Match.YES


def _is_small(rule: StandingRule, action: Action) -> bool:
    """Whether it is within the limit for one; what pays nobody back is another thing than what pays."""
    if rule.max_amount is None:
        return not action.action_type.amount_pointer
    is_same = action.currency == rule.currency and action.amount is not None
    return is_same and action.amount is not None and 0 <= action.amount <= rule.max_amount


def _meets(rule: StandingRule, case: _Case) -> Match:
    if not rule.condition:
        return Match.YES
    action, evaluation = case.action, case.evaluation
    facts = evaluate.facts_of(action, action.action_type, action.agent, action.revision.payload, case.at)
    judged = replace(facts, score=evaluation.score, flags=evaluation.flags, counted=budgets.kept(action))
    try:
        return cel.evaluate(cel.compile(rule.condition), judged).match
    except cel.ConditionFault:
        # A later release may refuse what an earlier one took.
        return Match.ERROR


def _ends_with_its_people(rule: StandingRule, ended: Collection[StandingRule], moment: datetime) -> str:
    """Why the people who made a rule may not make it now, in a sentence; nothing where they may."""
    people = _people(rule)
    why = next(filter(None, (powerless(person, rule, rule.action_type) for person in people)), "")
    if not why and allowances.is_overdrawn(rule, rule.action_type, moment, without=ended):
        return f"The rules of {people[-1]} together exceed their current 24-hour limit."
    return why


def _is_theirs(rule: StandingRule, action: Action) -> bool:
    """Whether its people asked for this very action: a rule of one's own is no way around somebody else's eyes."""
    return any(
        conflicts.is_own(person, action) and not conflicts.is_exception(person, action) for person in _people(rule)
    )


def _is_in_reach(rule: StandingRule, action: Action) -> bool:
    """Whether its people may decide what an amount in another currency is worth today; if not, a person looks."""
    if not action.action_type.amount_pointer or action.currency == conf.base_currency():
        return True
    members = _seats(rule, action)
    return all(member.is_within_ceiling(action.amount, action.currency, action.amount_base) for member in members)


def _seats(rule: StandingRule, action: Action) -> QuerySet[Membership]:
    """The memberships by which its people answer for it at the action's desk, for its client."""
    seats = memberships.in_force().filter(memberships.for_client(action.client_id), person__in=_people(rule))
    return seats.filter(desk_id=action.action_type.desk_id)


def _has_room(rule: StandingRule, action: Action, moment: datetime) -> bool:
    lately = StandingUse.objects.filter(rule=rule, at__gt=moment - allowances.DAY).aggregate(
        n=Count("pk"), total=Sum("amount")
    )
    if rule.count_per_day is None or lately["n"] + 1 > rule.count_per_day:
        return False
    return rule.sum_per_day is None or (lately["total"] or 0) + (action.amount or 0) <= rule.sum_per_day


def _people(rule: StandingRule) -> list[Person]:
    """Who answers for a rule: its maker, and whoever confirmed it."""
    return [rule.made_by, *([rule.confirmed_by] if rule.confirmed_by else [])]
