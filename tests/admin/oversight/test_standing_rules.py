"""Standing rules and samples in the admin: "always do this" from a decision, the desk's list, and later checks."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Action, Membership, SampleCheck, StandingRule
from approvals.states import Mode, StandingRuleApprovers
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, press, seen, show
from tests.services.automation.given import decided, granting
from tests.services.automation.test_sampling import sampled
from tests.world import World


def text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def typed(client: Client, action: Action) -> dict[str, Any]:
    """What the form is filled in with, as a browser would send it."""
    form = client.get(address(action, "always")).context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: "on" if value is True else value for name, value in values.items() if value is not None}


def make(client: Client, action: Action, **changes: Any) -> Any:
    return client.post(address(action, "always"), typed(client, action) | {"reason": "Always fine."} | changes)


class TestAlwaysDoThis:
    def test_stands_quietly_below_the_decisions(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending())
        assert '<div class="always">' in page and "?always=1" in page

    def test_is_not_offered_to_whoever_may_not_decide(self, here: World, junior: Client, compliance: Client) -> None:
        assert 'class="always"' not in show(junior, here.pending(amount=9_000))
        assert 'class="always"' not in show(compliance, here.pending())

    def test_offers_no_approval_where_there_can_be_none_and_says_why(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(confidence=None)).split('<div class="always">')[1].split("</div>")[0]
        assert "You cannot create a standing approval" in page and "confidence" in page
        assert 'value="approve"' not in page and 'value="reject"' in page

    @pytest.mark.parametrize(("verdict", "state"), [("approve", "approved"), ("reject", "rejected")])
    def test_decides_and_leads_to_the_form(self, here: World, junior: Client, verdict: str, state: str) -> None:
        action = here.pending()
        answer = junior.post(address(action, "decide") + "?always=1", seen(action) | {"verdict": verdict})
        assert (answer.status_code, answer["Location"]) == (302, address(action, "always"))
        assert world.fresh(action).state == state
        assert not StandingRule.objects.exists()

    def test_is_offered_after_a_usual_decision_too(self, here: World, junior: Client) -> None:
        here.pending()
        action = here.pending()
        answer = press(junior, action, "approve")
        assert address(action, "always") in junior.get(answer["Location"]).content.decode()


class TestTheForm:
    def test_is_filled_in_a_little_above_what_was_seen(self, here: World, junior: Client) -> None:
        for _ in range(3):
            here.auto(amount=200)
        action = decided(here, here.junior)
        filled = typed(junior, action)
        assert (str(filled["max_amount"]), filled["count_per_day"], str(filled["sum_per_day"])) == (
            "720.00",
            4,
            "1400.00",
        )
        assert (filled["is_for_subject"], filled["sample_percent"]) == ("on", 5)

    def test_is_not_filled_in_from_much_larger_ones(self, here: World, junior: Client) -> None:
        here.pending(amount=4_000)
        filled = typed(junior, decided(here, here.junior))
        assert (filled["count_per_day"], str(filled["sum_per_day"])) == (1, "720.00")

    def test_never_fills_in_more_than_the_person_may_decide(self, here: World, junior: Client) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "718.00"})
        assert str(typed(junior, decided(here, here.junior))["max_amount"]) == "718.00"

    def test_makes_the_rule_with_one_confirm(self, here: World, junior: Client) -> None:
        action = decided(here, here.junior)
        answer = make(junior, action)
        rule = StandingRule.objects.get()
        assert answer["Location"] == reverse("admin:standing")
        assert (rule.state, rule.made_by, rule.subject, rule.decision.action_id) == (
            "active", here.junior, "Paper Mill", action.pk,
        )  # fmt: skip
        assert here.pending().state == "approved"

    def test_says_how_much_is_ones_own_before_a_second_person_confirms(self, here: World, junior: Client) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "5000.00"})
        here.set_kind(standing_decisions=10)
        first, second = decided(here, here.junior), decided(here, here.junior)
        make(junior, first, count_per_day="10000", sum_per_day="20000", max_amount="5000")
        page = text(junior, "approvals_action_always", second.pk)
        assert "EUR 50,000.00 in 24 hours without a second person" in page and "EUR 30,000.00 left" in page
        answer = make(junior, second, count_per_day="10000", sum_per_day="30001", max_amount="5000")
        assert "A second person at the desk must confirm it" in junior.get(answer["Location"]).content.decode()
        assert [rule.state for rule in StandingRule.objects.order_by("id")] == ["active", "proposed"]

    def test_says_nothing_of_it_without_ceilings_or_to_reject(self, here: World, junior: Client) -> None:
        assert "in 24 hours without a second person" not in text(
            junior, "approvals_action_always", decided(here, here.junior).pk
        )
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "5000.00"})
        rejected = decided(here, here.junior, "reject")
        assert "in 24 hours without a second person" not in text(junior, "approvals_action_always", rejected.pk)

    def test_of_a_rejection_has_no_amounts(self, here: World, junior: Client) -> None:
        action = decided(here, here.junior, "reject")
        assert set(typed(junior, action)) == {"is_for_subject", "expires_on"} | {"reason"}
        make(junior, action)
        assert StandingRule.objects.get().verdict == "deny"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"expires_on": "2020-01-01"}, "within a year"),
            ({"condition": "amuont > 3"}, "neither an input nor a function"),
            ({"sum_per_day": "1"}, "at least the maximum per action"),
            ({"reason": ""}, "required"),
            ({"count_per_day": "many"}, "whole number"),
        ],
        ids=str,
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, here: World, junior: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = make(junior, decided(here, here.junior), **changes)
        assert answer.status_code == 422 and said in answer.content.decode()
        assert not StandingRule.objects.exists()

    def test_says_why_there_can_be_none(self, here: World, senior: Client) -> None:
        page = text(senior, "approvals_action_always", decided(here, here.senior, amount=9_000).pk)
        assert "A senior reviewer must decide each time." in page and "<textarea" not in page

    def test_is_only_for_whoever_decided(self, here: World, senior: Client) -> None:
        action = decided(here, here.junior)
        answer = senior.get(address(action, "always"))
        assert (answer.status_code, answer["Location"]) == (302, address(action))

    def test_makes_nothing_by_being_looked_at_or_without_a_token(self, here: World, junior: Client) -> None:
        action = decided(here, here.junior)
        filled = typed(junior, action) | {"reason": "x"}
        junior.get(address(action, "always"), filled)
        guarded = signed_in(here.junior, "Reviewers", checks_csrf=True)
        assert guarded.post(address(action, "always"), filled).status_code == 403
        assert not StandingRule.objects.exists()

    def test_shows_what_agents_wrote_as_plain_text(self, here: World, junior: Client) -> None:
        action = decided(here, here.junior, issuer="<b>Mill</b>")
        assert "<b>Mill" not in text(junior, "approvals_action_always", action.pk)


class TestTheList:
    def test_shows_what_is_in_force_with_its_limits_and_use(self, here: World, junior: Client, senior: Client) -> None:
        make(junior, decided(here, here.junior))
        here.pending()
        page = text(senior, "standing")
        assert (
            "In force" in page
            and "Always approve" in page
            and "maximum per action: EUR 720.00" in re.sub("</?bdi>", "", page)
        )
        assert "created by" in page and "Always fine." in page

    def test_stops_with_a_reason(self, here: World, senior: Client) -> None:
        rule = granting(here)
        stop = reverse("admin:standing_stop", args=[rule.pk])
        assert senior.post(stop, {"reason": ""}).status_code == 422
        assert senior.get(stop).status_code == 405
        assert senior.post(stop, {"reason": "No longer."}).status_code == 302
        assert StandingRule.objects.get().state == "stopped"

    def test_lets_another_confirm(self, here: World, junior: Client, senior: Client) -> None:
        here.kind.standing_rule_approvers = StandingRuleApprovers.TWO
        here.kind.save()
        granting(here)
        confirm = reverse("admin:standing_confirm", args=[StandingRule.objects.get().pk])
        assert confirm not in text(junior, "standing")
        assert junior.post(confirm).status_code == 422
        assert confirm in text(senior, "standing")
        assert senior.post(confirm).status_code == 302
        assert StandingRule.objects.get().confirmed_by == here.senior

    def test_shows_nothing_of_other_desks(self, here: World) -> None:
        granting(here)
        assert "No standing rule" in text(signed_in(world.person("stranger"), "Reviewers"), "standing")

    def test_lets_readers_read(self, here: World, compliance: Client) -> None:
        rule = granting(here)
        page = text(compliance, "standing")
        assert "Always approve" in page and "End rule" not in page
        assert "Post invoice" in text(compliance, "approvals_standingrule_change", rule.pk)
        history = text(compliance, "approvals_standingrule_history", rule.pk)
        assert "Always fine." in history and "junior" in history
        assert "junior" in text(compliance, "approvals_standingrule_changelist")


class TestSamples:
    def test_are_listed_with_their_pages_and_found_right(self, here: World, senior: Client) -> None:
        sample = sampled(here)
        page = text(senior, "samples")
        assert address(sample.action) in page and "standing rule by" in page
        assert senior.post(reverse("admin:sample_check", args=[sample.pk]), {"found": "right"}).status_code == 302
        assert SampleCheck.objects.get().state == "ok"
        assert "No spot checks are pending" in text(senior, "samples")

    def test_found_wrong_stop_the_rule(self, here: World, senior: Client) -> None:
        sample = sampled(here)
        found = reverse("admin:sample_check", args=[sample.pk])
        assert senior.post(found, {"found": "wrong"}).status_code == 422
        assert senior.post(found, {"found": "maybe"}).status_code == 422
        assert senior.post(found, {"found": "wrong", "note": "Twice."}).status_code == 302
        assert StandingRule.objects.get().state == "stopped"
        # What was decided at noon counts from then on.
        assert "1 (100\u00a0%, likely 21\u00a0% to 100\u00a0%)" in text(senior, "inventory")

    def test_of_policy_say_so(self, here: World, junior: Client) -> None:
        here.kind.mode, here.kind.sample_rate = Mode.ON_THE_LOOP, 1.0
        here.kind.save()
        here.auto()
        assert "by policy" in text(junior, "samples")

    def test_are_read_by_compliance(self, here: World, compliance: Client) -> None:
        sample = sampled(here)
        assert "Post invoice" in text(compliance, "approvals_samplecheck_changelist")
        assert "junior" in text(compliance, "approvals_samplecheck_change", sample.pk)


def test_the_page_of_what_a_rule_let_through_says_whose_it_is(here: World, junior: Client) -> None:
    granting(here)
    page = show(junior, here.pending())
    assert "standing rule created by junior" in re.sub("</?bdi>", "", page)


def test_a_kind_of_action_says_how_many_people_a_rule_takes(here: World, superuser: Client) -> None:
    page = text(superuser, "approvals_actiontype_change", here.kind.pk)
    assert (
        'name="standing_rule_approvers"' in page
        and 'name="standing_decisions"' in page
        and 'name="sample_rate"' in page
    )
