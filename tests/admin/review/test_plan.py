"""The plan on the decision page: every stage, whom it asks, who did what, and what is next."""

import re

import pytest
from django.test import Client

from policies import db
from tests import plans as given
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import press, show
from tests.world import World, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def plan(page: str) -> str:
    """The words of the plan, in order."""
    found = re.search(r'<ol class="plan-steps".*?</ol>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


class TestThePlan:
    def test_says_whom_each_stage_asks_and_what_is_next(self, here: World, junior: Client) -> None:
        given.vera()
        given.follow(here, given.BOOKS, given.VERA, given.CHECK)
        page = show(junior, here.pending())
        assert re.fullmatch("books current Finance, Junior .* vera next vera budget later automatic check", plan(page))
        assert "Stage 1 of 3: books" in page

    def test_says_who_did_what_and_why_another_is_asked(self, here: World, junior: Client) -> None:
        given.follow(here, given.BOOKS, "{name: lead, who: 'person:nobody'}")
        action = here.pending(db.now())
        press(junior, action, "approve")
        told = plan(show(junior, fresh(action)))
        assert told.startswith("books satisfied Finance, Junior Approved, junior, ")
        assert (
            "No active person has the username “nobody”. The desk’s senior reviewers decide instead."
            in told.replace("&quot;", '"').replace("&#x27;", "'")
        )

    def test_is_not_told_of_one_stage_that_asks_the_desk(self, here: World, junior: Client) -> None:
        assert plan(show(junior, here.pending())) == ""


class TestWhomAStageNames:
    def test_decides_on_the_page_without_a_seat(self, here: World) -> None:
        client = signed_in(given.vera(), "Reviewers")
        given.follow(here, given.VERA)
        action = here.pending()
        assert "Post invoice" in client.get("/admin/inbox/").content.decode()
        press(client, action, "approve")
        assert fresh(action).state == "approved"

    def test_is_named_to_others_who_can_only_escalate(self, here: World, junior: Client) -> None:
        given.vera()
        given.follow(here, given.VERA)
        action = here.pending()
        page = show(junior, action)
        assert "This stage is assigned to vera" in page and 'value="approve"' not in page
        press(junior, action, "escalate")
        assert world.fresh(action).assigned_desk == here.desk
