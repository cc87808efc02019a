"""Taking back what was carried out: an action of its own, that names what it undoes, for another person to decide."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError

from approvals.actors import Actor, Door, system
from approvals.errors import (
    Halted,
    Malformed,
    NotAllowed,
    NotFound,
    NotYourDesk,
    RationaleMissing,
    SchemaFault,
    SelfApproval,
    UnknownType,
    WrongState,
)
from approvals.models import Action, ActionType, Client, Desk, LedgerEntry, Membership, Person
from approvals.queries.record.related import reversals
from approvals.services.execution import run
from approvals.services.intake import reversal
from approvals.services.safety import halts
from approvals.states import Mode
from tests import world
from tests.races.test_verdicts import rush
from tests.world import NOON, World, fresh

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
WHY = "It was posted twice."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["invoice_number", "total"],
    "properties": {
        "invoice_number": {"type": "string"},
        "total": {"type": "number"},
        "currency": {"type": "string"},
        "issuer": {"type": "integer"},
    },
}


@pytest.fixture
def here(here: World) -> World:
    undoes = world.invoice_type(
        here.desk,
        name="invoice.reverse",
        title="Reverse invoice",
        schema=SCHEMA,
        amount_pointer="/total",
        subject_pointer="",
        reference_pointer="/invoice_number",
        automation_requires=[],
        summary="Reverse {/invoice_number}",
        connector="fake",
        undo_seconds=0,
    )
    here.kind.reversal_type = undoes
    here.kind.save()
    return here


def carry_out() -> None:
    run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))


@pytest.fixture
def done(here: World) -> Action:
    action = here.auto()
    carry_out()
    assert fresh(action).state == "executed"
    return fresh(action)


def take_back(who: Person, action: Action, why: str = WHY, door: Door = Door.ADMIN, **changes: Any) -> Action:
    kind = ActionType.objects.get(name="invoice.reverse")
    payload = reversal.suggested(fresh(action), kind) | changes
    actor = Actor(door, person=who, scopes=frozenset({"decide"}))
    return reversal.propose_reversal(actor=actor, at=NOON, action_id=action.pk, payload=payload, why=why)


class TestCompensate:
    def test_proposes_what_undoes_it_in_the_persons_name(self, here: World, done: Action) -> None:
        made = take_back(here.junior, done)
        assert (made.state, made.action_type.name, made.reverses) == ("proposed", "invoice.reverse", done)
        assert (made.agent.person, made.owner, made.amount) == (here.junior, here.junior, done.amount)

    def test_takes_over_what_fits(self, here: World, done: Action) -> None:
        """The amount has another name there; the issuer another type."""
        number = done.revision.payload["invoice_number"]
        kind = ActionType.objects.get(name="invoice.reverse")
        assert reversal.suggested(done, kind) == {"invoice_number": number, "total": 20.5, "currency": "EUR"}

    def test_waits_for_another_person_whatever_policy_would_let_run(self, here: World, done: Action) -> None:
        made = here.route(take_back(here.junior, done))
        assert (made.state, made.amount < 250) == ("pending", True)
        with pytest.raises(SelfApproval):
            world.decide("approve", made, here.junior)
        world.decide("approve", made, here.senior)
        carry_out()
        assert (fresh(made).state, fresh(done).state) == ("executed", "executed")

    def test_is_on_the_record_of_both(self, here: World, done: Action) -> None:
        made = take_back(here.junior, done)
        started = LedgerEntry.objects.get(action=done, event="reversal.started")
        assert str(made.pk) in started.body
        assert str(done.pk) in LedgerEntry.objects.get(action=made, event="action.proposed").body
        assert WHY not in started.body
        for each in (made, done):
            assert reversals.of(fresh(each)) == reversals.Reversal(done, made)

    def test_is_started_once(self, here: World, done: Action) -> None:
        made = take_back(here.junior, done)
        with pytest.raises(WrongState) as refusal:
            take_back(here.senior, done)
        assert refusal.value.details["reversed_by"] == str(made.pk)

    def test_is_started_once_by_many_at_once(self, here: World, done: Action) -> None:
        answers = rush([lambda who=who: take_back(who, done) for who in (here.junior, here.senior) * 2])
        assert sum(isinstance(each, Action) for each in answers) == 1
        assert Action.objects.filter(reverses=done).count() == 1

    def test_may_be_started_again_when_it_came_to_nothing(self, here: World, done: Action) -> None:
        made = here.route(take_back(here.junior, done))
        world.decide("reject", made, here.senior)
        again = take_back(here.junior, done)
        assert reversals.newest([done]) == {done.pk: again}

    def test_names_what_it_undoes_for_good(self, here: World, done: Action) -> None:
        made, other = take_back(here.junior, done), here.auto()
        with pytest.raises(DatabaseError):
            Action.objects.filter(pk=made.pk).update(reverses=other)


class TestARefusal:
    def test_says_that_nothing_undoes_it(self, here: World, done: Action) -> None:
        here.kind.reversal_type = None
        here.kind.save()
        with pytest.raises(WrongState, match="This action cannot be reversed"):
            take_back(here.junior, done)

    def test_is_for_what_was_not_carried_out(self, here: World) -> None:
        with pytest.raises(WrongState, match="You cannot reverse this action"):
            take_back(here.junior, here.pending())

    def test_is_for_whoever_reviews_elsewhere(self, here: World, done: Action) -> None:
        with pytest.raises(NotFound):
            take_back(world.person("stranger"), done)
        with pytest.raises(NotYourDesk):
            take_back(world.auditor(), done)

    def test_is_for_tokens_and_keys(self, here: World, done: Action) -> None:
        with pytest.raises(NotAllowed):
            take_back(here.senior, done, door=Door.TOKEN)
        with pytest.raises(NotAllowed):
            reversal.propose_reversal(actor=here.as_agent(), at=NOON, action_id=done.pk, payload={}, why=WHY)

    def test_is_for_a_wrong_form(self, here: World, done: Action) -> None:
        with pytest.raises(SchemaFault):
            take_back(here.junior, done, total="much")

    @pytest.mark.parametrize(("why", "error"), [(" ", RationaleMissing), ("x" * 20_001, Malformed)])
    def test_is_for_a_reason_that_is_none(self, here: World, done: Action, why: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            take_back(here.junior, done, why=why)

    def test_is_for_a_kind_that_is_halted(self, here: World, done: Action) -> None:
        actor = Actor(Door.ADMIN, person=here.senior)
        halts.start(actor=actor, at=NOON, scope="action_type", name="invoice.reverse")
        with pytest.raises(Halted):
            take_back(here.junior, done)

    def test_is_not_for_a_halt_of_the_agent_that_was_wrong(self, here: World, done: Action) -> None:
        halts.start(actor=Actor(Door.ADMIN, person=here.owner), at=NOON, scope="agent", name=here.agent.name)
        assert take_back(here.junior, done).state == "proposed"

    def test_is_for_a_kind_that_is_no_longer_active_or_elsewhere(self, here: World, done: Action) -> None:
        kind = ActionType.objects.get(name="invoice.reverse")
        kind.is_active = False
        kind.save()
        with pytest.raises(UnknownType):
            take_back(here.junior, done)
        kind.is_active, kind.desk = True, Desk.objects.create(slug="it", name="IT")
        kind.save()
        with pytest.raises(WrongState):
            take_back(here.junior, done)

    def test_leaves_nothing_behind(self, here: World, done: Action) -> None:
        entries = LedgerEntry.objects.count()
        with pytest.raises(SchemaFault):
            take_back(here.junior, done, total="much")
        assert LedgerEntry.objects.count() == entries


def test_whatever_a_person_starts_another_one_decides(here: World, done: Action) -> None:
    assert take_back(here.junior, done).agent.mode_for(here.kind) == Mode.IN_COMMAND


@pytest.mark.parametrize("lost", ["", "inactive", "of another"])
def test_asks_for_the_client_again(here: World, lost: str) -> None:
    client, seat = Client.objects.create(key="north", name="North"), Membership.objects.get(person=here.senior)
    seat.covers_clients = True
    seat.save()
    action = here.auto(client="north")
    carry_out()
    if lost == "inactive":
        client.is_active = False
        client.save()
    elif lost:
        undoes = ActionType.objects.get(name="invoice.reverse")
        undoes.client = Client.objects.create(key="south", name="South")
        undoes.save()
    with pytest.raises(Malformed) if lost else nullcontext():
        assert take_back(here.senior, action).client == client
