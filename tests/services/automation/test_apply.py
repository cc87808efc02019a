"""A standing rule at work: what it lets pass, what it leaves to people, and what ends it by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Actor, Door, system
from approvals.models import (
    Action,
    Decision,
    Desk,
    ExchangeRate,
    Execution,
    LedgerEntry,
    Membership,
    SampleCheck,
    StandingRule,
    StandingUse,
)
from approvals.queries.record import timeline
from approvals.services import routing
from approvals.services.automation import match
from approvals.services.automation.match import RuleFindings
from approvals.services.policy import evaluate
from approvals.services.safety import halts
from approvals.states import DecisionSource, Stakes, StandingRuleApprovers
from policies import db
from tests import purity, world
from tests.services.automation.given import confirm, decided, denying, fresh, granting, make, stop
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def final(action: Action) -> Decision:
    return Decision.objects.get(action=action, is_final=True)


def statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as context:
        call()
    return sum("approvals_standing" in query["sql"] for query in context.captured_queries)


class TestAnApproval:
    def test_lets_the_next_one_like_it_run(self, here: World) -> None:
        rule = granting(here)
        action = here.pending()
        decision = final(action)
        assert action.state == "approved"
        assert (decision.source, decision.standing_rule, decision.person) == ("standing_rule", rule, None)
        assert Execution.objects.filter(action=action, state="ready").exists()
        assert StandingUse.objects.get(action=action).amount == Decimal("717.97")

    def test_leaves_the_evaluation_as_it_is_and_says_whose_it_is(self, here: World) -> None:
        rule = granting(here)
        action = here.pending()
        assert action.evaluation is not None
        assert action.evaluation.outcome == "review"
        told = timeline.of_action(action)
        assert "standing rule created by junior on" in told.headline
        assert "Post invoice" in told.headline
        assert any(str(rule.pk) in entry.body for entry in LedgerEntry.objects.filter(action=action))

    @pytest.mark.parametrize(
        "changes",
        [
            {"amount": 750.01},
            {"amount": 9_000},
            {"currency": "USD"},
            {"confidence": None},
            {"iban": "DE00"},
            {"invoice_number": ""},
            {"amount": -700},
        ],
        ids=str,
    )
    def test_leaves_everything_else_to_people(self, here: World, changes: dict[str, Any]) -> None:
        granting(here)
        assert here.pending(**changes).state == "pending"

    def test_is_bound_to_its_subject(self, here: World) -> None:
        granting(here, subject="Paper Mill")
        assert here.pending(issuer="Ink Works").state == "pending"
        assert here.pending().state == "approved"

    def test_is_bound_to_its_condition(self, here: World) -> None:
        granting(here, condition="payload.account == 4400")
        assert here.pending(account=4500).state == "pending"
        assert here.pending().state == "pending"  # the condition errs: nothing is automatic because of that
        assert here.pending(account=4400).state == "approved"

    def test_is_for_its_agent_alone(self, here: World) -> None:
        granting(here)
        here.agent = type(here.agent).objects.create(name="other-bot", title="Other bot", owner=here.owner)
        assert here.pending().state == "pending"

    def test_spends_by_count(self, here: World) -> None:
        granting(here, count_per_day=2)
        assert [here.pending().state for _ in range(3)] == ["approved", "approved", "pending"]

    def test_spends_by_sum(self, here: World) -> None:
        granting(here, sum_per_day=Decimal("1500"))
        assert [here.pending().state for _ in range(3)] == ["approved", "approved", "pending"]

    def test_has_room_again_when_the_day_is_over(self, here: World) -> None:
        granting(here, count_per_day=1)
        assert [told(here, hours) for hours in (0, 23.9, 24.1)] == ["approved", "pending", "approved"]

    def test_lets_pass_only_what_was_seen_when_it_was_made(self, here: World) -> None:
        granting(here)
        rules = "rules: [{name: weekend, when: 'amount < 720.0', outcome: review, says: Look.}]\n"
        world.publish(world.POLICY + rules, "invoices", here.owner, here.senior)
        rule = granting(here)
        assert here.pending().state == "approved"
        assert here.pending(amount=730).state == "approved"
        assert set(rule.waives) == {"invoices:amount_ladder", "invoices:weekend"}
        other = StandingRule.objects.exclude(pk=rule.pk).get()
        assert other.state == "stopped"

    def test_of_what_was_seen_meets_a_new_reason_and_a_person_looks(self, here: World) -> None:
        rules = "rules: [{name: large, when: 'amount > 740.0', outcome: review, says: Look.}]\n"
        world.publish(world.POLICY + rules, "invoices", here.owner, here.senior)
        granting(here)
        assert here.pending(amount=735).state == "approved"
        assert here.pending(amount=745).state == "pending"

    def test_does_not_run_what_is_halted(self, here: World) -> None:
        granting(here)
        action = here.propose()
        halts.start(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, scope="desk", name="finance")
        assert here.route(action).state == "pending"
        assert not StandingUse.objects.exists()

    def test_is_counted_by_the_budgets_that_hold(self, here: World) -> None:
        budget = "budgets: {per_agent_day: {count: 2}}\n"
        world.publish(world.POLICY + budget, "invoices", here.owner, here.senior)
        granting(here)  # its own source is the first
        assert [here.pending().state for _ in range(2)] == ["approved", "pending"]

    def test_is_no_way_around_somebody_elses_eyes(self, here: World) -> None:
        granting(here)
        assert here.pending(on_behalf_of="junior@example.com").state == "pending"
        assert here.pending(on_behalf_of="maria").state == "approved"

    def test_of_a_firm_of_one_is_recorded_as_an_exception(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        here.agent.owner = here.junior
        here.agent.save()
        granting(here)
        assert final(here.pending()).is_exception

    def test_waits_for_its_second_person(self, here: World) -> None:
        here.kind.standing_rule_approvers = StandingRuleApprovers.TWO
        here.kind.save()
        rule = granting(here)
        assert here.pending().state == "pending"
        confirm(here.senior, rule)
        assert here.pending().state == "approved"
        assert "junior and senior" in timeline.of_action(Action.objects.latest("id")).headline

    def test_is_over_once_it_was_stopped(self, here: World) -> None:
        stop(here.senior, granting(here))
        assert here.pending().state == "pending"

    def test_is_over_when_its_time_is_whether_or_not_the_clock_said_so(self, here: World) -> None:
        soon = datetime.now(UTC) + timedelta(seconds=1)
        rule = granting(here, expires_at=soon)
        # SQLite's clock counts milliseconds.
        while db.now() <= soon:
            pass
        assert here.pending().state == "pending"
        assert fresh(rule).state == "active"


def told(here: World, hours: float) -> str:
    """What becomes of a proposal so many hours after noon, told by the demo, whose past is the moment told."""
    at = NOON + timedelta(hours=hours)
    action = here.propose(at)
    routing.route(actor=system(Door.DEMO), at=at, action_id=action.pk)
    return str(world.fresh(action).state)


def newer_agent(here: World) -> None:
    here.agent.version = "2"
    here.agent.save()


def newer_form(here: World) -> None:
    here.kind.version = 2
    here.kind.save()


def other_stakes(here: World) -> None:
    here.kind.stakes = Stakes.LOW
    here.kind.save()


def newer_policy(here: World) -> None:
    world.publish(world.POLICY.replace("5000", "4000"), "invoices", here.owner, here.senior)


def new_house_rules(here: World) -> None:
    world.publish("policy: house\ntitle: House\nrules: []\n", "house", here.owner, here.senior)


CHANGES: list[Any] = [newer_agent, newer_form, other_stakes, newer_policy, new_house_rules]


class TestByItself:
    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
    def test_a_rule_ends_when_what_it_was_made_under_changes(
        self, here: World, change: Callable[[World], None]
    ) -> None:
        rule = granting(here)
        change(here)
        assert here.pending().state == "pending"
        ended = fresh(rule)
        assert (ended.state, ended.ended_by) == ("stopped", None)
        assert "changed" in ended.end_reason or "version 2" in ended.end_reason

    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
    def test_a_denial_ends_too_and_a_person_looks_once(self, here: World, change: Callable[[World], None]) -> None:
        rule = denying(here)
        change(here)
        assert here.auto().state == "pending"
        assert fresh(rule).state == "stopped"
        assert here.auto().state == "approved"

    def test_a_rule_ends_when_its_maker_leaves_the_desk(self, here: World) -> None:
        rule = granting(here)
        Membership.objects.filter(person=here.junior).delete()
        assert here.pending().state == "pending"
        assert "is not a reviewer at" in fresh(rule).end_reason

    def test_a_rule_ends_when_its_makers_ceiling_falls_below_it(self, here: World) -> None:
        rule = granting(here)
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "100"})
        assert here.pending().state == "pending"
        assert fresh(rule).state == "stopped"

    def test_a_rule_leaves_to_people_what_a_rate_has_lifted_above_a_ceiling(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "2000.00", "USD": "9000.00"})
        rate = ExchangeRate.objects.create(currency="USD", valid_from=NOON.date(), rate=Decimal("0.5"))
        rule = make(here.junior, decided(here, here.junior, currency="USD"))
        assert here.pending(currency="USD").state == "approved"
        rate.rate = Decimal(4)
        rate.save()
        assert here.pending(currency="USD").state == "pending"
        assert fresh(rule).state == "active"

    def test_a_rule_ends_when_its_maker_comes_to_own_the_agent(self, here: World) -> None:
        rule = granting(here)
        here.agent.owner = here.junior
        here.agent.save()
        assert here.pending().state == "pending"
        assert "owns the agent" in fresh(rule).end_reason

    def test_a_rule_ends_when_its_second_person_leaves(self, here: World) -> None:
        here.kind.standing_rule_approvers = StandingRuleApprovers.TWO
        here.kind.save()
        rule = confirm(here.senior, granting(here))
        here.senior.is_active = False
        here.senior.save()
        assert here.pending().state == "pending"
        assert fresh(rule).state == "stopped"


class TestADenial:
    @pytest.mark.parametrize("amount", [20.5, 717.97, 9_000])
    def test_rejects_whatever_is_not_blocked_and_tells_the_agent(self, here: World, amount: float) -> None:
        rule = denying(here)
        action = here.route(here.propose(amount=amount))
        decision = final(action)
        assert (action.state, decision.source, decision.standing_rule) == ("rejected", "standing_rule", rule)
        assert "Do not propose it again before then. Reason: Always fine." in decision.reason

    def test_leaves_the_verdict_of_policy_where_it_blocks(self, here: World) -> None:
        world.publish(world.POLICY.replace("outcome: escalate", "outcome: block"), "invoices", here.owner, here.senior)
        denying(here)
        assert final(here.route(here.propose(amount=9_000))).source == DecisionSource.POLICY

    def test_comes_before_any_approval(self, here: World) -> None:
        granting(here)
        action = world.fresh(here.propose(amount=800))
        world.decide("reject", here.route(action), here.junior)
        make(here.junior, world.fresh(action), max_amount=None, count_per_day=None, sum_per_day=None)
        assert here.pending().state == "rejected"

    def test_finds_its_subject_in_another_spelling(self, here: World) -> None:
        denying(here, subject="Paper Mill")
        assert here.pending(issuer="PAPER\u200b mill").state == "rejected"
        assert here.pending(issuer="Ink Works").state == "pending"

    def test_whose_condition_errs_sends_to_a_person_what_would_have_run(self, here: World) -> None:
        denying(here, condition="payload.account == 4400")
        assert here.auto().state == "pending"
        assert here.auto(account=4500).state == "approved"
        assert here.auto(account=4400).state == "rejected"

    def test_whose_condition_errs_lowers_no_bar(self, here: World) -> None:
        world.publish(world.POLICY.replace("desk, quorum: 1", "desk, quorum: 2"), "invoices", here.owner, here.senior)
        denying(here, condition="payload.account == 4400")
        action = here.route(here.propose(amount=9_000))
        assert action.stages.get().quorum == 2


class TestAsking:
    @pytest.mark.parametrize("change", [lambda here: None, *CHANGES])
    def test_writes_nothing(
        self, here: World, monkeypatch: pytest.MonkeyPatch, change: Callable[[World], None]
    ) -> None:
        granting(here)
        change(here)
        answers = purity.watch(monkeypatch, match, "match_rules")
        is_approved = here.pending().state == "approved"
        (found,) = answers
        assert isinstance(found, RuleFindings)
        assert ((found.match is not None), bool(found.ended)) == (is_approved, not is_approved)


class TestWithoutARule:
    def test_routing_costs_one_statement_more_and_proposing_none(self, here: World) -> None:
        assert statements(here.propose) == 0
        action = here.propose()
        assert statements(lambda: here.route(action)) == 1

    def test_what_policy_blocks_costs_as_little(self, here: World) -> None:
        world.publish(world.POLICY.replace("outcome: escalate", "outcome: block"), "invoices", here.owner, here.senior)
        action = here.propose(amount=9_000)
        assert statements(lambda: here.route(action)) == 1

    def test_nothing_is_drawn(self, here: World) -> None:
        here.auto()
        assert not SampleCheck.objects.exists()


def test_the_judge_is_asked_once(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    granting(here)
    calls: list[object] = []
    ask = evaluate.evaluate_revision
    monkeypatch.setattr(
        evaluate, "evaluate_revision", lambda *given, **more: calls.append(given) or ask(*given, **more)
    )
    here.pending()
    assert len(calls) == 1
