"""Handing over from the decision page, and what the colleague sees of it."""

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.models import Action, Claim, Membership, Person
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, press, show
from tests.world import World, fresh

WHY = "You know <b>this</b> supplier."
SHOWN = "You know &lt;b&gt;this&lt;/b&gt; supplier."
BY_SCRIPT = {"Accept": "application/json"}


def hand(client: Client, action: Action, to: str, reason: str = WHY) -> HttpResponse:
    return client.post(address(action, "hand_over"), {"to": to, "reason": reason})


class TestThePage:
    def test_offers_who_may_decide_it(self, here: World, junior: Client) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        page = show_form(junior, here.pending())
        assert 'value="senior"' in page
        assert 'value="owner"' not in page

    def test_says_when_there_is_nobody_else(self, here: World, senior: Client) -> None:
        assert "Nobody else can decide on this action" in show_form(senior, here.pending(amount=9000))

    def test_is_for_those_who_review_there(self, here: World, superuser: Client) -> None:
        action = here.pending()
        assert superuser.get(address(action, "hand_over")).status_code == 302
        assert signed_in(world.person("stranger")).get(address(action, "hand_over")).status_code == 404

    def test_costs_no_more_statements_than_a_page_may(
        self, here: World, junior: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        action = here.pending(on_behalf_of="Kim")
        for number in range(12):
            Membership.objects.create(person=world.person(f"m{number}"), desk=here.desk, tier=Tier.JUNIOR)
        with django_assert_max_num_queries(20):
            show_form(junior, action)

    def test_changes_nothing_by_being_looked_at(self, here: World, junior: Client) -> None:
        show_form(junior, here.pending())
        assert not Claim.objects.exists()

    @pytest.mark.parametrize(
        ("to", "said"),
        [
            ("", "Choose a colleague"),
            ("sen\0ior", "Choose a colleague"),
            ("owner", "owner cannot decide on this action"),
        ],
    )
    def test_keeps_what_was_typed_when_it_is_refused(self, here: World, junior: Client, to: str, said: str) -> None:
        answer = hand(junior, here.pending(), to)
        text = answer.content.decode()
        assert (answer.status_code, said in text, SHOWN in text) == (422, True, True)
        assert not Claim.objects.exists()

    def test_tells_nothing_of_who_has_nothing_to_do_with_it(self, here: World, junior: Client) -> None:
        Person.objects.create(username="stranger", first_name="Ada", last_name="Stone")
        there, nobody = (hand(junior, here.pending(), to).content.decode() for to in ("stranger", "nobody"))
        assert "stranger cannot decide on this action" in there
        assert "nobody cannot decide on this action" in nobody
        assert "Ada" not in there


class TestTheColleague:
    def test_is_told_by_whom_and_why(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        assert hand(junior, action, "senior").status_code == 302
        page = show(senior, action)
        assert "junior handed this action over to you:" in page
        assert page.count(SHOWN) == 2  # beside the claim, and among the notes
        inbox = senior.get("/admin/inbox/?view=mine").content.decode()
        assert "handed over by junior" in inbox
        assert SHOWN in inbox

    def test_has_it_in_hand_before_others(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        hand(junior, action, "senior")
        page = show(junior, action)
        assert "Claimed by senior" in page
        assert SHOWN in page
        assert press(junior, action, "approve").status_code == 409
        press(senior, action, "approve")
        assert fresh(action).state == "approved"

    def test_keeps_it_when_the_page_is_left(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        hand(junior, action, "senior")
        senior.post(address(action, "release"), headers=BY_SCRIPT)
        assert Claim.objects.get().person == here.senior

    def test_can_hand_it_back(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        hand(junior, action, "senior")
        senior.post(address(action, "release"))
        assert not Claim.objects.exists()
        history = junior.get(address(action, "history")).content.decode()
        assert "action.handed_over" in history
        assert "action.handed_back" in history


def show_form(client: Client, action: Action) -> str:
    answer = client.get(address(action, "hand_over"))
    assert answer.status_code == 200
    return answer.content.decode()
