"""Handing over: into whose hands, why, and what it does not do."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from approvals.actors import Actor, Door
from approvals.errors import ClaimedByAnother, Malformed, NotAllowed, NotFound, SelfApproval, WrongState
from approvals.models import Action, Claim, Delivery, Desk, LedgerEntry, Membership, Note, Person
from approvals.queries.directory import colleagues as queries
from approvals.queries.record import timeline
from approvals.services.accounts import absences, delegations
from approvals.services.decisions import claims, handover
from approvals.states import ActionState, Tier
from policies import db
from tests import plans, world
from tests.world import NOON, World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]

WHY = "You know this supplier."


def as_person(person: Person) -> Actor:
    return Actor(door=Door.ADMIN, person=person)


def hand(action: Action, giver: Person, to: Person, reason: str = WHY) -> Claim:
    given = {"action_id": action.pk, "to": to.get_username(), "reason": reason}
    return handover.hand_over(actor=as_person(giver), at=NOON, **given)


def take(action: Action, person: Person, *, is_takeover: bool = False) -> Claim:
    return claims.take(actor=as_person(person), at=NOON, action_id=action.pk, is_takeover=is_takeover)


def release(action: Action, person: Person, *, is_left: bool = False) -> None:
    claims.release(actor=as_person(person), at=NOON, action_id=action.pk, is_left=is_left)


def member(desk: Desk, name: str, tier: Tier = Tier.JUNIOR, **fields: object) -> Person:
    found = world.person(name)
    Membership.objects.create(person=found, desk=desk, tier=tier, **fields)
    return found


def away(person: Person) -> None:
    now = db.now()
    absences.enter(actor=as_person(person), at=now, person=person, ends_at=now + timedelta(days=1))


def offered(action: Action, whose: Person) -> list[str]:
    return [each.person.get_username() for each in queries.colleagues(fresh(action), whose)]


class TestHandOver:
    def test_puts_it_into_the_colleagues_hands_for_an_hour(self, here: World) -> None:
        # Nobody has it in hand for longer than it can be decided, so it is new.
        action = here.pending(db.now())
        take(action, here.junior)
        claim = hand(action, here.junior, here.senior)
        assert (claim.person, claim.until - claim.since) == (here.senior, timedelta(hours=1))
        with pytest.raises(ClaimedByAnother):
            world.decide("approve", action, here.junior)
        world.decide("approve", action, here.senior)
        assert fresh(action).state == ActionState.APPROVED

    def test_records_from_whom_to_whom_and_keeps_the_words_off_the_ledger(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        note, entry = Note.objects.get(), LedgerEntry.objects.get(event="action.handed_over")
        assert (note.author, note.handed_to, note.words, note.entry) == (here.junior, here.senior, WHY, entry)
        assert f'"from":"person:{here.junior.pk}"' in entry.body
        assert f'"to":"person:{here.senior.pk}"' in entry.body
        assert note.text.digest in entry.body
        assert "supplier" not in entry.body

    def test_is_told_in_the_history_and_not_to_the_agent(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        moments = timeline.of_action(action).moments
        assert [each.rationale for each in moments if each.event == "action.handed_over"] == [f"To senior: {WHY}"]
        told = timeline.of_action(action, for_agent=True).moments
        assert "action.handed_over" not in [each.event for each in told]

    def test_tells_the_colleague_each_time(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        release(action, here.senior)
        hand(action, here.junior, here.senior)
        told = Delivery.objects.filter(person=here.senior, kind__startswith="action.handed_over")
        assert told.count() == 2

    def test_lasts_no_longer_than_its_stage(self, here: World) -> None:
        plans.follow(here, "{name: books, who: desk, due: 20m}")
        action = here.pending(db.now())
        assert hand(action, here.junior, here.senior).until == action.due_at

    def test_leads_from_a_junior_to_a_senior(self, here: World) -> None:
        action = here.pending(amount=9000)
        assert hand(action, here.junior, here.senior).person == here.senior

    def test_never_changes_what_was_said(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        with pytest.raises(DatabaseError):
            Note.objects.update(handed_to=here.owner)


class TestHandOverIsRefused:
    def test_to_somebody_who_may_not_decide_it(self, here: World) -> None:
        action = here.pending(amount=9000)
        low = member(here.desk, "low", Tier.SENIOR, ceilings={"EUR": "10.00"})
        for colleague in (here.junior, low, world.person("stranger"), here.senior):
            with pytest.raises(Malformed):
                hand(action, here.senior, colleague)
        assert not Note.objects.exists()

    def test_to_the_requester_and_the_agents_owner(self, here: World) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        kim = member(here.desk, "kim")
        action = here.pending(on_behalf_of="kim@example.com")
        for colleague in (kim, here.owner):
            with pytest.raises(Malformed, match="cannot decide"):
                hand(action, here.junior, colleague)

    def test_by_whoever_asked_for_it(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior")
        with pytest.raises(SelfApproval):
            hand(action, here.junior, here.senior)

    def test_to_somebody_who_is_away(self, here: World, action: Action) -> None:
        away(here.senior)
        with pytest.raises(Malformed, match="out of office"):
            hand(action, here.junior, here.senior)

    @pytest.mark.parametrize("reason", ["", " \n", "x" * 5_001], ids=["nothing", "blanks", "too much"])
    def test_without_a_reason_or_with_too_long_a_one(self, here: World, action: Action, reason: str) -> None:
        with pytest.raises(Malformed):
            hand(action, here.junior, here.senior, reason)

    def test_while_somebody_else_has_it(self, here: World, action: Action) -> None:
        kim = member(here.desk, "kim")
        take(action, kim)
        with pytest.raises(ClaimedByAnother) as refusal:
            hand(action, here.junior, here.senior)
        assert refusal.value.details["by"] == "kim"

    def test_once_it_is_decided(self, here: World, action: Action) -> None:
        world.decide("approve", action, here.junior)
        with pytest.raises(WrongState):
            hand(action, here.junior, here.senior)

    def test_by_those_who_do_not_review_there(self, here: World, action: Action) -> None:
        with pytest.raises(NotFound):
            hand(action, world.person("stranger"), here.senior)
        with pytest.raises(NotAllowed):
            handover.hand_over(actor=here.as_agent(), at=NOON, action_id=action.pk, to="senior", reason=WHY)


class TestTheColleague:
    def test_keeps_it_while_looking_at_it_and_after(self, here: World, action: Action) -> None:
        handed = hand(action, here.junior, here.senior)
        assert take(action, here.senior).until == handed.until
        release(action, here.senior, is_left=True)
        assert Claim.objects.get().note == handed.note

    def test_can_hand_it_back_which_is_recorded_and_told(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        release(action, here.senior)
        assert not Claim.objects.exists()
        entry = LedgerEntry.objects.get(event="action.handed_back")
        assert (entry.actor, f'"to":"person:{here.junior.pk}"' in entry.body) == (f"person:{here.senior.pk}", True)
        assert Delivery.objects.filter(person=here.junior, kind="action.handed_back").exists()

    def test_can_be_relieved_by_anybody_who_reviews_there(self, here: World, action: Action) -> None:
        hand(action, here.junior, here.senior)
        claim = take(action, here.junior, is_takeover=True)
        assert (claim.person, claim.note) == (here.junior, None)
        world.decide("approve", action, here.junior)

    def test_gets_no_power_from_it(self, here: World, action: Action) -> None:
        kim = member(here.desk, "kim")
        hand(action, here.junior, kim)
        Membership.objects.filter(person=kim).delete()
        with pytest.raises(NotFound):
            world.decide("approve", action, kim)

    def test_stands_in_nobodys_way_once_others_are_asked(self, here: World) -> None:
        vera = plans.vera()
        plans.follow(here, plans.BOOKS, plans.VERA)
        action = here.pending()
        hand(action, here.junior, here.senior)
        world.decide("approve", action, here.senior)
        assert not Claim.objects.exists()
        world.decide("approve", fresh(action), vera)


class TestColleagues:
    def test_are_those_who_may_decide_it(self, here: World, action: Action) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        member(here.desk, "low", ceilings={"EUR": "10.00"})
        member(Desk.objects.create(slug="it", name="IT"), "elsewhere")
        assert offered(action, here.junior) == ["senior"]
        assert offered(action, here.senior) == ["junior"]

    def test_are_seniors_where_a_senior_is_asked(self, here: World) -> None:
        assert offered(here.pending(amount=9000), here.senior) == []

    def test_leave_out_the_requester_however_spelled(self, here: World) -> None:
        action = here.pending(on_behalf_of="Senior <senior@example.com>")
        assert offered(action, here.junior) == []

    def test_say_until_when_somebody_is_away(self, here: World, action: Action) -> None:
        away(here.senior)
        (found,) = queries.colleagues(fresh(action), here.junior)
        assert found.away_until is not None

    def test_have_whoever_decides_for_another(self, here: World, action: Action) -> None:
        kim, now = world.person("kim"), db.now()
        span = {"starts_at": now, "ends_at": now + timedelta(days=1)}
        delegations.grant(
            actor=as_person(here.senior), at=now, person=here.senior, delegate=kim, desk=here.desk, **span
        )
        assert offered(action, here.junior) == ["kim", "senior"]
        assert hand(action, here.junior, kim).person == kim

    def test_are_the_one_whom_a_stage_names(self, here: World) -> None:
        vera = plans.vera()
        plans.follow(here, plans.VERA)
        action = here.pending()
        assert offered(action, here.junior) == [vera.get_username()]
