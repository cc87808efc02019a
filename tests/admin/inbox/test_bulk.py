"""Several alike, on one page."""

import re

from django.test import Client
from django.urls import reverse

from approvals.models import Action
from tests import world
from tests.world import World, fresh


def several(here: World, number: int = 4) -> list[Action]:
    return [here.pending(amount=300 + place) for place in range(number)]


def alike(client: Client, action: Action) -> str:
    answer = client.get(reverse("admin:alike", args=[action.pk]), follow=True)
    return answer.content.decode()


def send(client: Client, page: str, action: Action, verdict: str, leave: int = 0) -> str:
    fields = dict(re.findall(r'name="((?:revision|digest|target):[^"]+)"\s+value="([^"]*)"', page))
    chosen = re.findall(r'name="chosen"\s+value="([^"]+)"', page)[leave:]
    address = reverse("admin:alike", args=[action.pk])
    return client.post(address, fields | {"chosen": chosen, "verdict": verdict}, follow=True).content.decode()


class TestTheInbox:
    def test_offers_what_is_alike(self, here: World, junior: Client) -> None:
        several(here)
        here.pending(iban="NL00BANK0000000000")
        assert "4 similar actions: " in junior.get(reverse("admin:inbox")).content.decode()

    def test_offers_no_group_whose_page_leaves_them_out(self, here: World, junior: Client) -> None:
        lines = [{"name": "Paper", "price": 1}] * 21
        action, *_ = [here.pending(amount=300 + place, lines=lines) for place in range(4)]
        assert "similar actions: " not in junior.get(reverse("admin:inbox")).text
        assert 'name="chosen"' not in alike(junior, action)

    def test_offers_what_has_a_short_table(self, here: World, junior: Client) -> None:
        lines = [{"name": "Paper", "price": 1}, {"name": "Ink", "price": 2}]
        action, *_ = [here.pending(amount=300 + place, lines=lines) for place in range(4)]
        assert "4 similar actions: " in junior.get(reverse("admin:inbox")).text
        assert alike(junior, action).count('name="chosen"') == 4

    def test_offers_no_group_of_two(self, here: World, junior: Client) -> None:
        several(here, 2)
        assert "alike" not in junior.get(reverse("admin:inbox")).content.decode()


class TestThePage:
    def test_shows_what_differs_and_what_does_not(self, here: World, junior: Client) -> None:
        page = alike(junior, several(here)[0])
        assert re.search(r"Same for all actions:.*Paper Mill", page, re.S)
        assert all(f"{300 + place}" in page for place in range(4))

    def test_leaves_out_what_a_line_cannot_show(self, here: World, junior: Client) -> None:
        first = several(here)[0]
        here.pending(note="x" * 500)
        here.pending(lines=[{"name": "x" * 500, "price": 1}])
        assert alike(junior, first).count('name="chosen"') == 4

    def test_takes_a_short_text_where_a_long_one_could_stand(self, here: World, junior: Client) -> None:
        here.kind.schema["properties"]["desc"] = {"type": "string", "maxLength": 2_000}
        here.kind.save()
        first, *_ = [here.pending(desc=f"Lamps {place}") for place in range(3)]
        here.pending(desc="One\nand another line")
        page = alike(junior, first)
        assert page.count('name="chosen"') == 3
        assert "Lamps 2" in page

    def test_leaves_out_what_is_unlike_its_subjects_past(self, here: World, junior: Client) -> None:
        for amount in (310, 320, 330):
            world.decide("approve", here.pending(account=4400, amount=amount), here.junior)
        first = several(here)[0]
        here.pending(account=6600)
        assert alike(junior, first).count('name="chosen"') == 4

    def test_decides_the_ticked_ones_alone(self, here: World, junior: Client) -> None:
        actions = several(here)
        said = send(junior, alike(junior, actions[0]), actions[0], "approve", leave=1)
        assert "3 approved." in said
        assert sorted(fresh(action).state for action in actions) == ["approved"] * 3 + ["pending"]

    def test_says_what_was_not_decided_and_why(self, here: World, junior: Client, senior: Client) -> None:
        actions = several(here)
        page = alike(junior, actions[0])
        senior.post(reverse("admin:approvals_action_claim", args=[actions[1].pk]))
        said = send(junior, page, actions[0], "reject")
        assert "3 rejected." in said
        assert "claimed this" in said

    def test_refuses_what_was_not_ticked_or_is_no_verdict(self, here: World, junior: Client) -> None:
        actions = several(here)
        page = alike(junior, actions[0])
        assert "Select at least one action" in send(junior, page, actions[0], "destroy")
        assert "Select at least one action" in send(junior, page, actions[0], "approve", leave=4)
        assert {fresh(action).state for action in actions} == {"pending"}

    def test_is_the_actions_own_when_there_are_no_others(self, here: World, junior: Client) -> None:
        action = here.pending(amount=9_000)
        assert "There are no similar actions for a bulk decision" in alike(junior, action)
