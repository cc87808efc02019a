"""Claims: who has an action in hand."""

from datetime import timedelta

import pytest
from django.db.models import F

from approvals.actors import Actor, Door
from approvals.errors import (
    AboveCeiling,
    ClaimedByAnother,
    NotFound,
    NotYourDesk,
    ScopeMissing,
    SelfApproval,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, Claim, LedgerEntry, Membership, Person
from approvals.services.decisions import claims
from approvals.states import ActionState
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def as_person(person: Person) -> Actor:
    return Actor(door=Door.ADMIN, person=person)


def take(action: Action, person: Person, *, is_takeover: bool = False) -> Claim:
    return claims.take(actor=as_person(person), at=NOON, action_id=action.pk, is_takeover=is_takeover)


def lapse(action: Action) -> None:
    """Let the lease run out, as time would."""
    Claim.objects.filter(action=action).update(until=F("until") - timedelta(days=1))


class TestTake:
    def test_puts_the_action_in_hand_for_a_while(self, here: World, action: Action) -> None:
        claim = take(action, here.junior)
        assert (claim.person, claim.until - claim.since) == (here.junior, timedelta(minutes=5))

    def test_keeps_it_there_when_taken_again(self, here: World, action: Action) -> None:
        first, again = take(action, here.junior), take(action, here.junior)
        assert (again.since, again.until > first.until) == (first.since, True)

    def test_is_refused_while_somebody_else_has_it(self, here: World, action: Action) -> None:
        take(action, here.junior)
        with pytest.raises(ClaimedByAnother) as refusal:
            take(action, here.senior)
        assert refusal.value.details["by"] == str(here.junior)

    def test_is_free_again_once_the_lease_is_over(self, here: World, action: Action) -> None:
        take(action, here.junior)
        lapse(action)
        assert take(action, here.senior).person == here.senior
        assert not LedgerEntry.objects.filter(event="claim.taken_over").exists()

    def test_records_whom_it_was_taken_from(self, here: World, action: Action) -> None:
        take(action, here.junior)
        assert take(action, here.senior, is_takeover=True).person == here.senior
        entry = LedgerEntry.objects.get(event="claim.taken_over")
        assert (entry.actor, f'"from":"person:{here.junior.pk}"' in entry.body) == (f"person:{here.senior.pk}", True)

    def test_needs_something_to_decide(self, here: World, action: Action) -> None:
        world.decide("approve", action, here.junior)
        with pytest.raises(WrongState):
            take(action, here.senior)

    def test_is_for_those_who_review_there(self, here: World, action: Action) -> None:
        with pytest.raises(NotFound):
            take(action, world.person("stranger"))
        with pytest.raises(NotYourDesk):
            take(action, world.auditor())


class TestWhoMayNotDecide:
    """Whom a claim would only keep others off."""

    def test_takes_nothing_above_their_tier(self, here: World) -> None:
        with pytest.raises(TierTooLow):
            take(here.pending(amount=9_000), here.junior)

    def test_takes_nothing_above_their_ceiling(self, here: World, action: Action) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1.00"})
        with pytest.raises(AboveCeiling):
            take(action, here.junior)

    def test_takes_nothing_of_their_own(self, here: World) -> None:
        with pytest.raises(SelfApproval):
            take(here.pending(on_behalf_of="junior"), here.junior)

    def test_takes_nothing_from_a_colleague(self, here: World) -> None:
        action = here.pending(amount=9_000)
        take(action, here.senior)
        with pytest.raises(TierTooLow):
            take(action, here.junior, is_takeover=True)

    def test_takes_nothing_with_a_token_that_only_reads(self, here: World, action: Action) -> None:
        actor = Actor(Door.TOKEN, person=here.junior, scopes=frozenset({"read"}))
        with pytest.raises(ScopeMissing):
            claims.take(actor=actor, at=NOON, action_id=action.pk)

    def test_takes_what_they_may_only_correct(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "900.00"})
        action = here.pending(payload={"issuer": "Mill", "currency": "EUR"})
        assert take(action, here.junior).person == here.junior

    def test_keeps_nobody_off_once_deactivated(self, here: World, action: Action) -> None:
        take(action, here.junior)
        Person.objects.filter(pk=here.junior.pk).update(is_active=False)
        assert world.decide("approve", action, here.senior).is_final


class TestRelease:
    def test_frees_the_action_for_the_next(self, here: World, action: Action) -> None:
        take(action, here.junior)
        claims.release(actor=as_person(here.junior), at=NOON, action_id=action.pk)
        assert take(action, here.senior).person == here.senior

    def test_frees_nothing_that_somebody_else_has(self, here: World, action: Action) -> None:
        take(action, here.junior)
        claims.release(actor=as_person(here.senior), at=NOON, action_id=action.pk)
        assert Claim.objects.get().person == here.junior


class TestADecision:
    def test_is_refused_while_somebody_else_has_the_action_in_hand(self, here: World, action: Action) -> None:
        take(action, here.junior)
        with pytest.raises(ClaimedByAnother):
            world.decide("approve", action, here.senior)
        assert LedgerEntry.objects.filter(action=action, event="decision.refused").exists()

    def test_is_whoever_took_it_over(self, here: World, action: Action) -> None:
        take(action, here.junior)
        take(action, here.senior, is_takeover=True)
        world.decide("approve", action, here.senior)
        assert Action.objects.get(pk=action.pk).state == ActionState.APPROVED

    def test_needs_no_claim(self, here: World, action: Action) -> None:
        world.decide("reject", action, here.senior)
        assert Action.objects.get(pk=action.pk).state == ActionState.REJECTED
