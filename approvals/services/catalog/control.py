"""What of the configuration decides how actions are judged, who is asked and where they go; and what tightens it.

These tables are closed: a field that stands in none of them waits for a second person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model

from approvals.models import ActionType, Agent, Client, FlowLimit, Membership, Person
from approvals.models.action_types import CONTROL_DESK
from approvals.models.flow import FAILURES, PAUSE
from approvals.queries.automation.allowances import DECISIONS
from approvals.queries.automation.standing_rules import SAMPLE_RATE
from approvals.states import Ends, Mode, Reversibility, Stakes, StandingRuleApprovers

Tightens = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Table:
    """How one model is controlled.

    ``key`` names a row in every database. ``derived`` follows from other fields, ``harmless`` decides nothing, and
    ``tightens`` says of a field whether a change from one value to another takes effect at once. Of a table that
    ``is_harmless`` nothing ever waits or needs a review: it is controlled so that a change of several rows can hold it.
    """

    key: tuple[str, ...]
    derived: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()
    tightens: Mapping[str, Tightens] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    is_harmless: bool = False
    is_harmless_when_new: Callable[[Any], bool] = lambda row: False
    is_tighter_without: Callable[[Any], bool] = lambda row: False


def _up(*order: str) -> Tightens:
    """The later value is the stricter one."""
    return lambda before, after: order.index(after) > order.index(before)


def _off(before: Any, after: Any) -> bool:
    return before is True and after is False


def _on(before: Any, after: Any) -> bool:
    return before is False and after is True


def _more(default: float) -> Tightens:
    return lambda before, after: (default if after is None else after) > (default if before is None else before)


def _less(default: float) -> Tightens:
    return lambda before, after: (default if after is None else after) < (default if before is None else before)


def _fewer(before: Any, after: Any) -> bool:
    """Only taken away from, such as groups."""
    return len(after) < len(before) and all(each in before for each in after)


def _wider(before: Any, after: Any) -> bool:
    """Only added to, such as the fields that automation requires."""
    return _fewer(after or [], before or [])


def _stricter_mode(before: Any, after: Any) -> bool:
    """The first mode automates the least; an agent without one leaves it to the action type."""
    modes = list(Mode.values)
    return bool(after) and (not before or modes.index(after) < modes.index(before))


def _harder_standing_rules(before: int | None, after: int | None) -> bool:
    """One reviewer, which nothing stands for too, then two, then no rule at all."""
    order = [StandingRuleApprovers.ONE, StandingRuleApprovers.TWO, StandingRuleApprovers.NEVER]
    was, now = (
        StandingRuleApprovers.ONE if value is None else StandingRuleApprovers(value) for value in (before, after)
    )
    return order.index(now) > order.index(was)


def _lower_ceilings(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """No ceiling is lifted or raised; a membership without any has no limit, so the first one tightens."""
    if not before:
        return bool(after)
    return (
        bool(after)
        and all(name in after and Decimal(after[name]) <= Decimal(amount) for name, amount in before.items())
        and set(after) == set(before)
    )


def _first(before: Any, after: Any) -> bool:
    """No value is no restriction."""
    return before is None and after is not None


def _lower(before: int | None, after: int | None) -> bool:
    """No value is no limit."""
    return after is not None and (before is None or after < before)


def _opens_sooner(before: int, after: int) -> bool:
    """No failures at all switch a breaker off."""
    return after != 0 and (before == 0 or after < before)


def _only_limits(limit: FlowLimit) -> bool:
    """Whether a new row lets nothing through that was held back: neither by the default nor by the connector's row."""
    is_strict = 0 < limit.breaker_failures <= FAILURES and limit.breaker_pause >= PAUSE
    return is_strict and not (limit.host and FlowLimit.objects.filter(connector=limit.connector, host="").exists())


def _always_asks(kind: ActionType) -> bool:
    return kind.mode in (Mode.IN_COMMAND, Mode.IN_THE_LOOP)


def _grants_nothing(person: Person) -> bool:
    return not (person.is_staff or person.is_superuser)


def _names_nobody(client: Client) -> bool:
    """Whether it gives no power: who is responsible decides without a membership, and a currency weighs amounts."""
    return client.responsible_id is None and not client.currency


def _is_elsewhere(seat: Membership) -> bool:
    """Whether it is no membership of the desk that decides on the configuration: fewer there control less."""
    return seat.desk.slug != CONTROL_DESK


TABLES: Mapping[str, Table] = {
    "actiontype": Table(
        key=("name",),
        derived=frozenset({"version", "schema_text"}),
        harmless=frozenset(
            {
                # A rejection lets nothing run, with or without a reason.
                *("description", "reviewer_sees", "reasons", "reject_needs"),
                # More documents let nothing run that would not run without them.
                *("attachment_count", "attachment_mib", "attachment_types"),
            }
        ),
        tightens={
            "is_active": _off,
            "mode": _stricter_mode,
            "stakes": _up(*Stakes.values),
            "reversibility": _up(*Reversibility.values),
            "has_external_impact": _on,
            "automation_requires": _wider,
            "recheck_lookups": _on,
            "ends": lambda before, after: after == Ends.REQUIRED,
            "longest_seconds": _less(float("inf")),
            "sample_rate": _more(SAMPLE_RATE),
            "standing_decisions": _less(DECISIONS),
            "standing_rule_approvers": _harder_standing_rules,
        },
        is_harmless_when_new=_always_asks,
    ),
    "agent": Table(
        key=("name",),
        derived=frozenset({"person"}),
        tightens={
            "is_active": _off,
            "mode": _stricter_mode,
            "client": _first,
        },
        # It can do nothing without a key, and each action type still asks whom it asks.
        is_harmless_when_new=lambda agent: True,
    ),
    "client": Table(
        key=("key",),
        harmless=frozenset({"name"}),
        tightens={"is_active": _off},
        is_harmless_when_new=_names_nobody,
    ),
    # Calendars only move due times, and no time that runs out lets an action run.
    "calendar": Table(key=("desk",), is_harmless=True),
    "hours": Table(key=("calendar", "weekday", "begins", "ends"), is_harmless=True),
    "holiday": Table(key=("calendar", "on"), is_harmless=True),
    "desk": Table(
        key=("slug",),
        harmless=frozenset({"name"}),
        tightens={"is_solo": _off},
        is_harmless_when_new=lambda desk: not desk.is_solo,
    ),
    "membership": Table(
        key=("person", "desk", "client"),
        tightens={
            "tier": lambda before, after: after < before,
            "max_stakes": lambda before, after: _up(*Stakes.values)(after, before),
            "ceilings": _lower_ceilings,
            "daily_ceilings": _lower_ceilings,
            "covers_clients": _off,
        },
        is_tighter_without=_is_elsewhere,
    ),
    "person": Table(
        key=("username",),
        derived=frozenset(
            {
                *("password", "last_login", "date_joined", "toured_at", "is_demo"),
                *("password_set_by", "email_set_by", "counts_as"),
                *("normalized_username", "normalized_email", "normalized_name"),
            }
        ),
        harmless=frozenset(
            {
                *("time_zone", "language", "notification_mode", "digest_minutes", "digest_times"),
                *("quiet_from", "quiet_until", "quiet_weekends", "hold_urgent"),
            }
        ),
        tightens={
            **dict.fromkeys(("is_active", "is_staff", "is_superuser"), _off),
            **dict.fromkeys(("groups", "user_permissions"), _fewer),
        },
        related=("groups", "user_permissions"),
        is_harmless_when_new=_grants_nothing,
    ),
    "group": Table(
        key=("name",),
        tightens={"permissions": _fewer},
        related=("permissions",),
        is_harmless_when_new=lambda group: True,
    ),
    "employee": Table(
        key=("key",), derived=frozenset({"normalized_key", "normalized_name"}), tightens={"is_active": _off}
    ),
    "subjectowner": Table(key=("spelled", "from_on")),
    "duty": Table(key=("desk", "person", "starts_at")),
    "flowlimit": Table(
        key=("connector", "host"),
        tightens={
            "starts_per_minute": _lower,
            "calls_at_once": _lower,
            "breaker_failures": _opens_sooner,
            "breaker_pause": lambda before, after: after > before,
        },
        is_harmless_when_new=_only_limits,
    ),
    "exchangerate": Table(key=("currency", "valid_from")),
    "webhook": Table(
        key=("name",),
        derived=frozenset({"nonce", "issued_at", "former_nonce", "former_until"}),
        tightens={
            "is_active": _off,
            # What it names, it is restricted to; but by an agent it can show more than its owner sees.
            **dict.fromkeys(("action_type", "client"), _first),
        },
    ),
}


def table_of(row: Model | type[Model]) -> Table | None:
    """How a row is controlled, or None where it is no control data."""
    return TABLES.get(str(row._meta.model_name))


def is_agent_of_a_person(row: Model) -> bool:
    """Whether it is an agent that stands for a person, which the product makes itself."""
    return isinstance(row, Agent) and row.person_id is not None
