"""What the page asks at the moment it is opened: what the amount is worth today, and whether the requester is known."""

from dataclasses import dataclass
from datetime import datetime

from approvals import conf
from approvals.models import Action
from approvals.queries.directory import calendars, requesters
from approvals.services.policy import evaluate, rates
from approvals.services.policy.rates import Rate
from approvals.states import OPEN
from approvals.text import money
from policies.words import in_words


@dataclass(frozen=True, slots=True)
class Today:
    """The worth in base currency with its rate, marks that are new, and whether the requester is nobody we know."""

    worth: str = ""
    rate: Rate | None = None
    marks: tuple[tuple[str, str, str], ...] = ()
    is_requester_unknown: bool = False


def of(action: Action, now: datetime) -> Today:
    """What holds of an action today; its worth is set on it, so that ceilings are asked of that. Writes nothing."""
    is_unknown = bool(action.on_behalf_of) and not requesters.is_known(action)
    if action.state not in OPEN or action.amount is None or action.currency in ("", conf.base_currency()):
        return Today(is_requester_unknown=is_unknown)
    evaluate.update_worth(action, now)
    rate = rates.latest(action.currency, calendars.day_at(action.desk, now))
    told = {flag["code"] for flag in action.flags}
    fresh = [flag for flag in evaluate.stale_rate(action, now) if flag.code not in told]
    worth = money.money(action.amount_base, conf.base_currency())
    return Today(worth, rate, tuple((flag.pointer, flag.code, in_words(flag.said)) for flag in fresh), is_unknown)
