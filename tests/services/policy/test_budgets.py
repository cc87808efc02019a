"""What is counted over time: what was let through, and no more of it by itself than a budget has room for."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.models import Action, Counter, CounterSnapshot
from approvals.services import routing
from approvals.services.intake import propose
from approvals.services.policy import budgets, evaluate, replay
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]

# Long enough ago that no window reaches into the future, whatever the time of day.
DAY_ONE = world.NOON - timedelta(days=40)
# Lock before anything is read, read what is locked, look back, add; PostgreSQL keeps the mark in the same statement.
STATEMENTS = {"postgresql": 4, "sqlite": 5}
BUDGET = """
policy: invoices
title: Invoices
amounts:
  base: EUR
  ladders: {EUR: [{up_to: "950.00", outcome: auto}, {outcome: review}]}
budgets:
  per_agent_day: {sum: "1000.00"}
"""


def counting(section: str) -> str:
    """The policy of these tests, with another section in place of the budget."""
    return BUDGET[: BUDGET.index("budgets:")] + section


def having(policy: str) -> World:
    return governed(world.make(), policy)


def governed(here: World, policy: str) -> World:
    world.publish(policy, "invoices", here.owner, here.senior, DAY_ONE)
    return here


@pytest.fixture
def here(here: World) -> World:
    return governed(here, BUDGET)


def routed(here: World, amount: float, hours: float = 0, **changes: Any) -> Action:
    at = DAY_ONE + timedelta(hours=hours)
    return here.route(here.propose(at, amount=amount, **changes), at)


def reasons(action: Action) -> list[str]:
    assert action.evaluation is not None
    return [reason["rule"] for reason in action.evaluation.content["reasons"]]


def counted(action: Action) -> dict[str, Any]:
    assert action.evaluation is not None
    return dict(action.evaluation.content["counted"])


class TestABudget:
    def test_is_spent_by_what_runs_and_sends_on_what_would_exceed_it(self, here: World) -> None:
        states = [routed(here, amount).state for amount in (900, 900, 100, 0.01)]
        assert states == ["approved", "pending", "approved", "pending"]

    def test_says_why_and_what_would_pass(self, here: World) -> None:
        routed(here, 900)
        action = routed(here, 900)
        evaluation = action.evaluation
        assert evaluation is not None
        assert "budget_agent_day" in reasons(action)
        texts = [reason["text"] for reason in evaluation.content["reasons"]]
        assert any("is EUR 1,000.00. This action would raise the total to EUR 1,800.00" in text for text in texts)
        assert {"fact": "recent.agent_day.sum", "operator": "at_most", "value": "1000.00"} in evaluation.content[
            "requirements"
        ]

    def test_has_room_again_when_the_day_is_over(self, here: World) -> None:
        routed(here, 900)
        assert routed(here, 900, hours=23.9).state == "pending"
        assert routed(here, 900, hours=24.1).state == "approved"

    def test_is_spent_by_what_a_person_approves(self, here: World) -> None:
        action = routed(here, 960)
        assert action.state == "pending"
        assert routed(here, 900).state == "approved"
        world.decide("approve", action, here.junior, DAY_ONE)
        assert routed(here, 1).state == "pending"

    def test_is_not_spent_by_what_a_person_rejects(self, here: World) -> None:
        world.decide("reject", routed(here, 960), here.junior, DAY_ONE)
        assert routed(here, 900).state == "approved"

    def test_gives_nothing_back_for_what_is_withdrawn(self, here: World) -> None:
        world.withdraw(here, routed(here, 900), DAY_ONE)
        assert routed(here, 900).state == "pending"

    def test_is_spent_by_what_a_person_corrected_as_it_was_corrected(self, here: World) -> None:
        action = routed(here, 960)
        payload = action.revision.payload | {"amount": 300}
        world.decide("modify", action, here.junior, DAY_ONE, payload=payload)
        assert Counter.objects.get().minor == 300_0000

    def test_counts_a_credit_note_like_a_payment(self, here: World) -> None:
        routed(here, -900)
        assert routed(here, 900).state == "pending"

    def test_reaches_a_person_when_nobody_knows_the_worth(self, here: World) -> None:
        action = routed(here, 10, currency="XTS")
        assert action.state == "pending"
        assert {"recent.agent_day.count": 1} == counted(action)

    def test_by_subject_reaches_a_person_without_a_subject(self) -> None:
        here = having(counting("budgets: {per_subject_week: {count: 2}}"))
        action = routed(here, 10, issuer="\u2060")
        assert (action.state, reasons(action)) == ("pending", ["amount_ladder", "budget_subject_week", "exceptions"])

    def test_by_subject_knows_a_subject_however_it_is_spelled(self) -> None:
        here = having(counting("budgets: {per_agent_subject_day: {count: 1}}"))
        assert routed(here, 10).state == "approved"
        assert routed(here, 10, issuer="PAPER-mill").state == "pending"
        assert routed(here, 10, issuer="Rowan Paper").state == "approved"

    @pytest.mark.parametrize(
        "issuer", ["Paper Mi\u04cf\u04cf", "P\u0430per Mill", "\u0420aper Mill", "\U0001d5e3aper MiII"]
    )
    def test_by_subject_knows_a_subject_in_letters_of_other_scripts(self, issuer: str) -> None:
        here = having(counting("budgets: {per_agent_subject_day: {count: 1}}"))
        assert routed(here, 10).state == "approved"
        assert "budget_agent_subject_day" in reasons(routed(here, 10, issuer=issuer))

    def test_of_a_late_worker_counts_from_where_the_others_are(self, here: World) -> None:
        routed(here, 900, hours=5)
        assert routed(here, 900, hours=1).state == "pending"
        assert CounterSnapshot.objects.latest("number").at == DAY_ONE + timedelta(hours=5)

    def test_has_no_more_room_for_a_worker_whose_clock_is_ahead(self, here: World) -> None:
        now = datetime.now(DAY_ONE.tzinfo)
        here.route(here.propose(now, amount=900), now)
        action = here.propose(now, amount=900)
        assert here.route(action, now + timedelta(days=3)).state == "pending"


class TestARuleThatCounts:
    def test_finds_amounts_split_below_a_threshold(self) -> None:
        rule = "{name: split, outcome: escalate, says: Small invoices of one issuer add up., when: "
        condition = "amount_base <= 950.0 && recent.subject_day.count >= 2 && recent.subject_day.sum > 950.0"
        here = having(counting(f'rules: [{rule}"{condition}"}}]'))
        assert [routed(here, 400).state for _ in range(3)] == ["approved", "approved", "pending"]
        assert routed(here, 400, issuer="Rowan Paper").state == "approved"

    def test_knows_the_first_action_for_a_subject(self) -> None:
        rule = "{name: new, outcome: review, says: Nobody knows this issuer yet., when: first_for_subject}"
        here = having(counting(f"rules: [{rule}]"))
        first = routed(here, 10)
        assert (first.state, counted(first)) == ("pending", {"first_for_subject": True})
        world.decide("approve", first, here.junior, DAY_ONE)
        again = routed(here, 10)
        assert (again.state, counted(again)) == ("approved", {"first_for_subject": False})

    def test_sees_every_window_with_this_action_in_it(self) -> None:
        names = ("hour", "day", "week", "month")
        when = " || ".join(f"recent.type_{name}.count > 99" for name in names)
        here = having(counting(f'rules: [{{name: many, outcome: review, says: Too many., when: "{when}"}}]'))
        for hours in (0, 24 * 20, 24 * 28, 24 * 29.5, 24 * 30 - 0.5):
            routed(here, 10, hours=hours)
        last = counted(routed(here, 10, hours=24 * 30))
        counts = [last[f"recent.type_{name}.count"] for name in names]
        assert counts == [2, 3, 4, 5]
        assert last["recent.type_week.sum"] == "40.00"

    def test_errs_and_asks_a_senior_when_what_it_counts_is_not_known(self) -> None:
        rule = '{name: large, outcome: review, says: Much in a day., when: "recent.agent_day.sum > 5000.0"}'
        here = having(counting(f"rules: [{rule}]"))
        action = routed(here, 10, currency="XTS")
        assert action.evaluation is not None
        assert (action.state, action.evaluation.outcome) == ("pending", "escalate")


class TestThatTheRecordKeeps:
    def test_what_was_counted_when_it_was_ruled(self, here: World) -> None:
        routed(here, 900)
        values = {"recent.agent_day.count": 2, "recent.agent_day.sum": "950.00"}
        assert counted(routed(here, 50)) == values

    def test_look_back_finds_what_was_counted_then(self, here: World) -> None:
        first = routed(here, 100)
        routed(here, 200)
        documents = evaluate.documents_for(first.action_type)
        assert budgets.look_back(first, documents, DAY_ONE)["recent.agent_day.sum"] == Decimal("100.00")
        assert budgets.look(first, documents, DAY_ONE)["recent.agent_day.sum"] == Decimal("300.00")

    def test_so_that_a_policy_replayed_says_what_it_said(self, here: World) -> None:
        actions = [routed(here, amount) for amount in (900, 900, 100, 0.01)]
        world.decide("approve", actions[1], here.junior, DAY_ONE)
        (document,) = evaluate.documents_for(here.kind)
        found = replay.replay(document, DAY_ONE + timedelta(days=3))
        assert (found["looked_at"], found["unchanged"]) == (4, 4)

    def test_nothing_of_an_evaluation(self, here: World) -> None:
        proposal = here.proposal(amount=900)
        for _ in range(3):
            found = propose.preview(actor=here.as_agent(), at=DAY_ONE, proposal=proposal)
            assert found.evaluation.counted["recent.agent_day.sum"] == "900.00"
        assert not Counter.objects.exists()


class TestWhatItCosts:
    def test_is_nothing_for_a_policy_that_counts_nothing(self) -> None:
        here = world.make()
        action = here.propose(amount=20.5)
        with CaptureQueriesContext(connection) as seen:
            routing.route(actor=system(Door.CELERY), at=world.NOON, action_id=action.pk)
        assert not [query["sql"] for query in seen if "approvals_counter" in query["sql"]]

    def test_is_a_few_statements_for_one_that_does(self, here: World) -> None:
        action = here.propose(DAY_ONE, amount=20.5)
        with CaptureQueriesContext(connection) as seen:
            routing.route(actor=system(Door.CELERY), at=DAY_ONE, action_id=action.pk)
        assert len([query for query in seen if "approvals_counter" in query["sql"]]) <= STATEMENTS[connection.vendor]
