"""Ending an effect before its time: who may, what is recorded, and what happens once."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.fake import FakeConnector
from approvals.errors import Halted, NotFound, NotYourDesk, ScopeMissing, WrongState
from approvals.models import Action, Desk, LedgerEntry, Membership, Person
from approvals.services.decisions import undo
from approvals.services.ends import due, early
from approvals.services.intake import reversal
from approvals.services.safety import halts
from approvals.states import HaltScope
from tests import world
from tests.services.ends.given import (
    WORKER,
    end_due,
    end_now,
    ends,
    executed,
    is_live,
    let_end,
    run_ready,
    states,
)
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]


def halt(here: World, scope: HaltScope, **about: str) -> None:
    boss = world.person("boss")
    boss.user_permissions.add(Permission.objects.get(codename="add_halt"))
    halts.start(actor=Actor(Door.ADMIN, person=boss), at=NOON, scope=scope, reason="Look.", **about)


class TestEndingNow:
    def test_puts_an_end_that_is_due_in_the_place_of_the_promised_one(self, here: World, fake: FakeConnector) -> None:
        action = executed(here)
        end_now(action, here.junior, "No longer needed.")
        assert states(action) == ["canceled", "ready"] and ends(action)[1].is_early
        assert end_due() == 1
        assert states(action) == ["canceled", "succeeded"] and not is_live(action)
        assert len(fake.orders) == 2

    def test_is_recorded_with_the_digest_of_its_reason(self, here: World) -> None:
        end_now(action := executed(here), here.junior, "No longer needed.")
        entry = LedgerEntry.objects.get(action=action, event="end.asked")
        assert entry.actor == f"person:{here.junior.pk}" and "No longer" not in entry.data
        assert action.texts.filter(content__rationale="No longer needed.").exists()

    def test_asked_twice_ends_once(self, here: World, fake: FakeConnector) -> None:
        action = executed(here)
        for _ in range(2):
            end_now(action, here.junior)
        end_due()
        end_now(action, here.senior)
        assert (states(action), end_due(), len(fake.orders)) == (["canceled", "succeeded"], 0, 2)

    def test_works_for_what_has_no_end(self, here: World) -> None:
        end_now(action := executed(here, until=None), here.junior)
        end_due()
        assert (states(action), is_live(action)) == (["succeeded"], False)

    def test_of_a_leased_end_leaves_its_worker_nothing_to_send(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        claim = due.lease(actor=WORKER, at=NOON)
        assert claim is not None
        end_now(action, here.junior)
        assert due.dispatch_end(actor=WORKER, at=NOON, claim=claim) is None
        assert end_due() == 1 and len(fake.orders) == 2

    def test_of_an_end_that_is_under_way_changes_nothing(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        claim = due.lease(actor=WORKER, at=NOON)
        assert claim is not None and due.dispatch_end(actor=WORKER, at=NOON, claim=claim)
        end_now(action, here.junior)
        assert states(action) == ["running"] and "end.asked" not in events(action)

    def test_is_refused_for_what_is_not_in_effect(self, here: World) -> None:
        for action in (here.pending(), here.approved()):
            with pytest.raises(WrongState, match="not in effect"):
                end_now(action, here.junior)

    def test_is_refused_where_the_connector_keeps_no_way_back(self, here: World) -> None:
        here.set_kind(ends="never")
        with pytest.raises(WrongState, match="not in effect"):
            end_now(executed(here, until=None), here.junior)


class TestWhoMay:
    def test_a_junior_may_end_what_a_senior_approved(self, here: World) -> None:
        action = here.pending(amount=9000, until=None)
        world.decide("approve", action, here.senior)
        run_ready()
        end_now(action, here.junior)
        assert states(action) == ["ready"]

    def test_a_person_of_another_desk_may_not(self, here: World) -> None:
        action, stranger = executed(here), world.person("stranger")
        with pytest.raises(NotFound):
            end_now(action, stranger)
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="hr", name="HR"), tier=2)
        with pytest.raises(NotFound):
            end_now(action, stranger)

    def test_whom_it_was_for_may_and_an_auditor_may_not(self, here: World) -> None:
        auditor = world.auditor()
        others, own = executed(here), executed(here, on_behalf_of="root")
        with pytest.raises(NotYourDesk):
            end_now(others, auditor)
        end_now(own, auditor)
        assert states(own) == ["canceled", "ready"] and states(others) == ["ready"]

    def test_its_agent_may_by_a_key_that_may_withdraw(self, here: World) -> None:
        action = executed(here)
        without = replace(here.as_agent(), scopes=frozenset({"propose:*", "read:own"}))
        with pytest.raises(ScopeMissing):
            ask(action, without)
        ask(action, here.as_agent())
        assert states(action) == ["canceled", "ready"] and not ends(action)[1].is_early

    def test_another_agent_may_not(self, here: World) -> None:
        other = replace(here.as_agent(), agent=world.Agent.objects.create(name="b", title="B", owner=here.owner))
        with pytest.raises(NotFound):
            ask(executed(here), other)

    def test_who_was_refused_is_recorded(self, here: World) -> None:
        auditor, action = world.auditor(), executed(here)
        with pytest.raises(NotYourDesk):
            end_now(action, auditor)
        assert "end.refused" in events(action)


class TestAHalt:
    """What begins is stopped; what only takes away goes on, unless the very way to it is stopped."""

    @pytest.mark.parametrize(("scope", "by_itself", "by_a_person"), [
        (HaltScope.AGENT, True, True), (HaltScope.ACTION_TYPE, True, True), (HaltScope.DESK, True, True),
        (HaltScope.EVERYTHING, False, True), (HaltScope.CONNECTOR, False, False),
    ])  # fmt: skip
    def test_holds_back(self, here: World, scope: HaltScope, by_itself: bool, by_a_person: bool) -> None:
        let_end(alone := executed(here))
        asked = executed(here)
        halt(here, scope, **about(here, scope))
        end_due()
        assert is_live(alone) is not by_itself
        end_now(asked, here.junior)
        end_due()
        assert is_live(asked) is not by_a_person

    def test_that_comes_between_lease_and_dispatch_holds_back_too(self, here: World, fake: FakeConnector) -> None:
        let_end(action := executed(here))
        claim = due.lease(actor=WORKER, at=NOON)
        halt(here, HaltScope.CONNECTOR, name="fake")
        assert claim is not None and due.dispatch_end(actor=WORKER, at=NOON, claim=claim) is None
        assert states(action) == ["ready"] and len(fake.orders) == 1

    def test_lets_no_agent_end_anything(self, here: World) -> None:
        action = executed(here)
        halt(here, HaltScope.EVERYTHING)
        with pytest.raises(Halted):
            ask(action, here.as_agent())


class TestAReversal:
    def test_is_refused_for_what_can_be_ended(self, here: World) -> None:
        action = reversible(here)
        with pytest.raises(WrongState, match="End it now"):
            reverse(action, here.junior)

    def test_is_possible_when_the_end_failed_and_then_nothing_is_left_to_end(
        self, here: World, fake: FakeConnector
    ) -> None:
        let_end(action := reversible(here))
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No.")))
        end_due()
        back = reverse(action, here.junior)
        with pytest.raises(WrongState, match="in progress"):
            end_now(action, here.junior)
        world.decide("approve", here.route(back), here.senior)
        run_ready()
        assert world.fresh(back).state == "executed" and not is_live(action)

    def test_that_was_rejected_stays_so_once_the_effect_has_ended(self, here: World, fake: FakeConnector) -> None:
        let_end(action := reversible(here, undo_seconds=600))
        fake.script.append((False, CallResult(CallStatus.REFUSED, error="No.")))
        end_due()
        back = here.route(reverse(action, here.junior))
        world.decide("reject", back, here.senior)
        end_now(action, here.junior)
        end_due()
        with pytest.raises(WrongState, match="ended already"):
            undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, action_id=back.pk)


def ask(action: Action, actor: Actor) -> None:
    early.end(actor=actor, at=NOON, action_id=action.pk)


def about(here: World, scope: HaltScope) -> dict[str, str]:
    names = {
        HaltScope.AGENT: here.agent.name, HaltScope.ACTION_TYPE: here.kind.name, HaltScope.DESK: here.desk.slug,
        HaltScope.CONNECTOR: "fake",
    }  # fmt: skip
    return {"name": names[scope]} if scope in names else {}


def reversible(here: World, undo_seconds: int = 0) -> Action:
    """An action in effect whose kind another kind reverses."""
    kind = world.invoice_type(
        here.desk, name="invoice.reverse", connector="fake", undo_seconds=undo_seconds, mode="in_the_loop"
    )
    here.set_kind(reversal_type=kind)
    return executed(here)


def reverse(action: Action, who: Person) -> Action:
    payload = reversal.suggested(action, action.action_type.reversal_type)
    actor = Actor(Door.ADMIN, person=who)
    return reversal.propose_reversal(actor=actor, at=NOON, action_id=action.pk, payload=payload, why="Wrong.")
