"""Deciding for somebody: with her power and never more, not passed on, not what is one's own, and on record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.authority import visibility
from approvals.errors import AboveCeiling, DelegationRefused, NotAllowed, NotFound, SelfApproval, TierTooLow
from approvals.models import Action, Decision, Delegation, Desk, LedgerEntry, Membership, Person
from approvals.queries.inbox import waiting
from approvals.queries.record import timeline
from approvals.services.accounts import delegations
from approvals.services.plans import quorum
from approvals.states import Stakes, Tier
from policies.errors import Refused
from tests import world
from tests.delegating import DAY, NOW, lend
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TWO = world.POLICY.replace("who: desk, quorum: 1", "who: desk, quorum: 2")


def end(given: Delegation, who: Person) -> None:
    delegations.end(actor=Actor(Door.ADMIN, person=who), at=NOW, delegation_id=given.pk)


def refused(action: Action) -> list[str]:
    """What the record says of clicks on this action that did not count."""
    return list(LedgerEntry.objects.filter(action=action, event="decision.refused").values_list("data", flat=True))


class TestADecisionForSomebody:
    def test_counts_and_says_so_everywhere(self, here: World, friend: Person, big: Action) -> None:
        lend(here.senior, friend, desk=here.desk)
        decision = world.decide("approve", big, friend)
        assert world.fresh(big).state == "approved"
        assert (decision.person, decision.delegator, decision.tier) == (friend, here.senior, Tier.SENIOR)
        assert decision.by == "friend on behalf of senior"
        told = timeline.of_action(world.fresh(big))
        assert "friend on behalf of senior" in told.headline
        assert any("on behalf of senior" in moment.reason for moment in told.moments)
        assert f'"for":"person:{here.senior.pk}"' in LedgerEntry.objects.get(event="decision.approved").body

    def test_is_seen_and_waited_for_by_the_delegate_alone(self, here: World, friend: Person, big: Action) -> None:
        who = Actor(Door.ADMIN, person=friend)
        assert not visibility.visible_to(who).exists() and waiting.page(friend).rows == []
        given = lend(here.senior, friend)
        assert visibility.visible_to(who).get() == big and waiting.page(friend).rows == [big]
        assert waiting.count(friend) == 1
        end(given, here.senior)
        assert not visibility.visible_to(who).exists() and waiting.page(friend).rows == []

    def test_lends_a_junior_what_she_lacks(self, here: World, big: Action) -> None:
        with pytest.raises(TierTooLow):
            world.decide("approve", big, here.junior)
        lend(here.senior, here.junior)
        assert world.decide("approve", big, here.junior).delegator == here.senior
        small = here.pending()
        assert world.decide("approve", small, here.junior).delegator is None

    def test_reaches_no_further_than_the_lender(self, here: World, friend: Person, big: Action) -> None:
        member = Membership.objects.get(person=here.senior)
        lend(here.senior, friend)
        member.ceilings = {"EUR": "1000.00"}
        member.save()
        with pytest.raises(AboveCeiling):
            world.decide("approve", big, friend)
        member.ceilings, member.max_stakes = {}, Stakes.LOW
        member.save()
        with pytest.raises(AboveCeiling):
            world.decide("approve", big, friend)

    def test_adds_nothing_of_the_delegates_own(self, here: World, big: Action) -> None:
        elsewhere = Desk.objects.create(slug="it", name="IT")
        chief = world.person("chief")
        Membership.objects.create(person=chief, desk=elsewhere, tier=Tier.SENIOR)
        lend(here.junior, chief)
        with pytest.raises(TierTooLow):
            world.decide("approve", big, chief)

    def test_is_at_the_desk_that_was_lent(self, here: World, friend: Person, big: Action) -> None:
        elsewhere = Desk.objects.create(slug="it", name="IT")
        Membership.objects.create(person=here.senior, desk=elsewhere, tier=Tier.SENIOR)
        lend(here.senior, friend, desk=elsewhere)
        with pytest.raises(NotFound):
            world.decide("approve", big, friend)


class TestItIsRefused:
    def test_when_it_is_over(self, here: World, friend: Person, big: Action) -> None:
        given = lend(here.senior, friend)
        end(given, here.senior)
        with pytest.raises(DelegationRefused, match="Your delegation from senior ended on"):
            world.decide("approve", big, friend)
        assert "delegation_refused" in refused(big)[0]

    def test_when_it_is_over_also_for_a_junior_of_the_desk(self, here: World, big: Action) -> None:
        end(lend(here.senior, here.junior), here.junior)
        with pytest.raises(DelegationRefused, match="Your delegation from senior ended on"):
            world.decide("approve", big, here.junior)

    def test_before_it_begins(self, here: World, friend: Person, big: Action) -> None:
        lend(here.senior, friend, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)
        with pytest.raises(DelegationRefused, match="starts on"):
            world.decide("approve", big, friend)
        assert len(refused(big)) == 1

    def test_when_it_was_passed_on(self, here: World, friend: Person, big: Action) -> None:
        other = world.person("other")
        Membership.objects.create(person=other, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        lend(here.senior, other)
        lend(other, friend)
        with pytest.raises(DelegationRefused, match="delegated authority cannot be passed on"):
            world.decide("approve", big, friend)
        assert len(refused(big)) == 1

    def test_when_the_lender_has_lost_her_role_or_left(self, here: World, friend: Person, big: Action) -> None:
        lend(here.senior, friend)
        Membership.objects.filter(person=here.senior).delete()
        with pytest.raises(DelegationRefused, match="no longer has authority at this desk"):
            world.decide("approve", big, friend)
        Membership.objects.create(person=here.senior, desk=here.desk, tier=Tier.SENIOR)
        Person.objects.filter(pk=here.senior.pk).update(is_active=False)
        with pytest.raises(Refused):
            world.decide("approve", big, friend)
        assert world.fresh(big).state == "pending"

    def test_to_whoever_proposed_it(self, here: World, big: Action) -> None:
        lend(here.senior, here.owner)
        with pytest.raises(SelfApproval):
            world.decide("approve", big, here.owner)
        assert "self_approval" in refused(big)[0]

    def test_for_whoever_proposed_it(self, here: World, friend: Person) -> None:
        asked = here.pending(amount=9000, on_behalf_of="senior")
        lend(here.senior, friend)
        with pytest.raises(SelfApproval, match="senior cannot decide on this action"):
            world.decide("approve", asked, friend)
        assert "self_approval" in refused(asked)[0]

    def test_for_whoever_wrote_what_is_decided(self, here: World, friend: Person) -> None:
        action = here.pending()
        edit = {**action.revision.payload, "amount": 9000}
        world.decide("modify", action, here.junior, payload=edit)
        lend(here.junior, friend)
        with pytest.raises(SelfApproval):
            world.decide("approve", world.fresh(action), friend)


class TestTwoPeople:
    @pytest.fixture
    def both(self, here: World) -> Action:
        world.publish(TWO, "invoices", here.owner, here.senior)
        return here.pending(amount=9000)

    @pytest.mark.parametrize("order", [("friend", "senior"), ("senior", "friend")])
    def test_are_not_one_and_her_delegate(
        self, here: World, friend: Person, both: Action, order: tuple[str, str]
    ) -> None:
        lend(here.senior, friend)
        first, second = (Person.objects.get(username=name) for name in order)
        world.decide("approve", both, first)
        with pytest.raises(NotAllowed, match="approved this"):
            world.decide("approve", both, second)
        assert world.fresh(both).state == "pending"

    def test_are_not_one_who_decides_for_two(self, here: World, both: Action) -> None:
        one, two = world.person("one"), world.person("two")
        for person in (one, two):
            Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
        given = lend(one, here.junior)
        world.decide("approve", both, here.junior)
        end(given, one)
        lend(two, here.junior)
        with pytest.raises(NotAllowed, match="count as one"):
            world.decide("approve", both, here.junior)

    def test_are_a_delegate_and_another_senior(self, here: World, friend: Person, both: Action) -> None:
        other = world.person("other")
        Membership.objects.create(person=other, desk=here.desk, tier=Tier.SENIOR)
        lend(here.senior, friend)
        world.decide("approve", both, friend)
        world.decide("approve", both, other)
        assert world.fresh(both).state == "approved"
        assert Decision.objects.filter(action=both).count() == 2

    def test_lose_what_was_given_for_somebody_who_lost_her_role(
        self, here: World, friend: Person, both: Action
    ) -> None:
        lend(here.senior, friend)
        world.decide("approve", both, friend)
        stage = both.stages.get()
        assert quorum.approvals(both, stage) == 1
        Membership.objects.filter(person=here.senior).update(tier=Tier.JUNIOR)
        assert quorum.approvals(both, stage) == 0


class TestADelegateWithAMembership:
    """Each decides with their own authority, and a delegation still makes them one."""

    @pytest.fixture
    def colleague(self, here: World) -> Person:
        world.publish(TWO, "invoices", here.owner, here.senior)
        found = world.person("colleague")
        Membership.objects.create(person=found, desk=here.desk, tier=Tier.SENIOR)
        return found

    def decide(self, action: Action, who: Person, verdict: str = "approve", **more: Any) -> Decision:
        return world.decide(verdict, world.fresh(action), who, datetime.now(UTC), **more)

    @pytest.mark.parametrize("moment", ["before", "between", "ended between"])
    @pytest.mark.parametrize("is_lender_first", [True, False])
    def test_is_one_with_the_lender(self, here: World, colleague: Person, is_lender_first: bool, moment: str) -> None:
        action = here.pending(datetime.now(UTC), amount=9000)
        first, second = (here.senior, colleague) if is_lender_first else (colleague, here.senior)
        given = lend(here.senior, colleague) if moment != "between" else None
        assert not self.decide(action, first).is_final
        if given is None:
            lend(here.senior, colleague)
        elif moment == "ended between":
            delegations.end(actor=Actor(Door.ADMIN, person=colleague), at=datetime.now(UTC), delegation_id=given.pk)
        with pytest.raises(NotAllowed, match="you count as one person because of a delegation"):
            self.decide(action, second)
        third = world.person("third")
        Membership.objects.create(person=third, desk=here.desk, tier=Tier.SENIOR)
        assert self.decide(action, third).is_final

    def test_is_somebody_else_once_it_ended_before_either_approved(self, here: World, colleague: Person) -> None:
        given = lend(here.senior, colleague)
        end(given, colleague)
        action = here.pending(datetime.now(UTC), amount=9000)
        assert not self.decide(action, here.senior).is_final
        assert self.decide(action, colleague).is_final

    def test_approves_no_edit_of_the_lenders(self, here: World, colleague: Person) -> None:
        lend(here.senior, colleague)
        action = here.pending(datetime.now(UTC), amount=9000)
        edited = action.revision.payload | {"amount": 8000}
        self.decide(action, here.senior, "modify", payload=edited)
        with pytest.raises(SelfApproval, match="count as one person because of a delegation"):
            self.decide(action, colleague)
