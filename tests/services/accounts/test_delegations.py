"""Delegations: who may lend what to whom, for how long, and who takes it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from approvals import guards
from approvals.actors import Actor, Door
from approvals.errors import DelegationRefused, Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Delegation, Desk, LedgerEntry, Membership, Person
from approvals.services.accounts import absences, delegations
from approvals.states import Tier
from policies.errors import Refused
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def lend(who: Person, person: Person, to: Person, door: Door = Door.ADMIN, **more: Any) -> Delegation:
    given = {"ends_at": NOW + DAY} | more
    return delegations.grant(actor=Actor(door, person=who), at=NOW, person=person, delegate=to, **given)  # type: ignore[return-value]


class TestGrant:
    def test_says_who_for_whom_when_and_why_in_row_history_and_ledger(self, here: World, friend: Person) -> None:
        given = lend(here.senior, here.senior, friend, desk=here.desk, reason="On leave.")
        history, entry = given.history.get(), LedgerEntry.objects.get(event="delegation.granted")
        assert (given.starts_at, given.granted_at, given.granted_by) == (NOW, NOW, here.senior)
        assert (history.actor, history.door, history.history_change_reason) == ("senior", "admin", "On leave.")
        assert (entry.actor, entry.history_id) == (f"person:{here.senior.pk}", history.history_id)
        assert "leave" not in entry.body

    def test_lets_a_senior_lend_what_somebody_of_her_desk_cannot(self, here: World, friend: Person) -> None:
        given = lend(here.senior, here.junior, friend, desk=here.desk)
        assert (given.person, given.granted_by) == (here.junior, here.senior)

    def test_takes_a_moment_ago_for_now(self, here: World, friend: Person) -> None:
        assert lend(here.senior, here.senior, friend, starts_at=NOW - timedelta(minutes=2)).starts_at == NOW

    @pytest.mark.parametrize(
        ("times", "sentence"),
        [
            ({"starts_at": NOW - DAY}, "cannot start in the past"),
            ({"ends_at": NOW}, "must end after it starts"),
            ({"starts_at": NOW + 2 * DAY}, "must end after it starts"),
            ({"ends_at": NOW + 61 * DAY}, "at most 60 days"),
            ({"reason": "x" * 501}, "at most 500 characters"),
        ],
    )
    def test_refuses_times_that_cannot_be(
        self, here: World, friend: Person, times: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(Malformed, match=sentence):
            lend(here.senior, here.senior, friend, **times)

    def test_refuses_to_lend_what_is_somebody_elses(self, here: World, friend: Person) -> None:
        for who, desk in ((here.junior, here.desk), (here.senior, None), (friend, here.desk)):
            with pytest.raises(NotAllowed):
                lend(who, here.senior if who != here.senior else here.junior, friend, desk=desk)
        elsewhere = Desk.objects.create(slug="it", name="IT")
        Membership.objects.create(person=here.junior, desk=elsewhere, tier=Tier.JUNIOR)
        with pytest.raises(NotAllowed, match="senior reviewer at IT"):
            lend(here.senior, here.junior, friend, desk=elsewhere)

    def test_refuses_a_token_and_an_agent(self, here: World, friend: Person) -> None:
        with pytest.raises(NotAllowed):
            lend(here.senior, here.senior, friend, door=Door.TOKEN)
        with pytest.raises(NotAllowed):
            delegations.grant(actor=here.as_agent(), at=NOW, person=here.senior, delegate=friend, ends_at=NOW + DAY)

    def test_refuses_and_records_what_was_lent_already(self, here: World, friend: Person) -> None:
        lend(here.senior, here.senior, friend)
        with pytest.raises(DelegationRefused, match="Delegated authority cannot be passed on"):
            lend(friend, friend, here.junior)
        entry = LedgerEntry.objects.get(event="delegation.refused")
        assert entry.actor == f"person:{friend.pk}" and "delegation_refused" in entry.body

    @pytest.mark.parametrize("which", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
    def test_refuses_whoever_cannot_sign_in(self, here: World, which: dict[str, Any]) -> None:
        with pytest.raises(DelegationRefused, match="cannot sign in"):
            lend(here.senior, here.senior, world.person("ghost", **which))

    def test_refuses_oneself_and_power_taken_for_oneself(self, here: World) -> None:
        with pytest.raises(DelegationRefused, match="to themselves"):
            lend(here.senior, here.senior, here.senior)
        with pytest.raises(DelegationRefused, match="to yourself"):
            lend(here.senior, here.junior, here.senior, desk=here.desk)
        assert LedgerEntry.objects.filter(event="delegation.refused").count() == 2


class TestEnd:
    @pytest.mark.parametrize("who", ["junior", "friend", "senior"])
    def test_is_for_both_and_for_seniors_of_the_desk(self, here: World, friend: Person, who: str) -> None:
        given = lend(here.junior, here.junior, friend)
        person = Person.objects.get(username=who)
        ended = delegations.end(actor=Actor(Door.ADMIN, person=person), at=NOW, delegation_id=given.pk)
        assert (ended.ended_by, ended.ended_at) == (person, NOW)
        assert LedgerEntry.objects.filter(event="delegation.ended").count() == 1

    def test_is_for_nobody_else_and_once(self, here: World, friend: Person) -> None:
        given = lend(here.senior, here.senior, friend)
        for person, refusal in ((here.junior, NotFound), (here.owner, NotFound)):
            with pytest.raises(refusal):
                delegations.end(actor=Actor(Door.ADMIN, person=person), at=NOW, delegation_id=given.pk)
        delegations.end(actor=Actor(Door.ADMIN, person=friend), at=NOW, delegation_id=given.pk)
        with pytest.raises(WrongState):
            delegations.end(actor=Actor(Door.ADMIN, person=friend), at=NOW, delegation_id=given.pk)


class TestTheDatabase:
    def test_keeps_what_was_lent(self, here: World, friend: Person) -> None:
        given = lend(here.senior, here.senior, friend)
        row = Delegation.objects.filter(pk=given.pk)
        with pytest.raises(DatabaseError, match=guards.rows.CHANGED), transaction.atomic():
            row.update(ends_at=NOW + 9 * DAY)
        delegations.end(actor=Actor(Door.ADMIN, person=friend), at=NOW, delegation_id=given.pk)
        with pytest.raises(DatabaseError, match=guards.rows.ENDED), transaction.atomic():
            row.update(ended_at=None, ended_by=None)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.delete()

    def test_knows_nobody_who_decides_for_herself_or_for_the_past(self, here: World, friend: Person) -> None:
        fields = {"person": here.senior, "granted_by": here.senior, "granted_at": NOW, "ends_at": NOW + DAY}
        for wrong in ({"delegate": here.senior, "starts_at": NOW}, {"delegate": friend, "starts_at": NOW - DAY}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Delegation.objects.create(**(fields | wrong))


class TestAbsences:
    def enter(self, who: Person, person: Person, **more: Any) -> Any:
        return absences.enter(
            actor=Actor(Door.ADMIN, person=who), at=NOW, person=person, **({"ends_at": NOW + DAY} | more)
        )

    def test_are_noted_and_ended_by_oneself_or_a_senior(self, here: World) -> None:
        mine, hers = self.enter(here.junior, here.junior), self.enter(here.senior, here.junior)
        for row in (mine, hers):
            absences.end(actor=Actor(Door.ADMIN, person=here.senior), at=NOW, absence_id=row.pk)
        events = LedgerEntry.objects.filter(event__startswith="absence.").values_list("event", flat=True)
        assert sorted(events) == ["absence.ended"] * 2 + ["absence.entered"] * 2

    def test_are_nobody_elses_business(self, here: World) -> None:
        row = self.enter(here.senior, here.senior)
        with pytest.raises(NotAllowed):
            self.enter(here.junior, here.senior)
        with pytest.raises(NotFound):
            absences.end(actor=Actor(Door.ADMIN, person=here.junior), at=NOW, absence_id=row.pk)

    @pytest.mark.parametrize("times", [{"ends_at": NOW}, {"starts_at": NOW + 2 * DAY}, {"ends_at": NOW + 400 * DAY}])
    def test_have_times_that_can_be(self, here: World, times: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            self.enter(here.junior, here.junior, **times)

    def test_end_once(self, here: World) -> None:
        row = self.enter(here.junior, here.junior)
        absences.end(actor=Actor(Door.ADMIN, person=here.junior), at=NOW, absence_id=row.pk)
        with pytest.raises(WrongState):
            absences.end(actor=Actor(Door.ADMIN, person=here.junior), at=NOW, absence_id=row.pk)
