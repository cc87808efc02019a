"""Standing rules over REST: reading, making, confirming, stopping, and what an agent is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.models import Action, Membership, StandingRule
from approvals.states import StandingRuleApprovers
from tests import world
from tests.api.caller import Caller, as_session, as_token
from tests.services.automation.given import decided, denying, granting, make
from tests.world import World


def body(source: Action, **changes: Any) -> dict[str, Any]:
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat().replace("+00:00", "Z")
    limits: dict[str, Any] = {
        "max_amount": {"amount": "750.00", "currency": "EUR"},
        "count_per_day": 10,
        "sum_per_day": {"amount": "5000.00", "currency": "EUR"},
    }
    return {"action": str(source.pk), "reason": "Always fine.", "expires_at": until} | limits | changes


class TestMaking:
    def test_answers_with_the_rule(self, here: World, junior: Caller) -> None:
        action = decided(here, here.junior)
        answer = junior.post("standing_rules/", body(action, subject="Paper Mill"))
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert (told["state"], told["verdict"], told["made_by"], told["action"]) == (
            "active", "approve", "junior", str(action.pk),
        )  # fmt: skip
        assert told["max_amount"] == {"amount": "750.00", "currency": "EUR"}
        assert (told["sample_rate"], told["waives"], told["ended_at"]) == (0.05, ["invoices:amount_ladder"], None)
        assert junior.get(f"standing_rules/{told['id']}/").json() == told

    def test_of_a_rejection_takes_no_amounts(self, here: World, junior: Caller) -> None:
        action = decided(here, here.junior, "reject")
        none = {"max_amount": None, "count_per_day": None, "sum_per_day": None}
        assert junior.post("standing_rules/", body(action, **none)).json()["verdict"] == "deny"

    def test_answers_that_a_second_person_must_confirm_a_day_above_one_ceiling(
        self, here: World, junior: Caller, senior: Caller
    ) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "5000.00"})
        wide = {"count_per_day": 10_000, "sum_per_day": {"amount": "50000000.00", "currency": "EUR"}}
        told = junior.post("standing_rules/", body(decided(here, here.junior), **wide)).json()
        assert (told["state"], told["confirmed_by"]) == ("proposed", None)
        confirmed = senior.post(f"standing_rules/{told['id']}/confirm/").json()
        assert (confirmed["state"], confirmed["confirmed_by"]) == ("active", "senior")

    def test_is_not_for_agents_or_tokens(self, here: World, agent: Caller) -> None:
        action = decided(here, here.junior)
        for caller in (agent, as_token(here.junior, "read", "decide"), as_token(here.junior, "read")):
            assert caller.post("standing_rules/", body(action)).status_code == 403
        assert not StandingRule.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"max_amount": {"amount": 750, "currency": "EUR"}}, 400, "malformed"),
            ({"max_amount": {"amount": "750.00", "currency": "USD"}}, 400, "malformed"),
            ({"sum_per_day": {"amount": "1e9", "currency": "EUR"}}, 400, "malformed"),
            ({"count_per_day": 0}, 400, "malformed"),
            ({"sample_rate": 2}, 400, "malformed"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "malformed"),
            ({"condition": "nonsense =="}, 400, "malformed"),
            ({"reason": " "}, 422, "rationale_missing"),
            ({"unknown": 1}, 400, "malformed"),
            ({"action": "00000000-0000-0000-0000-000000000000"}, 404, "not_found"),
        ],
        ids=str,
    )
    def test_is_refused_what_makes_no_sense(
        self, here: World, junior: Caller, changes: dict[str, Any], status: int, code: str
    ) -> None:
        answer = junior.post("standing_rules/", body(decided(here, here.junior), **changes))
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_says_why_there_can_be_none(self, here: World, senior: Caller) -> None:
        answer = senior.post("standing_rules/", body(decided(here, here.senior, amount=9_000)))
        assert (answer.status_code, answer.json()["code"]) == (403, "no_standing_rule")
        assert "A senior reviewer must decide each time." in answer.json()["detail"]


class TestConfirmingAndStopping:
    def test_take_another_person_and_a_reason(self, here: World, junior: Caller, senior: Caller) -> None:
        here.kind.standing_rule_approvers = StandingRuleApprovers.TWO
        here.kind.save()
        address = f"standing_rules/{granting(here).pk}"
        assert junior.post(f"{address}/confirm/").json()["code"] == "self_approval"
        assert as_token(here.senior, "read", "decide").post(f"{address}/confirm/").status_code == 403
        told = senior.post(f"{address}/confirm/").json()
        assert (told["state"], told["confirmed_by"]) == ("active", "senior")
        assert junior.post(f"{address}/stop/", {}).status_code == 400
        told = as_token(here.junior, "decide").post(f"{address}/stop/", {"reason": "Enough."}).json()
        assert (told["state"], told["ended_by"], told["end_reason"]) == ("stopped", "junior", "Enough.")
        assert senior.post(f"{address}/stop/", {"reason": "Enough."}).json()["code"] == "wrong_state"

    def test_are_not_for_agents_or_strangers(self, here: World, agent: Caller) -> None:
        address = f"standing_rules/{granting(here).pk}"
        stranger = as_session(world.person("stranger"))
        assert agent.post(f"{address}/stop/", {"reason": "Enough."}).status_code == 403
        assert agent.get("standing_rules/").status_code == 403
        assert stranger.get(f"{address}/").status_code == 404
        assert stranger.post(f"{address}/stop/", {"reason": "Enough."}).status_code == 404
        assert stranger.get("standing_rules/").json()["results"] == []


class TestTheList:
    def test_goes_on_page_by_page_and_filters(self, here: World, junior: Caller) -> None:
        first = granting(here)
        rejected = decided(here, here.senior, "reject", amount=9_000)
        second = make(here.senior, rejected, max_amount=None, count_per_day=None, sum_per_day=None)
        page = junior.get("standing_rules/", limit=1).json()
        assert [item["id"] for item in page["results"]] == [str(second.pk)]
        rest = junior.client.get(page["next"], headers=junior.headers).json()
        assert [item["id"] for item in rest["results"]] == [str(first.pk)] and rest["next"] is None
        assert len(junior.get("standing_rules/", state="stopped").json()["results"]) == 0
        assert (
            len(junior.get("standing_rules/", agent="invoice-bot", action_type="invoice.post").json()["results"]) == 2
        )
        assert junior.get("standing_rules/", state="none").status_code == 400


class TestAnAgent:
    def test_is_told_what_rejects_it_and_not_to_retry(self, here: World, agent: Caller) -> None:
        denying(here)
        told = agent.get(f"actions/{here.pending().pk}/").json()
        assert (told["state"], told["decision"]["source"], told["evaluation"]["do_not_retry"]) == (
            "rejected", "standing_rule", True,
        )  # fmt: skip
        assert "Do not propose it again" in told["decision"]["rationale"]
        assert "junior" not in str(told["decision"])

    def test_is_told_what_let_it_pass(self, here: World, agent: Caller) -> None:
        granting(here)
        told = agent.get(f"actions/{here.pending().pk}/").json()
        assert (told["state"], told["decision"]["source"], told["evaluation"]["outcome"]) == (
            "approved", "standing_rule", "review",
        )  # fmt: skip
        assert told["evaluation"]["do_not_retry"] is False
