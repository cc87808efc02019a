"""What the list of actions does with selected rows: it decides nothing itself."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Action
from tests.world import World, fresh

LIST = reverse("admin:approvals_action_changelist")


def choose(client: Client, name: str, *actions: Action, **also: str) -> str:
    sent = {"action": name, "_selected_action": [action.pk for action in actions], **also}
    return client.post(LIST, sent)["Location"]


class TestTheSelectedRows:
    def test_lead_to_the_page_that_decides(self, here: World, junior: Client) -> None:
        actions = [here.pending(), here.pending(amount=300)]
        page = junior.get(choose(junior, "approve", *actions)).text
        assert page.count('name="chosen"') == 2
        assert [fresh(action).state for action in actions] == ["pending"] * 2

    def test_of_many_pages_are_said_to_be_more(
        self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("records.selected", "inbox.bulk"):
            monkeypatch.setattr(f"approvals.admin.{module}.MAX_SELECTED", 2)
        actions = [here.approved() for _ in range(3)]
        page = junior.get(choose(junior, "approve", actions[0], select_across="1")).text
        assert "The other selected actions are left out." in page

    def test_of_one_is_its_own_page(self, here: World, junior: Client) -> None:
        action = here.pending()
        answer = junior.get(choose(junior, "reject", action))
        assert answer["Location"] == reverse("admin:approvals_action_review", args=[action.pk])

    def test_are_exported_and_no_others(self, here: World, junior: Client) -> None:
        chosen, other = here.pending(), here.pending(amount=300)
        address = choose(junior, "export", chosen)
        columns = {"columns": ["id"], "format": "csv", "query": address.partition("?")[2]}
        answer = junior.post(address.partition("?")[0], columns)
        assert (str(chosen.pk) in answer.text, str(other.pk) in answer.text) == (True, False)

    @pytest.mark.parametrize("name", ["approve", "export"])
    def test_are_none_where_their_ids_are_none(self, here: World, junior: Client, name: str) -> None:
        here.pending()
        answer = junior.post(LIST, {"action": name, "index": "0", "_selected_action": ["x", "\0"]}, follow=True)
        assert "Items must be selected" in answer.text

    def test_have_checkboxes_only_for_reviewers(self, here: World, junior: Client, compliance: Client) -> None:
        here.pending()
        assert "action-checkbox" in junior.get(LIST).text
        assert "action-checkbox" not in compliance.get(LIST).text
