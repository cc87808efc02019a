"""A day of somebody's standing rules is so many times what one decision of theirs may be; beyond, two people answer."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.errors import AboveCeiling, NotFound, NotYourDesk, SelfApproval
from approvals.models import ActionType, Agent, Delegation, Membership, Person, StandingRule
from approvals.queries.automation import allowances
from approvals.services.accounts import delegations
from approvals.states import StandingRuleApprovers, Tier
from policies import db
from tests import world
from tests.services.automation.given import confirm, decided, denying, events, fresh, granting, make, stop
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


RULES = 'rules:\n  - {name: each, when: "true", outcome: review, says: Each is looked at.}\n'
TIERS = "tiers:" + world.POLICY.split("tiers:")[1]


@pytest.fixture
def here(here: World) -> World:
    """A junior who may decide EUR 5,000, and ten times that by rules alone, and a senior without ceilings."""
    ceiling(here.junior, EUR="5000.00")
    set_type(here, standing_decisions=10)
    return here


def ceiling(person: Person, **ceilings: str) -> None:
    Membership.objects.filter(person=person).update(ceilings=ceilings)


def member(here: World, name: str, tier: Tier = Tier.JUNIOR, **ceilings: str) -> Person:
    """Another reviewer of the desk."""
    found = world.person(name)
    Membership.objects.create(person=found, desk=here.desk, tier=tier, ceilings=ceilings)
    return found


def rule(here: World, total: int, who: Person | None = None, **changes: Any) -> StandingRule:
    """A rule that can really let so much run in a day, from a decision made while no other rule was in the way."""
    maker, source = who or here.junior, changes.pop("source", None)
    given: dict[str, Any] = {"max_amount": Decimal(5_000), "count_per_day": 1_000, "sum_per_day": Decimal(total)}
    return make(maker, source or decided(here, maker), **(given | changes))


def set_type(here: World, **fields: Any) -> None:
    ActionType.objects.filter(pk=here.kind.pk).update(**fields)


def lend(here: World, lender: Person, delegate: Person) -> Delegation:
    now = db.now()
    given = delegations.grant(
        actor=Actor(Door.ADMIN, person=lender),
        at=now,
        person=lender,
        delegate=delegate,
        desk=here.desk,
        starts_at=now,
        ends_at=now + timedelta(days=3),
        reason="Away.",
    )
    assert isinstance(given, Delegation)
    return given


class TestOneRule:
    def test_of_fifty_million_by_a_junior_waits_for_a_second_person(self, here: World) -> None:
        found = rule(here, 50_000_000, count_per_day=10_000)
        assert (found.state, events(found)) == ("proposed", ["proposed"])
        assert here.pending().state == "pending"

    @pytest.mark.parametrize(("total", "state"), [(50_000, "active"), (50_001, "proposed")])
    def test_is_ones_own_up_to_ten_decisions(self, here: World, total: int, state: str) -> None:
        assert rule(here, total).state == state

    @pytest.mark.parametrize(("total", "state"), [(5_000, "active"), (5_001, "proposed")])
    def test_takes_two_people_above_one_ceiling_unless_its_kind_says_otherwise(
        self, here: World, total: int, state: str
    ) -> None:
        set_type(here, standing_decisions=None)
        assert rule(here, total).state == state

    def test_is_bounded_by_what_can_really_run(self, here: World) -> None:
        assert rule(here, 50_000_000, count_per_day=10).state == "active"
        assert allowances.daily(StandingRule.objects.get()) == 50_000

    @pytest.mark.parametrize(
        ("changes", "most"),
        [
            ({"sum_per_day": None}, "30"),
            ({"count_per_day": None}, "20"),
            ({"sum_per_day": None, "count_per_day": None}, "Infinity"),
            ({"max_amount": None}, "0"),
            ({"verdict": "deny"}, "0"),
            ({}, "20"),
        ],
        ids=str,
    )
    def test_comes_to_what_nothing_bounds_any_more(self, changes: dict[str, Any], most: str) -> None:
        given = {"verdict": "approve", "max_amount": Decimal(3), "count_per_day": 10, "sum_per_day": Decimal(20)}
        assert allowances.daily(StandingRule(**(given | changes))) == Decimal(most)

    @pytest.mark.parametrize(("count", "state"), [(2, "proposed"), (100, "active")])
    def test_is_worth_as_many_decisions_as_its_kind_says(self, here: World, count: int, state: str) -> None:
        set_type(here, standing_decisions=count)
        assert rule(here, 20_000).state == state

    def test_without_a_subject_is_no_wider(self, here: World) -> None:
        assert rule(here, 50_001, subject="Paper Mill").state == "proposed"
        assert rule(here, 50_000, subject="").state == "active"

    def test_of_a_maker_without_ceilings_is_in_force(self, here: World) -> None:
        assert rule(here, 50_000_000, here.senior).state == "active"

    def test_in_a_currency_without_a_ceiling_is_refused(self, here: World) -> None:
        action = decided(here, here.junior)
        ceiling(here.junior, USD="1000000.00")
        with pytest.raises(AboveCeiling):
            make(here.junior, action)

    def test_without_amounts_has_no_sum(self, here: World) -> None:
        policy = world.POLICY.split("amounts:")[0] + RULES + TIERS
        set_type(here, amount_pointer="", currency_pointer="", automation_requires=[])
        world.publish(policy, "invoices", here.owner, here.senior)
        none = {"max_amount": None, "sum_per_day": None, "count_per_day": 10_000}
        assert granting(here, **none).state == "active"

    def test_that_denies_is_bounded_by_nothing(self, here: World) -> None:
        assert denying(here).state == "active"


class TestSeveralRules:
    def test_add_up_over_agents_and_subjects(self, here: World) -> None:
        last = decided(here, here.junior)
        assert rule(here, 30_000, subject="Paper Mill").state == "active"
        here.agent = Agent.objects.create(name="second", title="Second", owner=here.owner)
        assert rule(here, 20_000).state == "active"
        assert rule(here, 1_000, source=last, max_amount=Decimal(1_000)).state == "proposed"

    def test_of_different_people_do_not(self, here: World) -> None:
        other = member(here, "other", EUR="5000.00")
        source = decided(here, other)
        assert rule(here, 50_000).state == "active"
        assert rule(here, 50_000, other, source=source).state == "active"

    def test_that_were_stopped_leave_room_again(self, here: World) -> None:
        first = rule(here, 50_000)
        assert make(here.junior, first.decision.action, sum_per_day=Decimal(750)).state == "proposed"
        stop(here.senior, first)
        assert make(here.junior, first.decision.action, sum_per_day=Decimal(50_000)).state == "active"

    def test_begin_no_new_day_when_they_are_made_again(self, here: World) -> None:
        first = rule(here, 50_000)
        assert here.pending(amount=4_000).state == "approved"
        stop(here.senior, first)
        assert rule(here, 46_001).state == "proposed"
        assert rule(here, 46_000).state == "active"

    def test_count_where_a_second_person_confirmed_them(self, here: World) -> None:
        source = decided(here, here.junior)
        confirm(here.senior, rule(here, 60_000))
        assert rule(here, 5_000, source=source).state == "proposed"

    def test_that_wait_take_up_nothing(self, here: World) -> None:
        assert rule(here, 60_000).state == "proposed"
        assert rule(here, 50_000).state == "active"

    def test_get_no_room_from_what_is_paid_back(self, here: World) -> None:
        rule(here, 5_000)
        assert here.pending(amount=5_000).state == "approved"
        assert here.pending(amount=-4_000).state == "pending"
        assert here.pending(amount=1_000).state == "pending"


class TestTheSecondPerson:
    def test_puts_in_force_what_is_within_their_own_power(self, here: World) -> None:
        found = rule(here, 50_000_000)
        assert confirm(here.senior, found).state == "active"
        assert here.pending(amount=5_000).state == "approved"

    def test_is_nobody_with_as_little_power(self, here: World) -> None:
        found = rule(here, 50_001)
        with pytest.raises(AboveCeiling, match="Someone with a higher limit"):
            confirm(member(here, "other", EUR="5000.00"), found)
        assert fresh(found).state == "proposed"

    def test_has_the_power_up_to_ten_decisions_of_their_own(self, here: World) -> None:
        other, source = member(here, "other", EUR="6000.00"), decided(here, here.junior)
        assert confirm(other, rule(here, 60_000)).state == "active"
        with pytest.raises(AboveCeiling):
            confirm(other, rule(here, 55_000, source=source))

    def test_answers_for_what_the_kind_wants_two_people_for(self, here: World) -> None:
        set_type(here, standing_rule_approvers=StandingRuleApprovers.TWO)
        other = member(here, "other", EUR="4999.00")
        with pytest.raises(AboveCeiling):
            confirm(other, rule(here, 50_000, max_amount=Decimal(4_999)))

    def test_is_not_its_maker(self, here: World) -> None:
        with pytest.raises(SelfApproval):
            confirm(here.junior, rule(here, 60_000))

    def test_is_not_a_delegate_without_a_seat(self, here: World) -> None:
        found, delegate = rule(here, 60_000), world.person("delegate")
        lend(here, here.junior, delegate)
        with pytest.raises((NotFound, NotYourDesk)):
            confirm(delegate, found)

    @pytest.mark.parametrize("is_lender", [True, False])
    def test_is_nobody_who_decides_for_the_maker_or_whom_they_decide_for(self, here: World, is_lender: bool) -> None:
        found = rule(here, 60_000)
        lend(here, *((here.senior, here.junior) if is_lender else (here.junior, here.senior)))
        with pytest.raises(SelfApproval, match="count as one"):
            confirm(here.senior, found)
        assert events(found) == ["proposed", "confirmation_refused"]

    def test_is_not_whose_power_the_decision_was_made_with(self, here: World) -> None:
        lent = lend(here, here.senior, here.junior)
        ceiling(here.junior, EUR="700.00")
        action = decided(here, here.junior)
        ceiling(here.junior, EUR="5000.00")
        found = make(here.junior, action, max_amount=Decimal(5_000), count_per_day=50, sum_per_day=Decimal(60_000))
        assert found.decision.delegator == here.senior
        delegations.end(actor=Actor(Door.ADMIN, person=here.senior), at=db.now(), delegation_id=lent.pk)
        with pytest.raises(SelfApproval):
            confirm(here.senior, found)

    def test_gives_the_maker_no_power_that_was_lent(self, here: World) -> None:
        lend(here, here.senior, here.junior)
        assert rule(here, 60_000).state == "proposed"
        with pytest.raises(AboveCeiling):
            rule(here, 60_000, max_amount=Decimal(6_000))


class TestInForce:
    def test_it_ends_when_the_ceiling_of_its_maker_was_lowered(self, here: World) -> None:
        found = rule(here, 20_000, max_amount=Decimal(1_000))
        ceiling(here.junior, EUR="1999.00")
        assert here.pending().state == "pending"
        assert (fresh(found).state, "exceed their current 24-hour limit" in fresh(found).end_reason) == (
            "stopped",
            True,
        )

    def test_it_ends_when_the_kind_says_fewer_decisions(self, here: World) -> None:
        found = rule(here, 20_000)
        set_type(here, standing_decisions=3)
        assert here.pending().state == "pending"
        assert fresh(found).state == "stopped"

    def test_it_ends_when_the_ceiling_of_who_confirmed_it_was_lowered(self, here: World) -> None:
        found = confirm(here.senior, rule(here, 60_000))
        ceiling(here.senior, EUR="5000.00")
        assert here.pending().state == "pending"
        assert fresh(found).state == "stopped"

    def test_it_goes_on_where_it_fits_once_an_earlier_one_has_ended(self, here: World) -> None:
        source = decided(here, here.junior)
        first = rule(here, 30_000, source=source, max_amount=Decimal(1_000))
        second = rule(here, 20_000, source=source, max_amount=Decimal(1_000))
        ceiling(here.junior, EUR="2500.00")
        assert here.pending().state == "approved"
        assert (fresh(first).state, fresh(second).state) == ("stopped", "active")

    def test_it_goes_on_next_to_others_that_somebody_else_answers_for(self, here: World) -> None:
        source = decided(here, here.junior)
        found = rule(here, 50_000)
        confirm(here.senior, rule(here, 60_000, source=source, subject="Paper Mill"))
        assert here.pending(issuer="Another Mill").state == "approved"
        assert fresh(found).state == "active"

    def test_it_ends_where_it_was_made_before_there_were_such_bounds(self, here: World) -> None:
        found = rule(here, 50_000_000, here.senior)
        ceiling(here.senior, EUR="5000.00")
        assert here.pending(amount=5_000).state == "pending"
        assert fresh(found).state == "stopped"
