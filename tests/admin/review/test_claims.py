"""Having an action in hand: what others see of it, and how it is taken over."""

import pytest
from django.test import Client

from approvals.models import Action, Claim, LedgerEntry
from tests.admin.pages import address, press, show
from tests.world import World, fresh

BY_SCRIPT = {"Accept": "application/json"}


def claim(client: Client, action: Action, **fields: str) -> int:
    return client.post(address(action, "claim"), fields, headers=BY_SCRIPT).status_code


class TestAClaim:
    def test_is_shown_to_others_with_a_way_to_take_over(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        assert claim(junior, action) == 200
        page = show(senior, action)
        assert f"Claimed by <bdi>{here.junior}</bdi>" in page or f"Claimed by {here.junior}" in page
        assert "Take over" in page
        assert "claimed by" in senior.get("/admin/inbox/").content.decode()

    def test_is_not_shown_to_its_holder(self, here: World, junior: Client) -> None:
        action = here.pending()
        claim(junior, action)
        assert "Claimed by" not in show(junior, action)

    def test_keeps_a_second_script_away(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        claim(junior, action)
        assert claim(senior, action) == 409

    def test_refuses_the_other_ones_decision_with_who(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        claim(junior, action)
        answer = press(senior, action, "approve")
        assert answer.status_code == 409
        assert f"{here.junior}" in answer.content.decode()
        assert fresh(action).state == "pending"

    def test_can_be_taken_over_by_the_button(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        claim(junior, action)
        senior.post(address(action, "claim"), {"force": "1"})
        assert Claim.objects.get().person == here.senior
        assert LedgerEntry.objects.filter(event="claim.taken_over").count() == 1
        assert press(senior, action, "approve").status_code == 302

    def test_ends_when_the_page_is_left(self, here: World, junior: Client) -> None:
        action = here.pending()
        claim(junior, action)
        junior.post(address(action, "release"), headers=BY_SCRIPT)
        assert not Claim.objects.exists()

    @pytest.mark.parametrize("name", ["claim", "release"])
    def test_is_never_made_by_looking(self, here: World, junior: Client, name: str) -> None:
        assert junior.get(address(here.pending(), name)).status_code == 405
        assert not Claim.objects.exists()
