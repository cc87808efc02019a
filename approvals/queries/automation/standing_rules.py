"""Standing rules: which a person may see, their descriptions, and suggested limits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from approvals.authority import memberships
from approvals.authority.visibility import reads_everything, summary
from approvals.models import Action, Decision, Membership, Person, StandingRule
from approvals.states import STOOD, DecisionType, StandingVerdict
from approvals.text.money import money

WITH = ("action_type__desk", "agent", "client", "made_by", "confirmed_by", "ended_by", "decision__action__action_type")
SOURCE = "decision__action__revision"
# What a decision's page says of its rule: whose it is, and the action that it was made from.
OF_STANDING_RULE = tuple(
    f"standing_rule__{name}"
    for name in ("made_by", "confirmed_by", "decision__action__action_type", "decision__action__revision")
)
WEEKS = 4
MAX_LOOKED_AT = 2_000
DAYS = 90
SAMPLE_RATE = 0.05
# Limits are filled in a little above what was seen, so that the next one like it fits.
_SIGNS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested limits, based on recent weeks, and a suggested end."""

    subject: str
    max_amount: Decimal | None
    currency: str
    count_per_day: int
    sum_per_day: Decimal | None
    expires_on: date
    sample_rate: float = SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Used:
    """How many actions a rule has decided, in total and recently."""

    total: int = 0
    lately: int = 0


def visible_to(person: Person) -> QuerySet[StandingRule]:
    """Return the rules of a person's desks, or all for people who may read everything."""
    rows = StandingRule.objects.select_related(*WITH, SOURCE)
    if reads_everything(person):
        return rows
    seats = Membership.objects.filter(person=person)
    return rows.filter(memberships.of_seats(seats, desk="action_type__desk"))


def made_from(person: Person, action: Action) -> Decision | None:
    """Return the person's own final decision that a standing rule can be created from."""
    mine = Decision.objects.filter(action=action, round=action.round, is_final=True, person=person)
    return (
        mine.filter(verdict__in=[DecisionType.APPROVE, DecisionType.REJECT])
        .select_related("evaluation", "revision")
        .first()
    )


def once_made_from(person: Person, action: Action) -> Decision | None:
    """Return the person's last decision on the action, undone or not, for a form that is sent too late."""
    mine = Decision.objects.filter(action=action, person=person)
    decided = mine.filter(verdict__in=[DecisionType.APPROVE, DecisionType.REJECT])
    return decided.select_related("evaluation", "revision").order_by("-id").first()


def sentence(rule: StandingRule) -> str:
    """Describe a rule, for example: standing rule of Ann Lee, created on 2026-03-02."""
    by = str(rule.made_by)
    if rule.confirmed_by:
        by = _("%(one)s and %(two)s") % {"one": by, "two": rule.confirmed_by}
    return _("standing rule created by %(by)s on %(on)s") % {"by": by, "on": f"{rule.made_at:%Y-%m-%d}"}


def origin(rule: StandingRule) -> str:
    """Describe a rule with the action that it was created from."""
    return _("%(rule)s, created from “%(action)s”") % {"rule": sentence(rule), "action": summary(rule.decision.action)}


def limits(rule: StandingRule) -> list[str]:
    """Return the rule's limits in words."""
    said = [_("client: %s") % rule.client] if rule.client is not None else []
    said += [_("subject: %s") % rule.subject] if rule.subject else []
    said += [_("condition: %s") % rule.condition] if rule.condition else []
    if rule.verdict == StandingVerdict.APPROVE:
        said += (
            [_("maximum per action: %s") % money(rule.max_amount, rule.currency)] if rule.max_amount is not None else []
        )
        said += [_("maximum actions in 24 hours: %d") % rule.count_per_day] if rule.count_per_day is not None else []
        said += (
            [_("maximum total in 24 hours: %s") % money(rule.sum_per_day, rule.currency)]
            if rule.sum_per_day is not None
            else []
        )
    return [*said, _("until %s") % f"{rule.expires_at:%Y-%m-%d}"]


def used(rules: Iterable[StandingRule], since: datetime) -> dict[Any, Used]:
    """Return how many actions each rule has decided, in total and since a time."""
    lately = Q(at__gte=since)
    rows = Decision.objects.filter(standing_rule__in=[rule.pk for rule in rules]).order_by().values("standing_rule")
    counted = rows.annotate(total=Count("pk"), lately=Count("pk", filter=lately))
    return {rule: Used(total, some) for rule, total, some in counted.values_list("standing_rule", "total", "lately")}


def suggested(action: Action, now: datetime, ceiling: Decimal | None = None) -> Suggestion:
    """Return limits that would have covered the similar actions approved in the past four weeks, rounded up.

    `ceiling` is the person's own ceiling, which the limit per action cannot exceed.
    """
    most = _rounded(action.amount) if action.amount is not None and action.action_type.amount_pointer else None
    if most is not None and ceiling is not None:
        most = min(most, ceiling)
    counts, sums = _days(action, now, most)
    count = max([*counts, 1])
    total = min(_rounded(max([*sums, most])), most * count) if most is not None else None
    return Suggestion(
        subject=action.subject,
        max_amount=most,
        currency=action.currency if most is not None else "",
        count_per_day=count,
        sum_per_day=total,
        expires_on=(now + timedelta(days=DAYS)).date(),
    )


def _days(action: Action, now: datetime, most: Decimal | None) -> tuple[list[int], list[Decimal]]:
    """Return the daily counts and sums of similar approved actions up to `most`."""
    alike = Action.objects.filter(
        agent=action.agent,
        action_type=action.action_type,
        desk=action.desk,
        normalized_subject=action.normalized_subject,
        state__in=STOOD,
        currency=action.currency,
    )
    alike = alike.filter(client__isnull=True) if action.client_id is None else alike.filter(client=action.client_id)
    if most is not None:
        alike = alike.filter(amount__range=(0, most))
    recent = alike.filter(created_at__gte=now - timedelta(weeks=WEEKS)).order_by("-id")
    counts: dict[date, int] = defaultdict(int)
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for created_at, amount in recent.values_list("created_at", "amount")[:MAX_LOOKED_AT]:
        counts[created_at.date()] += 1
        sums[created_at.date()] += abs(amount or Decimal(0))
    return list(counts.values()), list(sums.values())


def _rounded(amount: Decimal) -> Decimal:
    """The amount rounded up to two significant digits: 717.97 becomes 720."""
    size = abs(amount)
    if not size:
        return Decimal(0)
    step = Decimal(1).scaleb(size.adjusted() - _SIGNS + 1)
    return ((size / step).to_integral_value(ROUND_CEILING) * step).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
