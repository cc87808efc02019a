"""The page of a restored database, and the banner on every other page."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.models import LostDispatch, Restore
from approvals.queries.safety import restores as questions
from approvals.services.safety import restores
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
PAGE = "/admin/restore/"


@pytest.fixture
def restored(here: World) -> World:
    """A world whose backup an operator restored."""
    restores.announce(actor=system(Door.COMMAND), at=NOON)
    return here


@pytest.fixture
def client(here: World, client: Client) -> Client:
    """The senior's browser."""
    client.force_login(here.senior)
    return client


def test_a_banner_is_on_every_page(restored: World, client: Client) -> None:
    assert "restore-title" in client.get("/admin/inbox/").content.decode()


def test_no_banner_is_there_before(here: World, client: Client) -> None:
    assert "restore-title" not in client.get("/admin/inbox/").content.decode()


def test_whoever_may_lift_halts_resumes_with_a_reason(restored: World, client: Client) -> None:
    restored.senior.user_permissions.add(Permission.objects.get(codename="change_halt"))
    assert client.post(PAGE, {"reason": " "}).status_code == 422
    assert client.post(PAGE, {"reason": "compared"}).status_code == 302
    assert not questions.is_on()


def test_others_find_no_button(restored: World, client: Client) -> None:
    assert "<textarea" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"reason": "compared"}).status_code == 422
    assert questions.is_on()


def test_what_was_sent_is_listed_to_those_who_see_the_action(restored: World, client: Client) -> None:
    mine, hidden = restored.pending(), "ffffffff-ffff-7fff-bfff-ffffffffffff"
    about = {
        "restore": Restore.objects.get(),
        "action_type": "invoice.post",
        "sent_at": NOON,
        "key": "k",
        "proposal": "p",
    }
    for pk, action in ((mine.pk, mine.pk), (hidden, hidden)):
        LostDispatch.objects.create(id=pk, action_id=action, sender="s", **about)
    shown = client.get(PAGE).content.decode()
    assert f"/admin/approvals/action/{mine.pk}/" in shown
    assert hidden not in shown


def test_a_reviewer_is_told_that_the_action_was_executed(restored: World, client: Client) -> None:
    action = restored.pending()
    url = f"/admin/approvals/action/{action.pk}/review/"
    told = "HITL already executed this action"
    assert told not in client.get(url).content.decode()
    about = {"restore": Restore.objects.get(), "action_type": "invoice.post", "sent_at": NOON}
    LostDispatch.objects.create(id=world.unknown_id(), action_id=action.pk, key="k", proposal="p", sender="s", **about)
    assert told in client.get(url).content.decode()


def test_health_says_so(restored: World, client: Client, settings: Settings) -> None:
    settings.HITL_METRICS_TOKEN = "token"
    assert any("restored" in fault for fault in client.get("/healthz").json()["faults"])
    figures = client.get("/metrics", headers={"authorization": "Bearer token"}).content.decode()
    assert "hitl_restored 1" in figures.splitlines()
