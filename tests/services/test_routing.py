"""Routing: run it, show it to a junior or a senior, or block it; and what that leaves on the record."""

import pytest

from approvals.actors import Door, system
from approvals.errors import WrongState
from approvals.models import ActionType, Decision, Delivery, ExchangeRate, Execution, LedgerEntry, Stage
from approvals.services import routing
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


def flags(action: object) -> list[str]:
    """The codes of what is odd about an action."""
    return [flag["code"] for flag in action.flags]  # type: ignore[attr-defined]


class TestRoute:
    def test_approves_a_small_complete_invoice_by_policy_and_readies_its_execution(self, here: World) -> None:
        action = here.auto()
        assert action.state == "approved"
        decision = Decision.objects.get(action=action)
        assert (decision.source, decision.verdict, decision.is_final) == ("policy", "approve", True)
        assert Execution.objects.get(action=action).state == "ready"

    def test_sends_a_larger_one_to_a_junior(self, here: World) -> None:
        action = here.pending()
        assert (action.state, action.required_tier) == ("pending", 1)
        assert Stage.objects.get(action=action).state == "open"

    def test_sends_a_large_one_to_a_senior(self, here: World) -> None:
        assert here.pending(amount=9000).required_tier == 2

    def test_sends_a_missing_amount_to_a_person(self, here: World) -> None:
        action = here.pending(amount=20, invoice_number="")
        assert action.state == "pending"
        assert action.missing == ["/invoice_number"]

    def test_sends_a_malformed_iban_to_a_person_and_says_so(self, here: World) -> None:
        action = here.pending(amount=20, iban="US1234567890")
        assert action.state == "pending"
        assert flags(action) == ["malformed_iban"]

    def test_sends_a_plainly_wrong_number_to_a_person(self, here: World) -> None:
        action = here.pending(amount=20, invoice_number="F")
        assert (action.state, flags(action)) == ("pending", ["implausible_number"])

    def test_sends_a_number_seen_before_to_a_person(self, here: World) -> None:
        here.auto(invoice_number="R-1000")
        again = here.pending(amount=20, invoice_number="R-1000")
        assert (again.state, flags(again)) == ("pending", ["seen_before"])

    def test_sends_an_amount_without_a_rate_to_a_person(self, here: World) -> None:
        action = here.pending(amount=20, currency="INR")
        assert (action.state, action.amount_base) == ("pending", None)

    def test_compares_a_foreign_amount_at_the_days_rate(self, here: World) -> None:
        ExchangeRate.objects.create(currency="INR", valid_from="2026-01-01", rate="0.01")
        action = here.auto(amount=2000, currency="INR")
        assert (action.state, str(action.amount_base)) == ("approved", "20.0000")

    def test_weighs_the_scorers_as_the_policy_says(self, here: World) -> None:
        before = here.pending().risk
        heavier = f"{world.POLICY}weights: {{type_risk: 300}}\n"
        world.publish(heavier, "invoices", here.owner, here.senior)
        assert here.pending().risk > before > 0

    def test_never_runs_an_action_whose_policy_is_not_in_force(self, here: World) -> None:
        ActionType.objects.update(policy="no_such")
        assert here.pending(amount=1).state == "pending"

    @pytest.mark.parametrize("confidence", [0.99, 1.0])
    def test_never_runs_a_wire_however_sure_the_agent_is(self, here: World, confidence: float) -> None:
        ActionType.objects.update(domain="financial_approval", reversibility="irreversible", stakes="high")
        assert here.pending(amount=1, confidence=confidence).state == "pending"

    def test_leaves_one_history_row_and_one_entry_of_the_change(self, here: World) -> None:
        action = here.pending()
        row = action.history.first()
        entry = LedgerEntry.objects.get(event="action.routed")
        assert (row.state, row.door, row.history_id) == ("pending", "celery", entry.history_id)
        assert "invoices v1" in row.history_change_reason

    def test_promises_the_responsible_person_one_notice(self, here: World) -> None:
        ActionType.objects.update(responsible=here.junior)
        action = here.pending()
        assert [delivery.person for delivery in Delivery.objects.filter(action=action)] == [here.junior]

    def test_happens_once(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(WrongState):
            routing.route(actor=system(Door.CLOCK), at=NOON, action_id=action.pk)


@pytest.mark.django_db(transaction=True)
class TestRouteReady:
    def test_routes_everything_that_waits(self, here: World) -> None:
        for _ in range(5):
            here.propose()
        assert routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON) == 5
        assert routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON) == 0
