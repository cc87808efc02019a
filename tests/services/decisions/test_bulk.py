"""Several at once: only what is alike, small and can be undone, each with a decision of its own."""

from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.errors import NotAlike
from approvals.models import Action, Decision, LedgerEntry
from approvals.services.decisions import bulk
from approvals.services.decisions.bulk import BulkItemResult, ReviewedItem
from approvals.services.execution import schedule
from approvals.states import DecisionType, Reversibility, Stakes
from tests import world
from tests.world import NOON, World, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def seen(action: Action) -> ReviewedItem:
    target = schedule.target_digest(action.action_type)
    return ReviewedItem(action.pk, action.revision.number, action.revision.digest, target)


def decide(
    here: World, actions: list[Action], verdict: DecisionType = DecisionType.APPROVE, **more: Any
) -> list[BulkItemResult]:
    actor = Actor(Door.ADMIN, person=more.pop("by", here.junior))
    items = [seen(action) for action in actions]
    return bulk.decide(actor=actor, clock=lambda: NOON, verdict=verdict, items=items, **more)


class TestDecide:
    def test_decides_each_by_itself(self, here: World) -> None:
        actions = [here.pending() for _ in range(4)]
        answers = decide(here, actions)
        assert all(answer.decision for answer in answers)
        assert {fresh(action).state for action in actions} == {"approved"}
        assert Decision.objects.filter(person=here.junior, reason_code="batch").count() == 4
        assert LedgerEntry.objects.filter(event="decision.approved", actor=f"person:{here.junior.pk}").count() == 4

    def test_rejects_with_one_reason_for_all(self, here: World) -> None:
        actions = [here.pending() for _ in range(2)]
        decide(here, actions, DecisionType.REJECT, rationale="Not ours.")
        assert [decision.reason for decision in Decision.objects.filter(person=here.junior)] == ["Not ours."] * 2

    def test_goes_on_when_one_was_decided_meanwhile(self, here: World) -> None:
        first, second = here.pending(), here.pending()
        items = [seen(first), seen(second)]
        world.decide("reject", first, here.senior)
        actor = Actor(Door.ADMIN, person=here.junior)
        answers = bulk.decide(actor=actor, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=items)
        assert [answer.refusal.code if answer.refusal else "" for answer in answers] == ["already_decided", ""]
        assert (fresh(first).state, fresh(second).state) == ("rejected", "approved")

    def test_approves_nobodys_own(self, here: World) -> None:
        actions = [here.pending(on_behalf_of="junior"), here.pending()]
        answers = decide(here, actions)
        assert [answer.refusal.code if answer.refusal else "" for answer in answers] == ["self_approval", ""]

    @pytest.mark.parametrize("number", [0, 21])
    def test_takes_at_least_one_and_at_most_twenty(self, here: World, number: int) -> None:
        with pytest.raises(NotAlike):
            decide(here, [here.pending() for _ in range(number)])

    @pytest.mark.parametrize(
        "odd",
        [
            {"amount": 9_000},
            {"iban": "NL00BANK0000000000"},
            {"payload": {"issuer": "Mill", "currency": "EUR", "amount": 700.5}},
        ],
        ids=["a senior's", "a malformed value", "a missing value"],
    )
    def test_is_refused_with_one_that_has_to_be_looked_at(self, here: World, odd: dict[str, Any]) -> None:
        usual = here.pending()
        with pytest.raises(NotAlike):
            decide(here, [usual, here.pending(**odd)], by=here.senior)
        assert fresh(usual).state == "pending"

    @pytest.mark.parametrize(
        "risky", [{"reversibility": Reversibility.IRREVERSIBLE}, {"stakes": Stakes.HIGH}], ids=["for good", "high"]
    )
    def test_is_refused_where_much_is_at_stake(self, risky: dict[str, Any]) -> None:
        here = world.make(**risky)
        with pytest.raises(NotAlike):
            decide(here, [here.pending(), here.pending()], by=here.senior)

    def test_is_refused_for_what_is_not_alike(self, here: World) -> None:
        other = world.invoice_type(here.desk, name="invoice.cancel", title="Cancel invoice")
        with pytest.raises(NotAlike):
            decide(here, [here.pending(), here.pending(action_type=other.name)])

    def test_only_approves_or_rejects(self, here: World) -> None:
        with pytest.raises(NotAlike):
            decide(here, [here.pending(), here.pending()], DecisionType.ESCALATE)
