"""Routing: run it, show it to a junior or a senior, or block it; and what that leaves on the record."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.errors import WrongState
from approvals.models import ActionType, Decision, Delivery, ExchangeRate, Execution, LedgerEntry, Stage
from approvals.services import routing
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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

    @pytest.mark.parametrize(
        ("first", "again", "issuer"),
        [
            ("01234-77", "1234-77", "Paper Mill"),
            ("2026-001", "2026/1", "PAPER MILL"),
            ("RE-1000", "re 1000", "P\u0430per Mill"),
            ("R-1O1", "R-101", "Paper Mi\u04cf\u04cf"),
        ],
    )
    def test_sends_a_number_seen_before_in_another_spelling_to_a_person(
        self, here: World, first: str, again: str, issuer: str
    ) -> None:
        here.auto(invoice_number=first)
        action = here.pending(amount=20, invoice_number=again, issuer=issuer)
        assert action.state == "pending"
        assert "seen_before" in flags(action)

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"invoice_number": "0000"}, "implausible_number"),
            ({"issuer": "Paper\u200bMill"}, "hidden_characters"),
            ({"issuer": "Rowan P\u0561per"}, "mixed_scripts"),
            ({"note": "\U0001d5e3aper"}, "look_alike_characters"),
        ],
    )
    def test_sends_what_the_page_marks_to_a_person(self, here: World, values: dict[str, str], code: str) -> None:
        action = here.pending(amount=20, **values)
        assert (action.state, flags(action)) == ("pending", [code])

    def test_sends_ten_times_the_usual_amount_to_a_person(self, here: World) -> None:
        for amount in (20, 21, 22):
            assert here.auto(amount=amount).state == "approved"
        action = here.pending(amount=220)
        assert (action.state, flags(action)) == ("pending", ["unusual_amount"])

    def test_sends_an_amount_without_a_rate_to_a_person(self, here: World) -> None:
        action = here.pending(amount=20, currency="INR")
        assert (action.state, action.amount_base) == ("pending", None)

    def test_compares_a_foreign_amount_at_the_days_rate(self, here: World) -> None:
        ExchangeRate.objects.create(currency="INR", valid_from=world.NOON.date(), rate="0.01")
        action = here.auto(amount=2000, currency="INR")
        assert (action.state, action.amount_base) == ("approved", 20)

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

    @pytest.mark.postgresql_only
    def test_asks_what_many_ask_alike_once(self, here: World) -> None:
        for _ in range(3):
            here.propose(amount=20)
        with CaptureQueriesContext(connection) as few:
            routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        for place in range(30):
            here.propose(amount=20, issuer=f"Issuer {place}")
        with CaptureQueriesContext(connection) as many:
            assert routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON) == 30
        assert len(many) <= len(few)

    def test_sends_twins_of_one_batch_to_a_person(self, here: World) -> None:
        twins = [here.propose(amount=20, invoice_number="R-77") for _ in range(2)]
        routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        assert [flags(world.fresh(twin)) for twin in twins] == [["seen_before"]] * 2

    def test_compares_with_those_of_its_batch_that_ran(self, here: World) -> None:
        usual = [here.propose(amount=20, issuer="Usual") for _ in range(3)]
        unusual = here.propose(amount=90, issuer="Usual")
        routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        assert {world.fresh(each).state for each in usual} == {"approved"}
        assert "unusual_amount" in flags(world.fresh(unusual))

    def test_compares_with_what_ran_before(self, here: World) -> None:
        for _ in range(3):
            here.auto(issuer="Usual")
        unusual = here.propose(amount=90, issuer="Usual")
        routing.route_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        assert "unusual_amount" in flags(world.fresh(unusual))

    def test_leaves_what_has_expired_to_its_sweep(self, here: World) -> None:
        over, other = here.propose(NOON - 2 * DAY, expires_at=NOON - DAY), here.propose()
        assert routing.route_together(actor=system(Door.CLOCK), at=NOON, action_ids=[over.pk, other.pk]) == 1
        assert world.fresh(over).state == "proposed"
