"""What narrows a standing rule, and whether each limit makes sense. Steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from approvals.errors import Malformed
from approvals.models import Action, StandingRule
from approvals.queries.automation.standing_rules import SAMPLE_RATE
from approvals.states import StandingVerdict
from policies.engine.conditions import cel
from policies.engine.inputs import windows

MAX_LENGTH = timedelta(days=366)
MAX_PER_DAY = 10_000
MAX_AMOUNT = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What narrows a standing rule; amounts are in the currency of its action, which need not be said again.

    A denial has neither amounts nor counts: it stops whatever it fits.
    """

    expires_at: datetime
    subject: str = ""
    condition: str = ""
    max_amount: Decimal | None = None
    currency: str = ""
    count_per_day: int | None = None
    sum_per_day: Decimal | None = None
    sample_rate: float = SAMPLE_RATE


def check(rule: StandingRule, action: Action, moment: datetime) -> None:
    """Ask whether each limit of a new rule has a sensible value.

    :raises Malformed: one has none; its field is named.
    """
    if not moment < rule.expires_at <= moment + MAX_LENGTH:
        raise Malformed(
            "A standing rule must end within a year. Choose an end date between tomorrow and one year from today.",
            field="expires_at",
        )
    if not 0 <= rule.sample_rate <= 1:
        raise Malformed("The spot check rate must be between 0 and 1, for example 0.05.", field="sample_rate")
    if rule.subject and rule.subject != action.subject:
        raise Malformed(
            "A rule based on this decision must apply to the same subject or to all subjects.", field="subject"
        )
    _ask_condition(rule.condition)
    if rule.verdict == StandingVerdict.DENY:
        if (rule.max_amount, rule.count_per_day, rule.sum_per_day) != (None, None, None):
            raise Malformed(
                "A standing denial rejects every matching action, so it cannot have limits. Leave the amount and "
                "count fields empty.",
                field="max_amount",
            )
        return
    if rule.count_per_day is None or not 1 <= rule.count_per_day <= MAX_PER_DAY:
        raise Malformed(
            "Enter the maximum number of actions in 24 hours, from 1 to {most:,}.",
            said={"most": MAX_PER_DAY},
            field="count_per_day",
        )
    _ask_amounts(rule, action)


def _ask_amounts(rule: StandingRule, action: Action) -> None:
    if not action.action_type.amount_pointer:
        if rule.max_amount is not None or rule.sum_per_day is not None:
            raise Malformed("This action type has no amounts. Leave the amounts out.", field="max_amount")
        return
    if action.amount is None or not action.currency:
        raise Malformed(
            "The amount or currency of this action is unknown. Create the rule from an action that has both.",
            field="max_amount",
        )
    if rule.max_amount is None or not 0 < rule.max_amount <= MAX_AMOUNT:
        raise Malformed("Enter the maximum amount per action, above zero.", field="max_amount")
    if rule.sum_per_day is None or not rule.max_amount <= rule.sum_per_day <= MAX_AMOUNT:
        raise Malformed(
            "Enter the maximum total for 24 hours. It must be at least the maximum per action.", field="sum_per_day"
        )


def _ask_condition(condition: str) -> None:
    if not condition:
        return
    try:
        cel.compile(condition)
    except cel.ConditionFault as fault:
        raise Malformed("The condition is not valid. {fault}", said={"fault": fault}, field="condition") from fault
    if any(windows.used([condition])):
        raise Malformed(
            "A standing rule has its own limits, so its condition cannot use recent.… or first_for_subject. Remove "
            "these inputs from the condition.",
            field="condition",
        )
