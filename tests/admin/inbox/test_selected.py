"""Several selected actions on one page, whatever they are: what fits is decided, the rest is named."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Action, Decision
from approvals.states import Reversibility
from tests import world
from tests.world import World, fresh

LINES = [{"name": "Paper", "price": 1}, {"name": "Ink", "price": 2}]
ADDRESS = reverse("admin:inbox_selected")


@pytest.fixture
def mixed(here: World) -> list[Action]:
    """Two invoices and a refund, which another type has."""
    refund = world.invoice_type(here.desk, name="invoice.refund", title="Refund an invoice")
    return [here.pending(), here.pending(amount=300), here.pending(action_type=refund.name, amount=310)]


def show(client: Client, *actions: Action, wish: str = "approve") -> str:
    return client.get(ADDRESS, {"chosen": [action.pk for action in actions], "wish": wish}, follow=True).text


def send(client: Client, page: str, verdict: str, **also: object) -> str:
    seen = dict(re.findall(r'name="((?:revision|digest|target):[^"]+)" value="([^"]*)"', page))
    boxes = re.findall(r'<input type="checkbox"\s+name="(chosen|also)"\s+value="([^"]+)"[^>]*?(checked)?>', page)
    ticked = {name: [key for of, key, is_on in boxes if of == name and is_on] for name in ("chosen", "also")}
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    return client.post(ADDRESS, seen | ticked | {"verdict": verdict, "shown": shown, **also}, follow=True).text


def states(actions: list[Action]) -> list[str]:
    return [fresh(action).state for action in actions]


class TestTheSelection:
    def test_is_a_table_for_each_type(self, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed)
        assert page.count("<table") == 2
        assert page.count('name="chosen"') == 3

    def test_is_decided_with_a_decision_each(self, junior: Client, mixed: list[Action]) -> None:
        assert "3 approved." in send(junior, show(junior, *mixed), "approve")
        digests = {(row.action_id, row.digest) for row in Decision.objects.filter(is_final=True)}
        assert digests == {(action.pk, action.revision.digest) for action in mixed}

    def test_looking_decides_nothing(self, junior: Client, mixed: list[Action]) -> None:
        show(junior, *mixed)
        assert states(mixed) == ["pending"] * 3

    def test_of_one_is_its_own_page(self, junior: Client, mixed: list[Action]) -> None:
        answer = junior.get(ADDRESS, {"chosen": mixed[0].pk, "wish": "approve"})
        assert answer["Location"] == reverse("admin:approvals_action_review", args=[mixed[0].pk])

    def test_of_nothing_leads_back(self, junior: Client) -> None:
        assert "Select actions in the inbox first." in junior.get(ADDRESS, {"chosen": "x"}, follow=True).text

    def test_leaves_out_by_name_what_changed_since(self, here: World, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed)
        world.decide("modify", mixed[0], here.senior, payload=mixed[0].revision.payload | {"amount": 111})
        said = send(junior, page, "approve")
        assert "2 approved." in said
        assert re.search(r"Not decided: .*111", said)

    def test_shows_no_more_than_a_batch(self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("approvals.services.decisions.bulk.MAX", 2)
        page = show(junior, *[here.pending() for _ in range(3)])
        assert page.count('name="chosen"') == 2
        assert "1 selected action is left out." in page

    def test_names_nothing_that_the_reader_may_not_see(self, junior: Client, mixed: list[Action]) -> None:
        stranger = world.person("stranger")
        client = Client()
        client.force_login(stranger)
        assert "Paper Mill" not in show(client, *mixed)


class TestWhatStandsApart:
    def test_is_what_cannot_be_undone(self, here: World, junior: Client, mixed: list[Action]) -> None:
        final = world.invoice_type(
            here.desk, name="invoice.final", title="Pay", reversibility=Reversibility.IRREVERSIBLE
        )
        one = here.pending(action_type=final.name)
        page = show(junior, *mixed, one)
        assert "Decide separately: 1" in page
        assert "irreversible" in page
        assert "3 approved." in send(junior, page, "approve")
        assert fresh(one).state == "pending"

    def test_is_what_a_colleague_has_claimed(self, junior: Client, senior: Client, mixed: list[Action]) -> None:
        senior.post(reverse("admin:approvals_action_claim", args=[mixed[0].pk]))
        page = show(junior, *mixed)
        assert "has claimed this action." in page
        assert page.count('name="chosen"') == 2

    def test_is_what_was_decided_already(self, here: World, junior: Client, mixed: list[Action]) -> None:
        world.decide("reject", mixed[0], here.senior)
        assert "This action is not pending any more." in show(junior, *mixed)


class TestATableInARow:
    def test_of_one_line_is_told(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES[:1]), here.pending(lines=LINES[:1], amount=300)]
        page = show(junior, *actions)
        assert "must-open" not in page
        assert "2 approved." in send(junior, page, "approve")

    def test_of_several_lines_is_opened_before_approval(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES), here.pending(lines=LINES, amount=300)]
        page = show(junior, *actions)
        assert "Open each table before approving." in send(junior, page, "approve")
        assert states(actions) == ["pending"] * 2
        assert "2 approved." in send(junior, page, "approve", opened=[action.pk for action in actions])

    def test_that_was_not_opened_is_left_out_by_name(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES), here.pending(lines=LINES, amount=300)]
        said = send(junior, show(junior, *actions), "approve", opened=[actions[0].pk])
        assert "1 approved." in said
        assert states(actions) == ["approved", "pending"]


class TestPassingOn:
    def test_escalates_all_of_them(self, junior: Client, mixed: list[Action]) -> None:
        assert "3 escalated." in send(junior, show(junior, *mixed, wish="escalate"), "escalate")
        assert {fresh(action).required_tier for action in mixed} == {2}

    def test_hands_all_of_them_over(self, here: World, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed, wish="hand_over")
        said = send(junior, page, "hand_over", wish="hand_over", to="senior", rationale="You know them.")
        assert "3 handed over." in said
        assert {fresh(action).claim.person for action in mixed} == {here.senior}
