"""The confirmation page of an edit says what policy then says of it, from the same question as REST."""

import pytest
from django.test import Client

from tests import world
from tests.admin.pages import edit
from tests.api.test_foreseeing import BLOCKED, RULES
from tests.world import POLICY, World, fresh


@pytest.fixture
def here(here: World) -> World:
    world.publish(POLICY + RULES, "invoices", here.owner, here.senior)
    return here


class TestTheConfirmationPage:
    def test_names_what_blocks_the_edit_and_offers_no_confirmation(self, here: World, junior: Client) -> None:
        action = here.pending(account=1)
        page = edit(junior, action, account="1000").content.decode()
        assert BLOCKED["text"] in page
        assert "Confirm and approve" not in page
        assert fresh(action).revision.number == 1

    def test_asks_for_a_senior_where_the_edit_needs_one(self, here: World, junior: Client) -> None:
        page = edit(junior, here.pending(), amount="9000").content.decode()
        assert "the action requires a senior reviewer" in page

    @pytest.mark.parametrize(("account", "is_required"), [("2000", True), ("3000", False)])
    def test_requires_a_reason_where_only_the_edit_needs_one(
        self, here: World, junior: Client, account: str, is_required: bool
    ) -> None:
        page = edit(junior, here.pending(account=1), account=account).content.decode()
        assert ("(required)" in page) is is_required
