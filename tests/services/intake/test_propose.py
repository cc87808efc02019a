"""Intake: accepted and durable, once per key, refused alone."""

import dataclasses
from decimal import Decimal

import pytest

from approvals.errors import (
    KeyReused,
    Malformed,
    NotFound,
    SchemaFault,
    ScopeMissing,
    UnknownType,
    WrongState,
)
from approvals.models import Action, Execution, LedgerEntry, Revision
from approvals.services.intake import propose
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


class TestPropose:
    def test_keeps_the_action_as_proposed_and_judges_nothing(self, here: World) -> None:
        action = world.fresh(here.propose())
        assert action.state == "proposed"
        assert action.evaluation is None

    def test_keeps_the_payload_byte_for_byte_as_typed(self, here: World) -> None:
        action = here.propose(amount=717.97, account=4400)
        assert Revision.objects.get(action=action).payload["amount"] == 717.97
        assert '"account":4400,"amount":717.97' in Revision.objects.get(action=action).body

    def test_reads_amount_subject_and_number_by_the_types_pointers(self, here: World) -> None:
        action = here.propose(invoice_number="R-17")
        assert (action.amount, action.currency) == (Decimal("717.97"), "EUR")
        assert (action.subject, action.reference) == ("Paper Mill", "R-17")

    def test_lists_what_automation_requires_and_does_not_find(self, here: World) -> None:
        proposal = here.proposal()
        del proposal.payload["amount"]
        assert world.send(here, proposal).action.missing == ["/amount"]

    def test_leaves_one_history_row_and_one_entry_that_names_it(self, here: World) -> None:
        action = here.propose()
        entry = LedgerEntry.objects.get(action=action)
        assert entry.event == "action.proposed"
        row = action.history.get()
        assert (row.history_id, row.door, row.actor) == (entry.history_id, "api", "agent invoice-bot")

    def test_answers_a_repeated_key_with_the_same_action(self, here: World) -> None:
        proposal = here.proposal()
        first, again = world.send(here, proposal), world.send(here, proposal)
        assert again.is_replay and not first.is_replay
        assert again.action.pk == first.action.pk
        assert Action.objects.count() == 1

    def test_refuses_a_repeated_key_with_another_body(self, here: World) -> None:
        proposal = here.proposal()
        world.send(here, proposal)
        with pytest.raises(KeyReused):
            world.send(here, dataclasses.replace(proposal, instruction="Something else"))

    def test_refuses_a_payload_of_the_wrong_shape_with_a_pointer_to_each_fault(self, here: World) -> None:
        with pytest.raises(SchemaFault) as refusal:
            here.propose(amount="much", currency="euros")
        assert {fault["pointer"] for fault in refusal.value.details["faults"]} == {"/amount", "/currency"}

    def test_refuses_an_unknown_type(self, here: World) -> None:
        with pytest.raises(UnknownType):
            here.propose(action_type="no.such")

    def test_refuses_a_key_without_the_scope(self, here: World) -> None:
        here.scopes = frozenset({"propose:other.type"})
        with pytest.raises(ScopeMissing):
            here.propose()

    @pytest.mark.parametrize(
        "change",
        [
            {"confidence": 1.5},
            {"idempotency_key": ""},
            {"thread": "x" * 201},
            {"expires_at": NOON},
            {"issuer": "a\x00b"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_refuses_a_value_outside_its_range(self, here: World, change: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            here.propose(**change)
        assert not Action.objects.exists()


class TestProposeMany:
    def test_refuses_a_faulty_item_alone(self, here: World) -> None:
        good, bad, also_good = here.proposal(), here.proposal(currency="euros"), here.proposal()
        answers = propose.propose_many(actor=here.as_agent(), at=NOON, proposals=[good, bad, also_good])
        assert [answer.refusal is not None for answer in answers] == [False, True, False]
        assert Action.objects.count() == 2

    def test_keeps_one_action_for_a_key_that_comes_twice(self, here: World) -> None:
        proposal = here.proposal()
        propose.propose_many(actor=here.as_agent(), at=NOON, proposals=[proposal, proposal])
        assert Action.objects.count() == 1
        assert LedgerEntry.objects.filter(event="action.proposed").count() == 1

    def test_refuses_more_than_a_hundred(self, here: World) -> None:
        with pytest.raises(ValueError, match="at most 100"):
            propose.propose_many(actor=here.as_agent(), at=NOON, proposals=[here.proposal()] * 101)


class TestWithdraw:
    def test_takes_a_pending_action_back(self, here: World) -> None:
        action = here.pending()
        world.withdraw(here, action)
        assert world.fresh(action).state == "withdrawn"
        assert action.stages.get().state == "superseded"

    def test_cancels_an_execution_that_has_not_begun(self, here: World) -> None:
        action = here.approved()
        world.withdraw(here, action)
        assert Execution.objects.get(action=action).state == "canceled"

    def test_refuses_what_was_rejected(self, here: World) -> None:
        action = here.pending()
        world.decide("reject", action, here.junior)
        with pytest.raises(WrongState):
            world.withdraw(here, action)

    def test_refuses_another_agent(self, here: World) -> None:
        action = here.pending()
        here.agent = type(here.agent).objects.create(name="other", title="Other", owner=here.owner)
        with pytest.raises(NotFound):
            world.withdraw(here, action)
