"""Saved views of the list of actions: one's own, under a name."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import SavedView
from tests.world import World

LIST = "/admin/approvals/action/"


@pytest.fixture
def view(here: World, junior: Client) -> SavedView:
    junior.post(reverse("admin:actions_save"), {"name": "Paper", "query": "q=Paper&decided_as=modify&p=2"})
    return SavedView.objects.get()


def test_is_a_link_above_the_list(view: SavedView, junior: Client) -> None:
    assert view.filters == {"decided_as": "modify", "q": "Paper"}
    page = junior.get(LIST).content.decode()
    assert '<a href="?decided_as=modify&amp;q=Paper">Paper</a>' in page


def test_is_marked_where_it_is_shown(view: SavedView, junior: Client) -> None:
    page = junior.get(f"{LIST}?q=Paper&decided_as=modify").content.decode()
    assert 'aria-current="true">Paper</a>' in page and "Edit view" in page and "Save view" not in page


def test_is_renamed_and_deleted(view: SavedView, junior: Client) -> None:
    address = reverse("admin:actions_view", args=[view.pk])
    junior.post(address, {"wish": "rename", "name": "Mills", "query": "q=Paper"})
    assert SavedView.objects.get().name == "Mills"
    assert junior.post(address, {"wish": "delete", "query": "q=Paper"})["Location"] == f"{LIST}?q=Paper"
    assert not SavedView.objects.exists()


def test_is_no_business_of_others(view: SavedView, senior: Client) -> None:
    assert "?decided_as=modify&amp;q=Paper" not in senior.get(LIST).content.decode()
    senior.post(reverse("admin:actions_view", args=[view.pk]), {"wish": "delete"})
    assert SavedView.objects.exists()


def test_is_offered_only_where_there_is_something_to_save(here: World, junior: Client) -> None:
    assert "Save view" not in junior.get(LIST).content.decode()
    assert "Save view" in junior.get(f"{LIST}?q=Paper").content.decode()


def test_that_is_refused_says_why(here: World, junior: Client) -> None:
    answer = junior.post(reverse("admin:actions_save"), {"name": "", "query": "q=Paper"}, follow=True)
    assert "Enter a view name" in answer.content.decode()
