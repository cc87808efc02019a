"""Making standing rules as people do: from a decision of their own, within limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from approvals.actors import Actor, Door
from approvals.models import Action, LedgerEntry, Person, StandingRule
from approvals.services.automation import standing_rules
from approvals.services.automation.limits import Limits
from tests import world
from tests.world import NOON, World


def limits(**changes: Any) -> Limits:
    """Limits that EUR 717.97 fits, for one day in a month."""
    given: dict[str, Any] = {
        "expires_at": datetime.now(UTC) + timedelta(days=30),
        "max_amount": Decimal(750),
        "count_per_day": 10,
        "sum_per_day": Decimal(5_000),
        "sample_rate": 0.0,
    }
    return Limits(**(given | changes))


def decided(here: World, who: Person, verdict: str = "approve", **changes: Any) -> Action:
    """An action that this person has decided."""
    action = here.pending(**changes)
    world.decide(verdict, action, who)
    return world.fresh(action)


def make(
    who: Person, action: Action, reason: str = "Always fine.", door: Door = Door.ADMIN, **changes: Any
) -> StandingRule:
    """A rule from this person's own decision on an action."""
    return standing_rules.make(
        actor=Actor(door, person=who, scopes=frozenset({"decide"})),
        at=NOON,
        action_id=action.pk,
        limits=limits(**changes),
        reason=reason,
    )


def granting(here: World, who: Person | None = None, **changes: Any) -> StandingRule:
    """A rule that approves what the junior has approved once."""
    maker = who or here.junior
    return make(maker, decided(here, maker), **changes)


def denying(here: World, who: Person | None = None, **changes: Any) -> StandingRule:
    """A rule that rejects what the junior has rejected once."""
    maker = who or here.junior
    none: dict[str, Any] = {"max_amount": None, "count_per_day": None, "sum_per_day": None}
    return make(maker, decided(here, maker, "reject"), **(none | changes))


def confirm(who: Person, rule: StandingRule, door: Door = Door.ADMIN) -> StandingRule:
    """The rule after a second person has confirmed it."""
    found = standing_rules.confirm(actor=Actor(door, person=who), at=NOON, rule_id=rule.pk)
    assert isinstance(found, StandingRule)
    return found


def stop(who: Person, rule: StandingRule, reason: str = "No longer.", door: Door = Door.ADMIN) -> StandingRule:
    """The rule after this person has stopped it."""
    return standing_rules.stop(actor=Actor(door, person=who), at=NOON, rule_id=rule.pk, reason=reason)


def fresh(rule: StandingRule) -> StandingRule:
    """The rule as the database has it now."""
    return StandingRule.objects.get(pk=rule.pk)


def events(rule: StandingRule) -> list[str]:
    """What the ledger says of a rule, in order."""
    rows = LedgerEntry.objects.filter(event__startswith="standing_rule.").order_by("id")
    return [row.event.partition(".")[2] for row in rows if str(rule.pk) in row.body]
