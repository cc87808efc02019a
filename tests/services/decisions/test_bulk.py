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
    def test_leaves_out_one_that_has_to_be_looked_at_and_names_it(self, here: World, odd: dict[str, Any]) -> None:
        usual, other = here.pending(), here.pending(**odd)
        answers = {answer.action_id: answer.refusal for answer in decide(here, [other, usual], by=here.senior)}
        assert (fresh(usual).state, fresh(other).state) == ("approved", "pending")
        assert isinstance(answers[other.pk], NotAlike) and answers[usual.pk] is None

    def test_leaves_out_what_changed_meanwhile_and_names_it(self, here: World) -> None:
        first, second, third = here.pending(), here.pending(), here.pending()
        items = [seen(first), seen(second), seen(third)]
        world.decide("modify", second, here.junior, payload=second.revision.payload | {"amount": 6_000})
        actor = Actor(Door.ADMIN, person=here.senior)
        answers = bulk.decide(actor=actor, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=items)
        assert [answer.refusal.code if answer.refusal else "" for answer in answers] == ["", "stale_revision", ""]
        assert fresh(second).state == "pending"

    @pytest.mark.parametrize(
        "risky", [{"reversibility": Reversibility.IRREVERSIBLE}, {"stakes": Stakes.HIGH}], ids=["for good", "high"]
    )
    def test_decides_nothing_where_much_is_at_stake(self, risky: dict[str, Any]) -> None:
        here = world.make(**risky)
        answers = decide(here, [here.pending(), here.pending()], by=here.senior)
        assert all(isinstance(answer.refusal, NotAlike) for answer in answers)

    def test_leaves_out_what_is_not_alike(self, here: World) -> None:
        other = world.invoice_type(here.desk, name="invoice.cancel", title="Cancel invoice")
        odd = here.pending(action_type=other.name)
        answers = decide(here, [here.pending(), odd, here.pending()])
        assert [answer.action_id for answer in answers if answer.refusal] == [odd.pk]

    def test_only_approves_or_rejects(self, here: World) -> None:
        with pytest.raises(NotAlike):
            decide(here, [here.pending(), here.pending()], DecisionType.ESCALATE)


class TestMixed:
    def test_decides_several_groups(self, here: World) -> None:
        other = world.invoice_type(here.desk, name="invoice.other")
        actions = [here.pending(), here.pending(), here.pending(action_type=other.name)]
        assert all(answer.decision for answer in decide(here, actions, is_mixed=True))

    def test_leaves_out_what_cannot_be_undone(self, here: World) -> None:
        final = world.invoice_type(here.desk, name="invoice.final", reversibility=Reversibility.IRREVERSIBLE)
        actions = [here.pending(), here.pending(action_type=final.name)]
        answers = decide(here, actions, is_mixed=True)
        assert [answer.refusal.code if answer.refusal else "" for answer in answers] == ["", "not_alike"]
        assert fresh(actions[1]).state == "pending"

    def test_takes_no_more_than_one_group(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk, "MAX", 2)
        with pytest.raises(NotAlike):
            decide(here, [here.pending() for _ in range(3)], is_mixed=True)


class TestPassingOn:
    def test_escalates_each_and_leaves_out_what_changed(self, here: World) -> None:
        actions = [here.pending(), here.pending()]
        items = [seen(actions[0]), ReviewedItem(actions[1].pk, 1, "0" * 64, "")]
        actor = Actor(Door.ADMIN, person=here.junior)
        answers = bulk.escalate(actor=actor, clock=lambda: NOON, items=items)
        assert [answer.refusal.code if answer.refusal else "" for answer in answers] == ["", "stale_revision"]
        assert [fresh(action).required_tier for action in actions] == [2, 1]

    def test_hands_each_over_and_names_what_was_refused(self, here: World) -> None:
        actions = [here.pending(), here.pending(on_behalf_of="senior")]
        actor, items = Actor(Door.ADMIN, person=here.junior), [seen(action) for action in actions]
        answers = bulk.hand_over(actor=actor, clock=lambda: NOON, items=items, to="senior", reason="You know them.")
        assert [bool(answer.claim) for answer in answers] == [True, False]
        assert answers[1].refusal is not None
