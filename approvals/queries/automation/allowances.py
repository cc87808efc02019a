"""Daily allowances for standing rules: a multiple of what a person may decide at once.

1. A rule's daily total is its 24-hour sum, or its count times its maximum amount if that is less.
2. A person can create a rule alone if all their rules of this type and currency stay within one ceiling of theirs, or
   within as many as the action type says.
3. Beyond that, a second person confirms the rule and is then responsible for it, within their own allowance.
4. An active rule must stay within the current allowance of the responsible person: the confirmer, or else the creator.

Rules without amounts have no total, and memberships without ceilings have no allowance. Neither is limited here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from approvals.authority import memberships
from approvals.models import ActionType, Person, StandingRule, StandingUse
from approvals.states import StandingState, StandingVerdict

# So many decisions a day of a rule is worth at most, where the action type does not say how many; alone, one.
DECISIONS = 10
ALONE = 1
DAY = timedelta(hours=24)
UNBOUNDED = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A person's daily allowance for standing rules, and how much of it other rules use."""

    most: Decimal
    taken: Decimal
    alone: Decimal

    @property
    def is_bounded(self) -> bool:
        """Return whether the allowance has a limit."""
        return self.most != UNBOUNDED

    def holds(self, daily: Decimal) -> bool:
        """Return whether another daily total stays within the allowance."""
        return self.taken + daily <= self.most

    def holds_alone(self, daily: Decimal) -> bool:
        """Return whether another daily total needs no second person."""
        return self.taken + daily <= self.alone


def daily(rule: StandingRule) -> Decimal:
    """Return the maximum total of a rule in 24 hours; None for rules without amounts."""
    if rule.verdict == StandingVerdict.DENY or rule.max_amount is None:
        return Decimal(0)
    by_count = UNBOUNDED if rule.count_per_day is None else rule.count_per_day * rule.max_amount
    return min(by_count, UNBOUNDED if rule.sum_per_day is None else rule.sum_per_day)


def of(person: Person, kind: ActionType, client: int | None, currency: str, moment: datetime) -> Allowance:
    """Return a person's allowance for a client or for none, next to all rules for it that they made or confirmed."""
    theirs = Q(made_by=person) | Q(confirmed_by=person)
    rules = _alike(kind, client, currency).filter(theirs)
    in_force = Q(state=StandingState.ACTIVE, expires_at__gt=moment)
    # What was stopped has let run what it has: making it again begins no new day.
    ended = StandingUse.objects.filter(rule__in=rules.exclude(in_force).values("pk"), at__gt=moment - DAY)
    spent = ended.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    ceiling = _ceiling(person, kind, client, currency)
    return Allowance(
        ceiling * decisions(kind), _sum(rules.filter(in_force)) + spent, alone=ceiling * decisions_alone(kind)
    )


def is_overdrawn(
    rule: StandingRule, kind: ActionType, moment: datetime, *, without: Collection[StandingRule] = ()
) -> bool:
    """Whether a rule in force lets more run, with the others that its person answers for, than they may let run now.

    ``without`` are rules that end at this very moment, though the record does not say so yet.
    """
    if not daily(rule):
        return False
    person = rule.confirmed_by or rule.made_by
    most = _ceiling(person, kind, rule.client_id, rule.currency) * decisions(kind)
    if most == UNBOUNDED:
        return False
    answered = Q(confirmed_by=person) | Q(made_by=person, confirmed_by__isnull=True)
    rules = _alike(kind, rule.client_id, rule.currency).filter(
        answered, state=StandingState.ACTIVE, expires_at__gt=moment
    )
    return _sum(each for each in rules if each not in without) > most


def decisions(kind: ActionType) -> int:
    """Return how many of its creator's decisions one day of a standing rule equals."""
    return DECISIONS if kind.standing_decisions is None else kind.standing_decisions


def decisions_alone(kind: ActionType) -> int:
    """Return how many of its creator's decisions one day of a standing rule may equal without a second person."""
    return ALONE if kind.standing_decisions is None else kind.standing_decisions


def _alike(kind: ActionType, client: int | None, currency: str) -> QuerySet[StandingRule]:
    rules = StandingRule.objects.filter(action_type=kind, currency=currency, verdict=StandingVerdict.APPROVE)
    return rules.filter(client=client) if client is not None else rules.filter(client__isnull=True)


def _ceiling(person: Person, kind: ActionType, client: int | None, currency: str) -> Decimal:
    member = memberships.at(person, kind.desk_id, client)
    if member is None:
        return Decimal(0)
    if not member.ceilings:
        return UNBOUNDED
    return Decimal(member.ceilings.get(currency, 0))


def _sum(rules: Iterable[StandingRule]) -> Decimal:
    return sum((daily(rule) for rule in rules), Decimal(0))
