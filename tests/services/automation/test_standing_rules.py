"""Making, confirming and stopping a standing rule: who may, from what, within which limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection

from approvals import guards
from approvals.actors import Actor, Door, system
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
from approvals.models import Action, Desk, LedgerEntry, Membership, StandingRule
from approvals.services.automation import expiry, standing_rules
from approvals.services.decisions import undo
from approvals.states import Mode, Reversibility, Stakes, StandingRuleApprovers, StandingState, Tier
from policies import db
from tests import world
from tests.services.automation.given import confirm, decided, denying, events, fresh, granting, limits, make, stop
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def changed(here: World, **fields: Any) -> None:
    """The kind of action, with other values in the catalog."""
    for name, value in fields.items():
        setattr(here.kind, name, value)
    here.kind.save()


class TestMake:
    def test_is_in_force_at_once_and_says_by_whom_from_what_and_why(self, here: World) -> None:
        action = decided(here, here.junior)
        rule = make(here.junior, action)
        assert (rule.state, rule.made_by, rule.made_at) == (StandingState.ACTIVE, here.junior, NOON)
        assert (rule.decision.action_id, rule.reason, rule.currency) == (action.pk, "Always fine.", "EUR")
        assert events(rule) == ["proposed", "activated"]
        assert [row.state for row in rule.history.order_by("history_id")] == ["proposed", "active"]
        assert "Always" not in "".join(
            LedgerEntry.objects.filter(event__startswith="standing").values_list("data", flat=True)
        )

    def test_is_bound_to_versions_and_names_what_it_lets_pass(self, here: World) -> None:
        rule = granting(here)
        assert rule.waives == ["invoices:amount_ladder"]
        assert (rule.type_version, rule.agent_version) == (1, "")
        assert [item["name"] for item in rule.policies] == ["invoices"]

    def test_of_a_rejection_is_a_denial_without_limits(self, here: World) -> None:
        rule = denying(here)
        assert (rule.verdict, rule.state, rule.max_amount, rule.waives) == ("deny", "active", None, [])

    @pytest.mark.parametrize("door", [Door.TOKEN])
    def test_is_not_for_tokens(self, here: World, door: Door) -> None:
        with pytest.raises(NotAllowed, match="Sign in"):
            make(here.junior, decided(here, here.junior), door=door)

    def test_is_not_for_agents(self, here: World) -> None:
        action = decided(here, here.junior)
        with pytest.raises(NotAllowed):
            standing_rules.make(actor=here.as_agent(), at=NOON, action_id=action.pk, limits=limits(), reason="Yes.")

    def test_is_only_for_whoever_decided(self, here: World) -> None:
        with pytest.raises(WrongState, match="your own decisions"):
            make(here.senior, decided(here, here.junior))

    def test_is_not_from_what_is_undecided_or_was_corrected(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(WrongState):
            make(here.junior, action)
        payload = action.revision.payload | {"amount": 700.5}
        world.decide("modify", action, here.junior, payload=payload)
        with pytest.raises(WrongState):
            make(here.junior, action)

    def test_is_not_from_what_was_called_back(self, here: World) -> None:
        action = decided(here, here.junior)
        standing_rules_before = StandingRule.objects.count()
        undone(here, action)
        with pytest.raises(WrongState):
            make(here.junior, action)
        assert StandingRule.objects.count() == standing_rules_before

    def test_is_not_for_strangers_or_other_desks(self, here: World) -> None:
        action, stranger = decided(here, here.junior), world.person("stranger")
        with pytest.raises(NotFound):
            make(stranger, action)
        with pytest.raises(NotYourDesk):
            make(world.auditor(), action)

    def test_needs_a_reason(self, here: World) -> None:
        with pytest.raises(RationaleMissing):
            make(here.junior, decided(here, here.junior), reason=" ")

    def test_needs_the_policy_that_it_was_decided_by(self, here: World) -> None:
        action = decided(here, here.junior)
        world.publish(world.POLICY.replace("5000", "4000"), "invoices", here.owner, here.senior)
        with pytest.raises(WrongState, match="policy"):
            make(here.junior, action)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
            {"expires_at": datetime.now(UTC) + timedelta(days=400)},
            {"sample_rate": 1.5},
            {"max_amount": None},
            {"max_amount": Decimal(0)},
            {"sum_per_day": None},
            {"sum_per_day": Decimal(700)},
            {"count_per_day": None},
            {"count_per_day": 0},
            {"condition": "nonsense =="},
            {"condition": "recent.agent_day.count < 3"},
            {"subject": "Somebody else"},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    def test_refuses_limits_without_sense(self, here: World, wrong: dict[str, Any]) -> None:
        with pytest.raises(Malformed) as refusal:
            make(here.junior, decided(here, here.junior), **wrong)
        assert refusal.value.details["field"] == next(iter(wrong))

    def test_refuses_amounts_for_a_denial(self, here: World) -> None:
        with pytest.raises(Malformed):
            denying(here, max_amount=Decimal(5))


def undone(here: World, action: Action) -> None:
    undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)


class TestPower:
    def test_of_a_junior_ends_at_her_ceiling(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "720.00"})
        action = decided(here, here.junior)
        with pytest.raises(AboveCeiling):
            make(here.junior, action)
        most = Decimal("720.00")
        assert make(here.junior, action, max_amount=most, sum_per_day=most).state == "active"

    def test_is_none_over_ones_own_agent(self, here: World) -> None:
        action = decided(here, here.junior)
        here.agent.owner = here.junior
        here.agent.save()
        with pytest.raises(SelfApproval):
            make(here.junior, action)

    def test_of_a_firm_of_one_reaches_its_own_agent(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        here.agent.owner = here.junior
        here.agent.save()
        assert granting(here).state == "active"


class TestWhatIsNeverAutomatic:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"domain": "legal"}, "person always"),
            ({"domain": "hr"}, "person always"),
            ({"data_classes": ["health"]}, "Regulated"),
            ({"reversibility": Reversibility.IRREVERSIBLE, "stakes": Stakes.HIGH}, "Irreversible and high-stakes"),
            ({"standing_rule_approvers": StandingRuleApprovers.NEVER}, "does not allow standing rules"),
        ],
        ids=str,
    )
    def test_has_no_standing_approval(self, here: World, fields: dict[str, Any], said: str) -> None:
        changed(here, **fields)
        with pytest.raises(NoStandingRule, match=said):
            granting(here)

    @pytest.mark.parametrize("mode", [Mode.IN_COMMAND, Mode.IN_THE_LOOP])
    def test_has_none_where_its_mode_wants_a_person_each_time(self, here: World, mode: Mode) -> None:
        action = decided(here, here.junior)
        changed(here, mode=mode)
        with pytest.raises(NoStandingRule, match="a person reviews every action"):
            make(here.junior, action)

    def test_has_none_where_the_mode_of_its_agent_wants_a_person_each_time(self, here: World) -> None:
        rule = granting(here)
        here.agent.mode = Mode.IN_THE_LOOP
        here.agent.save()
        assert here.pending().state == "pending"
        with pytest.raises(NoStandingRule, match="a person reviews every action"):
            granting(here)
        assert fresh(rule).state == "active"

    @pytest.mark.parametrize("fields", [{"domain": "legal"}, {"standing_rule_approvers": StandingRuleApprovers.NEVER}])
    def test_may_be_denied_all_the_same(self, here: World, fields: dict[str, Any]) -> None:
        changed(here, **fields)
        assert denying(here).state == "active"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"amount": 9_000}, "senior"),
            ({"confidence": None}, "provide a confidence"),
            ({"iban": "DE00"}, "IBAN"),
            ({"amount": -700}, "is negative"),
        ],
        ids=str,
    )
    def test_has_none_from_what_is_odd(self, here: World, changes: dict[str, Any], said: str) -> None:
        action = decided(here, here.senior, **changes)
        with pytest.raises(NoStandingRule, match=said) as refusal:
            make(here.senior, action, max_amount=Decimal(10_000), sum_per_day=Decimal(10_000))
        assert refusal.value.details["rules"]

    def test_has_none_where_two_people_decide(self, here: World) -> None:
        policy = world.POLICY.replace("responsible, quorum: 1", "responsible, quorum: 2")
        world.publish(policy, "invoices", here.owner, here.senior)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("approve", action, here.senior)
        with pytest.raises(NoStandingRule, match="several stages"):
            make(here.senior, action)


class TestConfirm:
    @pytest.fixture(autouse=True)
    def two(self, here: World) -> None:
        changed(here, standing_rule_approvers=StandingRuleApprovers.TWO)

    def test_puts_it_in_force(self, here: World) -> None:
        rule = granting(here)
        assert rule.state == "proposed"
        found = confirm(here.senior, rule)
        assert (found.state, found.confirmed_by, events(found)) == ("active", here.senior, ["proposed", "activated"])

    def test_is_never_by_the_same_and_the_attempt_is_recorded(self, here: World) -> None:
        rule = granting(here)
        with pytest.raises(SelfApproval):
            confirm(here.junior, rule)
        assert events(rule) == ["proposed", "confirmation_refused"]
        assert fresh(rule).state == "proposed"

    def test_is_no_wider_than_the_second_persons_power(self, here: World) -> None:
        rule = granting(here, who=here.senior)
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "100.00"})
        with pytest.raises(AboveCeiling):
            confirm(here.junior, rule)

    def test_is_not_for_tokens_owners_or_strangers(self, here: World) -> None:
        rule = granting(here)
        with pytest.raises(NotAllowed):
            confirm(here.senior, rule, Door.TOKEN)
        with pytest.raises(NotFound):
            confirm(here.owner, rule)
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        with pytest.raises(SelfApproval):
            confirm(here.owner, rule)

    def test_is_of_what_it_was_made_under(self, here: World) -> None:
        rule = granting(here)
        here.agent.version = "2"
        here.agent.save()
        with pytest.raises(WrongState, match="changed from"):
            confirm(here.senior, rule)

    def test_happens_once(self, here: World) -> None:
        rule = granting(here)
        confirm(here.senior, rule)
        with pytest.raises(WrongState):
            confirm(here.senior, rule)

    def test_is_not_needed_for_a_denial(self, here: World) -> None:
        assert denying(here).state == "active"


class TestStop:
    def test_is_one_click_with_a_reason_by_anybody_at_the_desk(self, here: World) -> None:
        rule = granting(here, who=here.senior)
        found = stop(here.junior, rule)
        assert (found.state, found.ended_by, found.end_reason) == ("stopped", here.junior, "No longer.")
        assert events(rule)[-1] == "stopped"

    def test_works_with_a_token(self, here: World) -> None:
        assert stop(here.junior, granting(here), door=Door.TOKEN).state == "stopped"

    def test_needs_a_reason(self, here: World) -> None:
        with pytest.raises(RationaleMissing):
            stop(here.junior, granting(here), " ")

    def test_is_not_for_strangers_and_happens_once(self, here: World) -> None:
        rule = granting(here)
        with pytest.raises(NotFound):
            stop(here.owner, rule)
        with pytest.raises(NotYourDesk):
            stop(world.auditor(), rule)
        stop(here.junior, rule)
        with pytest.raises(WrongState, match="No longer"):
            stop(here.senior, rule)


class TestTheEndOfItsTime:
    def test_is_found_by_the_clock_and_not_before(self, here: World) -> None:
        soon = datetime.now(UTC) + timedelta(seconds=1.5)
        rule = granting(here, expires_at=soon)
        assert sweep() == 0
        wait_until(soon)
        assert sweep() == 1
        assert (fresh(rule).state, fresh(rule).ended_by, events(rule)[-1]) == ("expired", None, "expired")
        assert sweep() == 0


def wait_until(moment: datetime) -> None:
    """Wait until the database's clock is past a moment, too; SQLite's counts milliseconds."""
    while db.now() <= moment:
        pass


def sweep() -> int:
    return expiry.expire_due(actor=system(Door.CLOCK), clock=lambda: NOON)


def test_a_proposed_rule_that_is_over_is_not_confirmed(here: World) -> None:
    changed(here, standing_rule_approvers=StandingRuleApprovers.TWO)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    rule = granting(here, expires_at=soon)
    wait_until(soon)
    with pytest.raises(Expired):
        confirm(here.senior, rule)


class TestTheDatabase:
    @pytest.mark.parametrize("change", ["max_amount = 9000", "made_by_id = 1", "count_per_day = 99", "waives = '[]'"])
    def test_keeps_a_rule_as_it_was_made(self, here: World, change: str) -> None:
        granting(here)
        with pytest.raises(DatabaseError, match=guards.rows.CHANGED), connection.cursor() as cursor:
            cursor.execute(f"UPDATE approvals_standingrule SET {change}")

    def test_keeps_an_ended_rule_ended(self, here: World) -> None:
        stop(here.junior, granting(here))
        with pytest.raises(DatabaseError, match=guards.automation.OVER), connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_standingrule SET state = 'active', ended_at = NULL, ended_by_id = NULL")

    @pytest.mark.parametrize("table", ["approvals_standingrule", "approvals_historicalstandingrule"])
    def test_keeps_every_rule(self, here: World, table: str) -> None:
        granting(here)
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
