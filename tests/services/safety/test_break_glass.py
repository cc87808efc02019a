"""Break-glass: a senior's power for an hour at one desk, told to others at once, marked, and reviewed by another."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, IntegrityError
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.channels.fake import FakeChannel
from approvals.errors import (
    Malformed,
    NotAllowed,
    NotFound,
    NotYourDesk,
    RationaleMissing,
    SelfApproval,
    TierTooLow,
    WrongState,
)
from approvals.models import BreakGlass, BreakGlassUse, Decision, Delivery, Desk, LedgerEntry, Membership, Person
from approvals.queries.record import timeline
from approvals.services.notifications import queue
from approvals.services.safety import break_glass, halts
from approvals.states import Tier
from policies import db
from tests import world
from tests.world import NOON, World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive, pytest.mark.world(undo_seconds=0)]
WHY = "Both seniors are on a plane and the pay run ends at noon."


@pytest.fixture
def here(here: World) -> World:
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
    return here


@pytest.fixture
def helper(here: World) -> Person:
    """Somebody of another desk who may break glass."""
    return able("helper")


def able(name: str) -> Person:
    person = world.person(name)
    person.groups.add(Group.objects.get(name="Break-glass"))
    return Person.objects.get(pk=person.pk)


def as_(person: Person, door: Door = Door.ADMIN) -> Actor:
    return Actor(door, person=person, scopes=frozenset({"decide"}))


def smash(person: Person, desk: str = "finance", **changes: Any) -> BreakGlass:
    given = {"reason": WHY, "password": "secret"} | changes
    return break_glass.start(actor=as_(person), at=NOON, desk=desk, **given)


def lapse(glass: BreakGlass, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let its hour pass, as the superuser of a database could."""
    past = db.now() - timedelta(hours=2)
    statement = "UPDATE approvals_breakglass SET opened_at = %s, expires_at = %s WHERE id = %s"
    given = [past.isoformat(" "), (past + timedelta(hours=1)).isoformat(" "), world.stored(glass.pk)]
    world.tamper(statement, given, "approvals_breakglass_fixed", "told_breakglass_changed")


def review(
    person: Person, glass: BreakGlass, finding: str = "justified", note: str = "I would have, too."
) -> BreakGlass:
    return break_glass.review(actor=as_(person), at=NOON, break_glass_id=glass.pk, finding=finding, note=note)


def end(person: Person, glass: BreakGlass) -> BreakGlass:
    return break_glass.close(actor=as_(person), at=NOON, break_glass_id=glass.pk)


def events(prefix: str = "break_glass.") -> list[str]:
    return list(LedgerEntry.objects.filter(event__startswith=prefix).order_by("id").values_list("event", flat=True))


class TestStart:
    def test_gives_a_seniors_power_to_somebody_from_elsewhere(self, here: World, helper: Person) -> None:
        action = here.pending(amount=9000)
        with pytest.raises(NotFound):
            world.decide("approve", action, helper)
        smash(helper)
        decision = world.decide("approve", action, helper)
        assert (decision.tier, decision.is_exception, fresh(action).state) == (Tier.SENIOR, True, "approved")
        assert BreakGlassUse.objects.get().decision == decision
        assert events() == ["break_glass.opened", "break_glass.used"]
        assert "with break-glass access" in timeline.of_action(fresh(action)).headline

    def test_lifts_a_juniors_tier_and_ceiling(self, here: World) -> None:
        here.junior.groups.add(Group.objects.get(name="Break-glass"))
        above, high = here.pending(amount=2000), here.pending(amount=9000)
        smash(Person.objects.get(pk=here.junior.pk))
        for action in (above, high):
            assert world.decide("approve", action, here.junior).is_exception

    def test_marks_only_what_ones_own_power_would_not_have_done(self, here: World) -> None:
        here.junior.groups.add(Group.objects.get(name="Break-glass"))
        smash(Person.objects.get(pk=here.junior.pk))
        assert not world.decide("approve", here.pending(), here.junior).is_exception
        assert not BreakGlassUse.objects.exists()

    def test_lasts_an_hour_at_most(self, helper: Person, settings: Settings) -> None:
        glass = smash(helper)
        assert glass.expires_at - glass.opened_at == timedelta(hours=1)
        settings.HITL_BREAK_GLASS_MINUTES = 10
        other = smash(able("other"))
        assert other.expires_at - other.opened_at == timedelta(minutes=10)

    def test_is_over_by_itself(self, here: World, helper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        action = here.pending()
        lapse(smash(helper), monkeypatch)
        with pytest.raises(NotFound):
            world.decide("approve", action, helper)
        assert smash(helper).pk and BreakGlass.objects.filter(closed_at=None).count() == 1

    def test_alarms_the_others_at_once(self, here: World, helper: Person) -> None:
        officer = world.person("officer")
        officer.groups.add(Group.objects.get(name="Compliance"))
        world.person("root", is_superuser=True)
        glass = smash(helper)
        told = Delivery.objects.filter(break_glass=glass)
        assert {str(row.person) for row in told} == {"senior", "officer", "root"}
        mails = queue.lease(actor=system(Door.CLOCK), at=NOON, limit=9)
        assert {mail.message.subject for mail in mails} == {"Break-glass access: helper at Finance"}
        assert all(WHY in mail.message.text for mail in mails)

    def test_alarms_by_the_channel_and_records_what_could_not_be_sent(
        self, here: World, helper: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        smash(helper)
        broken = FakeChannel(failures=99)
        monkeypatch.setattr(queue, "channel", lambda _name: broken)
        monkeypatch.setattr(queue, "MAX_ATTEMPTS", 1)
        queue.deliver_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        assert Delivery.objects.get().state == "dead" and events("notice.") == ["notice.failed"]

    @pytest.mark.parametrize("password", ["", "guess"])
    def test_wants_the_password_once_more(self, helper: Person, password: str) -> None:
        with pytest.raises(NotAllowed):
            smash(helper, password=password)
        assert events() == ["break_glass.refused"] and not BreakGlass.objects.exists()

    def test_wants_a_reason(self, helper: Person) -> None:
        with pytest.raises(RationaleMissing):
            smash(helper, reason=" ")
        with pytest.raises(Malformed):
            smash(helper, reason="x" * 501)

    def test_is_for_whoever_has_the_permission(self, here: World) -> None:
        for person in (here.junior, here.senior):
            with pytest.raises(NotAllowed):
                smash(person)
        assert events() == ["break_glass.refused"] * 2

    @pytest.mark.parametrize("door", [Door.TOKEN, Door.API, Door.COMMAND])
    def test_is_for_the_admins_door_alone(self, helper: Person, door: Door) -> None:
        with pytest.raises(NotAllowed):
            break_glass.start(actor=as_(helper, door), at=NOON, desk="finance", reason=WHY, password="secret")

    def test_is_not_where_policies_are_published(self, helper: Person) -> None:
        assert Desk.objects.filter(slug="policies").exists()
        for desk in ("policies", "nowhere"):
            with pytest.raises(NotAllowed):
                smash(helper, desk)

    def test_is_not_for_whoever_has_it_all_already(self, here: World) -> None:
        here.senior.groups.add(Group.objects.get(name="Break-glass"))
        with pytest.raises(WrongState):
            smash(Person.objects.get(pk=here.senior.pk))

    def test_happens_once_at_a_time(self, helper: Person) -> None:
        smash(helper)
        with pytest.raises(WrongState):
            smash(helper)


class TestWhatItNeverGives:
    def test_is_ones_own_request(self, here: World, helper: Person) -> None:
        action = here.pending(on_behalf_of="helper@example.com")
        smash(helper)
        with pytest.raises(SelfApproval):
            world.decide("approve", action, helper)

    def test_is_what_ones_own_agent_proposed_even_where_the_desk_runs_solo(self, here: World) -> None:
        here.owner.groups.add(Group.objects.get(name="Break-glass"))
        here.desk.is_solo = True
        here.desk.save()
        smash(Person.objects.get(pk=here.owner.pk))
        with pytest.raises(SelfApproval):
            world.decide("approve", here.pending(), here.owner)

    def test_is_another_desk(self, here: World, helper: Person) -> None:
        Desk.objects.create(slug="it", name="IT")
        smash(helper, "it")
        with pytest.raises(NotFound):
            world.decide("approve", here.pending(), helper)

    def test_is_power_for_tokens_and_the_api(self, here: World, helper: Person) -> None:
        action = here.pending()
        smash(helper)
        for door in (Door.TOKEN, Door.API):
            with pytest.raises((NotYourDesk, TierTooLow)):
                world.decide("approve", action, helper, door=door)

    def test_is_lifting_halts(self, here: World, helper: Person) -> None:
        halt = halts.start(actor=as_(here.junior), at=NOON, scope="desk", name="finance")
        smash(helper)
        with pytest.raises((NotAllowed, NotFound)):
            halts.lift(actor=as_(helper), at=NOON, halt_id=halt.pk, reason="It is urgent.")


class TestClose:
    def test_ends_it_for_oneself_and_by_others(self, here: World, helper: Person) -> None:
        assert end(helper, smash(helper)).closed_at is not None
        with pytest.raises(NotFound):
            world.decide("approve", here.pending(), helper)
        assert end(here.senior, smash(helper)).closed_at is not None
        assert events()[-1] == "break_glass.closed"

    def test_is_not_for_everybody(self, here: World, helper: Person) -> None:
        glass = smash(helper)
        with pytest.raises(NotAllowed):
            end(here.junior, glass)
        with pytest.raises(NotFound):
            end(world.person("stranger"), glass)

    def test_happens_once(self, helper: Person) -> None:
        glass = smash(helper)
        end(helper, glass)
        with pytest.raises(WrongState):
            end(helper, glass)


class TestReview:
    def test_is_by_another_senior_with_a_finding_and_words(self, here: World, helper: Person) -> None:
        glass = end(helper, smash(helper))
        with pytest.raises(Malformed):
            review(here.senior, glass, "fine")
        with pytest.raises(RationaleMissing):
            review(here.senior, glass, note=" ")
        done = review(here.senior, glass, "unjustified", "One of us could be reached.")
        assert (done.reviewed_by, done.finding) == (here.senior, "unjustified")
        assert events()[-1] == "break_glass.reviewed"

    def test_is_never_by_oneself(self, here: World, helper: Person) -> None:
        Membership.objects.create(person=helper, desk=here.desk, tier=Tier.SENIOR, ceilings={"EUR": "1.00"})
        helper.user_permissions.add(Permission.objects.get(codename="review_break_glass"))
        glass = end(helper, smash(helper))
        with pytest.raises(SelfApproval):
            review(Person.objects.get(pk=helper.pk), glass)
        assert events()[-1] == "break_glass.refused"

    def test_is_for_those_who_may_review_everywhere(self, helper: Person) -> None:
        auditor = world.person("auditor")
        auditor.user_permissions.add(Permission.objects.get(codename="review_break_glass"))
        assert review(Person.objects.get(pk=auditor.pk), end(helper, smash(helper))).reviewed_by == auditor

    def test_is_not_for_juniors(self, here: World, helper: Person) -> None:
        with pytest.raises(NotAllowed):
            review(here.junior, end(helper, smash(helper)))

    def test_waits_until_it_is_over(self, here: World, helper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        glass = smash(helper)
        with pytest.raises(WrongState):
            review(here.senior, glass)
        lapse(glass, monkeypatch)
        assert review(here.senior, glass).closed_at is not None

    def test_happens_once(self, here: World, helper: Person) -> None:
        glass = end(helper, smash(helper))
        review(here.senior, glass)
        with pytest.raises(WrongState):
            review(here.senior, glass, "unjustified")


class TestTheDatabase:
    def test_keeps_it_as_it_was(self, here: World, helper: Person) -> None:
        glass = smash(helper)
        for change in ({"reason": "None."}, {"expires_at": NOON + timedelta(days=9)}, {"person": here.senior}):
            with pytest.raises(DatabaseError):
                BreakGlass.objects.filter(pk=glass.pk).update(**change)
        with pytest.raises(DatabaseError):
            glass.delete()

    def test_keeps_a_review_and_its_four_eyes(self, here: World, helper: Person) -> None:
        glass = end(helper, smash(helper))
        whole = {"finding": "justified", "reviewed_at": NOON, "note": "Fine."}
        with pytest.raises(IntegrityError):
            BreakGlass.objects.filter(pk=glass.pk).update(reviewed_by=helper, **whole)
        review(here.senior, glass)
        with pytest.raises(DatabaseError):
            BreakGlass.objects.filter(pk=glass.pk).update(note="Not fine.")

    def test_keeps_what_was_decided_by_it(self, here: World, helper: Person) -> None:
        smash(helper)
        world.decide("approve", here.pending(), helper)
        with pytest.raises(DatabaseError):
            BreakGlassUse.objects.all().delete()
        assert Decision.objects.filter(break_glass_use__isnull=False).count() == 1
