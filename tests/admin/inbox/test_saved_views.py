"""Views of one's own in the inbox: saved, shown beside the others, changed and deleted."""

import re

import pytest
from django.test import Client

from approvals.models import Agent, SavedView
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.inbox.test_page import page
from tests.admin.pages import address
from tests.world import World

HIGH = {"risk": "high", "name": "Risky"}


def save(client: Client, **fields: str) -> SavedView:
    answer = client.post("/admin/inbox/views/", HIGH | fields)
    assert answer.status_code == 302
    return SavedView.objects.latest("pk")


def change(client: Client, view: SavedView, wish: str, status: int = 200, **fields: str) -> str:
    """Press a button of the view, and read the page that comes."""
    answer = client.post(f"/admin/inbox/views/{view.pk}/", {"wish": wish, "name": view.name} | fields, follow=True)
    assert answer.status_code == status
    return answer.content.decode()


class TestASavedView:
    def test_stands_beside_the_others_and_narrows_as_saved(self, here: World, junior: Client) -> None:
        action, odd = here.pending(), here.pending(iban="NL00BANK0000000000", confidence=0.01)
        view = save(junior, risk="low", view="unclaimed", name="Calm <b>ones</b>")
        text = page(junior)
        assert re.search(r"\?view=unclaimed&amp;risk=low\"\s*>Calm &lt;b&gt;ones&lt;/b&gt;</a>", text)
        shown = page(junior, "?view=unclaimed&risk=low")
        assert re.search(r'risk=low"\s+aria-current="page"', shown)
        assert f"/admin/inbox/views/{view.pk}/" in shown
        assert (address(action) in shown, address(odd) in shown) == (True, odd.risk < 34)

    def test_is_offered_only_where_something_is_narrowed(self, here: World, junior: Client) -> None:
        assert "/admin/inbox/views/" not in page(junior)
        assert "/admin/inbox/views/" in page(junior, "?risk=high")

    def test_is_nobody_elses(self, here: World, junior: Client, senior: Client) -> None:
        view = save(junior)
        assert "Risky" not in page(senior)
        assert "The item does not exist, or you do not have access to it" in change(senior, view, "delete", 422)
        assert SavedView.objects.filter(pk=view.pk).exists()

    def test_is_renamed_and_deleted(self, here: World, junior: Client) -> None:
        view = save(junior)
        assert ">Dangerous</a>" in change(junior, view, "rename", name="Dangerous")
        assert "Dangerous" not in change(junior, view, "delete")
        assert not SavedView.objects.exists()

    def test_says_why_it_is_not_saved(self, here: World, junior: Client) -> None:
        answer = junior.post("/admin/inbox/views/", {"risk": "high", "name": " "}, follow=True)
        text = answer.content.decode()
        assert "Enter a view name" in text
        # The address of the form of the name is none to filter at.
        assert re.search(r'class="filters"\s+method="get"\s+action="/admin/inbox/"', text)
        assert not SavedView.objects.exists()

    def test_changes_only_by_post(self, here: World, junior: Client) -> None:
        view = save(junior)
        assert junior.get(f"/admin/inbox/views/{view.pk}/").status_code == 405
        assert junior.get("/admin/inbox/views/").status_code == 405

    @pytest.mark.parametrize("pk", [0, 10**30])
    def test_that_is_not_there_is_said_so(self, here: World, junior: Client, pk: int) -> None:
        answer = junior.post(f"/admin/inbox/views/{pk}/", {"wish": "delete"}, follow=True)
        assert "The item does not exist, or you do not have access to it" in answer.content.decode()


class TestTheFirstView:
    def test_opens_the_inbox_until_something_else_is_asked_for(self, here: World, junior: Client) -> None:
        action = here.pending()
        change(junior, save(junior), "first")
        assert address(action) not in page(junior)
        assert re.search(r">\s*Risky\s*</h1>", page(junior))
        for query in ("?view=", "?risk=low", "?view=all"):
            assert address(action) in page(junior, query)
        change(junior, SavedView.objects.get(), "not_first")
        assert address(action) in page(junior)


class TestTheUnclaimed:
    def test_are_those_that_nobody_has_in_hand(self, here: World, junior: Client, senior: Client) -> None:
        held, free = here.pending(), here.pending()
        senior.post(address(held, "claim"))
        text = page(junior, "?view=unclaimed")
        assert (address(held) in text, address(free) in text) == (False, True)


class TestTheAgentsToChooseFrom:
    def test_are_those_at_work_and_the_chosen_one(self, here: World, junior: Client) -> None:
        retired = Agent.objects.create(name="old-bot", title="Old bot", owner=here.owner, is_active=False)
        assert junior.get("/admin/inbox/").context["agents"] == [here.agent]
        assert set(junior.get(f"/admin/inbox/?agent={retired.pk}").context["agents"]) == {here.agent, retired}

    def test_are_none_for_whoever_sits_at_no_desk(self, here: World) -> None:
        assert signed_in(world.person("stranger")).get("/admin/inbox/").context["agents"] == []
