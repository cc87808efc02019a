"""Why an action came: the strictest reason first, what did not send it here folded, small pictures, a person's own."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from approvals.display import pictures
from approvals.models import Action, Note
from approvals.states import Mode
from policies.engine.document.sections import Step
from policies.engine.values.vocabulary import Route
from tests import world
from tests.admin.pages import address, show
from tests.world import World

LADDER = (Step(Decimal(500), Route.AUTO), Step(Decimal(5000), Route.REVIEW), Step(None, Route.ESCALATE))
RULES = """rules:
  - {name: known, when: 'true', outcome: auto, says: The supplier is known.}
  - {name: late, when: 'true', outcome: escalate, says: The invoice is late.}
"""


class TestTheLadder:
    @pytest.mark.parametrize(
        ("amount", "outcome"),
        [
            ("0", "auto"),
            ("500", "auto"),
            ("500.01", "review"),
            ("-700", "review"),
            ("5000", "review"),
            ("5000.01", "escalate"),
            ("900000000000000", "escalate"),
        ],
    )
    def test_has_its_mark_within_the_step_that_policy_took(self, amount: str, outcome: str) -> None:
        drawn = pictures.ladder(LADDER, Decimal(amount), "EUR")
        step = drawn.here
        assert step.outcome == outcome
        assert float(step.x) <= float(drawn.at) <= float(step.x) + float(step.width)

    def test_says_its_bounds_without_the_currency(self) -> None:
        drawn = pictures.ladder(LADDER, Decimal(700), "EUR")
        assert [step.until for step in drawn.rungs] == ["500.00", "5,000.00", ""]


class TestTheScore:
    def test_stacks_its_parts_up_to_a_hundred(self) -> None:
        parts = [{"name": name, "points": points} for name, points in (("a", 60), ("b", 0), ("c", 30), ("d", 25))]
        drawn = pictures.stacked(parts)
        assert [(each.part["name"], each.x, each.width) for each in drawn] == [
            ("a", "0", "60"),
            ("c", "60", "30"),
            ("d", "90", "10"),
        ]


class TestTheStrip:
    def test_needs_two_earlier_amounts(self) -> None:
        assert pictures.strip([Decimal(5)], Decimal(7), "EUR") is None
        assert pictures.strip([Decimal(5), Decimal(6)], None, "EUR") is None

    def test_marks_this_amount_among_the_earlier_ones(self) -> None:
        found = pictures.strip([Decimal(300), Decimal(100)], Decimal(200), "EUR")
        assert found is not None
        assert (found.dots, found.at) == (("6", "234"), "120")
        assert (found.low, found.high, found.amount) == ("EUR 100.00", "EUR 300.00", "EUR 200.00")

    def test_holds_one_amount_over_and_over(self) -> None:
        found = pictures.strip([Decimal(100)] * 3, Decimal(100), "EUR")
        assert found is not None
        assert {*found.dots, found.at} == {"120"}


class TestThePage:
    def test_leads_with_the_strictest_reason_and_folds_what_did_not_send_it_here(
        self, here: World, senior: Client
    ) -> None:
        world.publish(world.POLICY + RULES, "invoices", here.owner, here.senior)
        page = show(senior, here.pending())
        assert "1 rule did not send it here" in page
        reasons = page.split('<ul class="reasons">')
        assert "The invoice is late." in reasons[1]
        assert "The supplier is known." in reasons[2] and "The supplier is known." not in reasons[1]

    def test_shows_the_amount_on_the_ladder_and_among_those_granted(self, here: World, junior: Client) -> None:
        for amount in (600, 900):
            world.decide("approve", here.pending(issuer="Saeco", amount=amount), here.junior)
        world.decide("reject", here.pending(issuer="Saeco", amount=4000), here.junior)
        page = show(junior, here.pending(issuer="Saeco", amount=700))
        assert "EUR 700.00 is in the step “review”." in page
        assert "where the last 2 granted were EUR 600.00 to EUR 900.00" in page


class TestAPersonsOwnRequest:
    @pytest.fixture
    def own(self, here: World, junior: Client) -> Action:
        """What the junior started, waiting for another person."""
        here.set_kind(mode=Mode.IN_COMMAND)
        values = {"issuer": "Paper Mill", "amount": "717.97", "currency": "EUR", "invoice_number": "INV-000001"}
        typed = {f"value:/{name}": text for name, text in values.items()}
        junior.post(reverse("admin:start", args=["invoice.post"]), typed | {"key": "a" * 32, "why": "Paid by hand."})
        return here.route(Action.objects.get())

    def test_has_no_agent_to_ask(self, own: Action, senior: Client) -> None:
        assert 'id="ask"' not in show(senior, own)
        answer = senior.post(address(own, "ask"), {"text": "Why?"})
        assert answer.status_code == 409
        assert "no agent can answer" in answer.content.decode()
        assert not Note.objects.exists()

    def test_is_shown_as_theirs_with_their_reason(self, here: World, own: Action, senior: Client) -> None:
        page = show(senior, own)
        words = page.split('class="panel words"')[1].split("</section>")[0]
        assert f"Asked by <bdi>{here.junior}</bdi>" in " ".join(words.split())
        assert "Paid by hand." in words
        assert "Agent text" not in page and "Confidence" not in page
        assert page.index("Paid by hand.") < page.index('id="what-title"')
