"""The stop button: easy to press, hard to release; under a halt nothing starts, and what may stop still may."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection

from approvals import guards
from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import (
    Halted,
    Malformed,
    NotAllowed,
    NotFound,
    RationaleMissing,
    SelfApproval,
    TooLate,
    WrongState,
)
from approvals.models import Action, ActionType, Agent, Attempt, Decision, Desk, Execution, Halt, LedgerEntry, Person
from approvals.services.decisions import undo
from approvals.services.execution import agent, dispatch, run
from approvals.services.intake import propose
from approvals.services.safety import halts
from approvals.states import ExecutionMode
from tests import world
from tests.world import NOON, World, now

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)


@pytest.fixture
def chief(here: World) -> Person:
    """Somebody with the permissions on everything."""
    return empowered("chief")


def empowered(name: str) -> Person:
    person = world.person(name)
    person.user_permissions.set(Permission.objects.filter(codename__in=["add_halt", "change_halt"]))
    return Person.objects.get(pk=person.pk)


def freeze(who: Person, scope: str = "desk", name: str = "finance", door: Door = Door.ADMIN, **more: Any) -> Halt:
    return halts.start(actor=Actor(door, person=who), at=NOON, scope=scope, name=name, **more)


def thaw(who: Person, halt: Halt, reason: str = "Checked.", door: Door = Door.ADMIN) -> Halt:
    return halts.lift(actor=Actor(door, person=who), at=NOON, halt_id=halt.pk, reason=reason)  # type: ignore[return-value]


EVERY = [
    ("everything", ""),
    ("desk", "finance"),
    ("action_type", "invoice.post"),
    ("agent", "invoice-bot"),
    ("connector", "fake"),
]


class TestFreeze:
    def test_says_who_when_and_why_in_row_history_and_ledger(self, here: World) -> None:
        halt = freeze(here.junior, reason="Odd amounts.")
        history = halt.history.get()
        entry = LedgerEntry.objects.get(event="halt.started")
        assert (halt.started_by, halt.started_at, halt.reason) == (here.junior, NOON, "Odd amounts.")
        assert (history.actor, history.door, history.history_change_reason) == ("junior", "admin", "Odd amounts.")
        assert (entry.actor, entry.history_id) == (f"person:{here.junior.pk}", history.history_id)
        assert "Odd" not in entry.body

    @pytest.mark.parametrize("scope", [("desk", "finance"), ("action_type", "invoice.post")])
    def test_is_for_any_member_of_the_desk(self, here: World, scope: tuple[str, str]) -> None:
        assert freeze(here.junior, *scope).name == scope[1]

    def test_is_for_an_agents_owner(self, here: World) -> None:
        assert freeze(here.owner, "agent", "invoice-bot").agent == here.agent

    @pytest.mark.parametrize("scope", EVERY)
    def test_is_for_whoever_has_the_permission(self, chief: Person, scope: tuple[str, str]) -> None:
        assert freeze(chief, *scope).scope == scope[0]

    @pytest.mark.parametrize("scope", [each for each in EVERY if each[0] != "agent"])
    def test_is_not_for_a_stranger(self, here: World, scope: tuple[str, str]) -> None:
        with pytest.raises(NotAllowed, match="permission to start this halt"):
            freeze(here.owner, *scope)

    @pytest.mark.parametrize("scope", [("agent", "invoice-bot"), ("everything", ""), ("desk", "it"), ("planet", "x")])
    def test_does_not_reach_beyond_ones_own(self, here: World, scope: tuple[str, str]) -> None:
        Desk.objects.create(slug="it", name="IT")
        with pytest.raises(NotAllowed):
            freeze(here.senior, *scope)

    def test_is_not_for_an_agents_key(self, here: World) -> None:
        with pytest.raises(NotAllowed, match="person"):
            halts.start(actor=here.as_agent(), at=NOON, scope="agent", name="invoice-bot")

    def test_twice_says_who_was_first(self, here: World) -> None:
        freeze(here.junior)
        with pytest.raises(WrongState, match="Desk Finance was already halted by junior on"):
            freeze(here.senior)

    def test_keeps_reasons_short(self, here: World) -> None:
        with pytest.raises(Malformed):
            freeze(here.junior, reason="x" * 501)


class TestThaw:
    def test_needs_a_second_person_and_a_reason_for_a_desk(self, here: World) -> None:
        halt = freeze(here.junior)
        with pytest.raises(SelfApproval, match="Another person must lift it"):
            thaw(here.junior, halt)
        assert LedgerEntry.objects.filter(event="halt.lifting_refused").count() == 1
        with pytest.raises(RationaleMissing):
            thaw(here.senior, halt, "  ")
        lifted = thaw(here.senior, halt, "It was a test run.")
        assert (lifted.lifted_by, lifted.lift_reason) == (here.senior, "It was a test run.")
        assert LedgerEntry.objects.filter(event="halt.lifted").count() == 1

    @pytest.mark.parametrize("scope", [("everything", ""), ("connector", "fake")])
    def test_needs_a_second_person_with_the_permission_beyond_a_desk(
        self, here: World, chief: Person, scope: tuple[str, str]
    ) -> None:
        halt = freeze(chief, *scope)
        with pytest.raises(SelfApproval):
            thaw(chief, halt)
        with pytest.raises(NotAllowed, match="cannot lift"):
            thaw(here.senior, halt)
        assert thaw(empowered("second"), halt).lifted_at == NOON

    def test_is_for_whoever_started_it_where_it_is_narrow(self, here: World) -> None:
        assert thaw(here.junior, freeze(here.junior, "action_type", "invoice.post")).lifted_at == NOON
        assert thaw(here.owner, freeze(here.owner, "agent", "invoice-bot")).lifted_at == NOON

    def test_is_not_for_an_owner_whose_agent_somebody_else_halted(self, here: World, chief: Person) -> None:
        halt = freeze(chief, "agent", "invoice-bot")
        with pytest.raises(NotAllowed):
            thaw(here.owner, halt)

    def test_is_never_done_with_a_token(self, here: World) -> None:
        with pytest.raises(NotAllowed, match="cannot lift"):
            thaw(here.senior, freeze(here.junior), door=Door.TOKEN)

    def test_alone_is_an_exception_of_a_firm_of_one(self, here: World) -> None:
        Desk.objects.filter(pk=here.desk.pk).update(is_solo=True)
        thaw(here.junior, freeze(here.junior))
        assert '"is_exception":true' in LedgerEntry.objects.get(event="halt.lifted").body

    def test_of_everything_alone_needs_every_desk_to_run_solo(self, here: World, chief: Person) -> None:
        halt = freeze(chief, "everything", "")
        Desk.objects.filter(pk=here.desk.pk).update(is_solo=True)
        with pytest.raises(SelfApproval):
            thaw(chief, halt)
        Desk.objects.update(is_solo=True)
        assert thaw(chief, halt).lifted_at == NOON

    def test_of_a_halt_of_another_desk_finds_nothing(self, here: World, chief: Person) -> None:
        Desk.objects.create(slug="it", name="IT")
        halt = freeze(chief, "desk", "it")
        with pytest.raises(NotFound):
            thaw(here.senior, halt)

    def test_twice_says_who_was_first(self, here: World) -> None:
        halt = freeze(here.junior)
        thaw(here.senior, halt)
        with pytest.raises(WrongState, match="senior already lifted this"):
            thaw(here.senior, halt)
        assert freeze(here.junior).pk != halt.pk


class TestAHalt:
    def test_never_changes_but_for_being_lifted_once(self, here: World) -> None:
        halt = freeze(here.junior, reason="Odd.")
        for column in ("reason = 'Nothing'", "scope = 'agent'", "started_at = lifted_at"):
            with pytest.raises(DatabaseError, match=guards.rows.CHANGED), connection.cursor() as cursor:
                cursor.execute(f"UPDATE approvals_halt SET {column}")
        thaw(here.senior, halt)
        with pytest.raises(DatabaseError, match=guards.safety.LIFTED), connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_halt SET lifted_at = NULL, lifted_by_id = NULL, lift_reason = ''")
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_halt")

    @pytest.mark.parametrize("scope", EVERY)
    def test_has_one_in_force_per_target(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        halt = freeze(chief, *scope)
        halt.pk = None
        with pytest.raises(DatabaseError, match=r"(?i)unique"):
            Halt.objects.bulk_create([Halt(**_columns(halt))])

    def test_is_aimed_at_exactly_what_its_scope_says(self, here: World) -> None:
        for aim in (
            {"scope": "desk"},
            {"scope": "everything", "desk": here.desk},
            {"scope": "agent", "connector": "x"},
        ):
            with pytest.raises(DatabaseError):
                Halt.objects.bulk_create([Halt(started_by=here.junior, started_at=NOON, **aim)])


def _columns(halt: Halt) -> dict[str, Any]:
    names = ("scope", "desk", "action_type", "agent", "connector", "started_by", "started_at")
    return {name: getattr(halt, name) for name in names}


@pytest.mark.parametrize("scope", EVERY)
class TestUnderAHalt:
    def test_proposals_are_refused_and_not_parked(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        freeze(chief, *scope)
        with pytest.raises(Halted, match="has been halted since") as refused:
            here.propose()
        assert refused.value.details["scope"] == scope[0] and "chief" not in refused.value.message
        assert not Action.objects.exists()

    def test_a_replay_still_answers(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        proposal = here.proposal()
        action = world.send(here, proposal).action
        freeze(chief, *scope)
        again = world.send(here, proposal)
        assert (again.is_replay, again.action.pk) == (True, action.pk)

    def test_nothing_is_approved_by_itself(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        action = here.propose(amount=20.5)
        halt = freeze(chief, *scope)
        action = here.route(action)
        assert (action.state, Execution.objects.count()) == ("pending", 0)
        thaw(empowered("second"), halt)
        world.decide("approve", action, here.senior)
        assert world.fresh(action).state == "approved"

    def test_nobody_approves_or_modifies(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        action = here.pending()
        freeze(chief, *scope)
        for verdict, more in (("approve", {}), ("modify", {"payload": action.revision.payload | {"amount": 5.5}})):
            with pytest.raises(Halted):
                world.decide(verdict, action, here.junior, **more)  # type: ignore[arg-type]
        assert not Decision.objects.exists()
        assert LedgerEntry.objects.filter(event="decision.refused").count() == 2

    def test_what_stops_stays_possible(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        given, raised, refused, back = here.approved(now()), here.pending(), here.pending(), here.pending()
        freeze(chief, *scope)
        undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=now(), action_id=given.pk, rationale="No.")
        world.decide("escalate", raised, here.junior)
        world.decide("reject", refused, here.junior)
        world.withdraw(here, back)
        ends = [world.fresh(action).state for action in (given, raised, refused, back)]
        assert ends == ["pending", "pending", "rejected", "withdrawn"]

    def test_what_is_ready_waits_and_then_runs_once(
        self, here: World, chief: Person, fake: FakeConnector, scope: tuple[str, str]
    ) -> None:
        action = here.auto(now())
        halt = freeze(chief, *scope)
        assert run.run_ready(actor=WORKER, clock=now) == 0
        assert (world.fresh(action).state, fake.orders) == ("approved", [])
        thaw(empowered("second"), halt)
        assert run.run_ready(actor=WORKER, clock=now) == 1
        assert world.fresh(action).state == "executed"

    def test_what_was_claimed_before_is_given_back(
        self, here: World, chief: Person, fake: FakeConnector, scope: tuple[str, str]
    ) -> None:
        action = here.auto(now())
        claim = dispatch.lease(actor=WORKER, at=now(), limit=1)[0]
        halt = freeze(chief, *scope)
        assert dispatch.dispatch(actor=WORKER, at=now(), claim=claim) is None
        assert not Attempt.objects.exists()
        thaw(empowered("second"), halt)
        assert run.run_ready(actor=WORKER, clock=now) == 1
        assert world.fresh(action).state == "executed"

    def test_no_approval_is_redeemed(self, here: World, chief: Person, scope: tuple[str, str]) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT)
        action = here.approved(now())
        halt = freeze(chief, *scope)
        with pytest.raises(Halted):
            agent.consume(actor=here.as_agent(), at=now(), action_id=action.pk)
        thaw(empowered("second"), halt)
        assert agent.consume(actor=here.as_agent(), at=now(), action_id=action.pk).state == "running"

    def test_nothing_is_sent_again(
        self, here: World, chief: Person, fake: FakeConnector, no_waiting: None, scope: tuple[str, str]
    ) -> None:
        here.auto(now())
        claim = dispatch.lease(actor=WORKER, at=now(), limit=1)[0]
        assert dispatch.dispatch(actor=WORKER, at=now(), claim=claim)
        halt = freeze(chief, *scope)
        run.recover(actor=WORKER, clock=now, limit=3)
        assert fake.orders == []
        thaw(empowered("second"), halt)
        run.recover(actor=WORKER, clock=now, limit=3)
        assert len(fake.orders) == 1


class TestOutsideAHalt:
    def test_everything_goes_on(self, here: World, fake: FakeConnector, chief: Person) -> None:
        desk = Desk.objects.create(slug="it", name="IT")
        world.invoice_type(desk, name="access.grant", connector="journal")
        Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        for scope in (
            ("desk", "it"),
            ("action_type", "access.grant"),
            ("agent", "other-bot"),
            ("connector", "journal"),
        ):
            freeze(chief, *scope)
        action = here.auto(now())
        assert run.run_ready(actor=WORKER, clock=now) == 1
        assert world.fresh(action).state == "executed"
        world.decide("approve", here.pending(), here.junior)

    def test_a_batch_loses_only_what_is_halted(self, here: World, chief: Person) -> None:
        world.invoice_type(here.desk, name="invoice.pay", connector="fake")
        freeze(chief, "action_type", "invoice.pay")
        answers = propose.propose_many(
            actor=here.as_agent(), at=NOON, proposals=[here.proposal(), here.proposal(action_type="invoice.pay")]
        )
        assert answers[0].refusal is None and isinstance(answers[1].refusal, Halted)


class TestWhatWaitedForAThaw:
    def test_is_asked_anew(self, here: World, chief: Person, fake: FakeConnector) -> None:
        action = here.auto(now())
        halt = freeze(chief)
        ActionType.objects.update(target={"journal": "elsewhere"})
        thaw(empowered("second"), halt)
        run.run_ready(actor=WORKER, clock=now)
        assert (world.fresh(action).state, fake.orders) == ("pending", [])

    def test_cannot_be_called_back_once_it_was_sent(self, here: World, chief: Person, fake: FakeConnector) -> None:
        action = here.approved(now())
        thaw(empowered("second"), freeze(chief))
        run.run_ready(actor=WORKER, clock=now)
        with pytest.raises((TooLate, WrongState)):
            undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=now(), action_id=action.pk)
