"""The page of a restored database, and the banner on every other page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import LostDispatch, Restore
from approvals.queries.safety import restores as questions
from approvals.services.safety import restores
from tests import world
from tests.services.safety.given import lose, work
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
PAGE = "/admin/restore/"
LATER = NOON + timedelta(minutes=5)


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


class TestWhatToCheckBefore:
    def test_is_counted_by_connector_and_host_for_whoever_resumes(self, restored: World, client: Client) -> None:
        restored.senior.user_permissions.add(Permission.objects.get(codename="change_halt"))
        for host, is_end, sent_at in (
            ("a.example", False, NOON),
            ("a.example", True, LATER),
            ("b.example", False, NOON),
        ):
            lose(restored.pending(), connector="http", host=host, is_end=is_end, sent_at=sent_at)
        shown = client.get(PAGE).context["reached"]
        assert shown == [
            questions.Reached("http", "a.example", sent=2, ends=1, latest=LATER, open=2, uncertain=0),
            questions.Reached("http", "b.example", sent=1, ends=0, latest=NOON, open=1, uncertain=0),
        ]

    def test_is_not_counted_for_others_nor_after_it(self, restored: World, client: Client) -> None:
        lose(restored.pending())
        assert client.get(PAGE).context["reached"] == []
        restored.senior.user_permissions.add(Permission.objects.get(codename="change_halt"))
        client.post(PAGE, {"reason": "compared"})
        assert not questions.reached()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.world(connector="fake", undo_seconds=0)
    @pytest.mark.usefixtures("patient")
    def test_is_open_until_it_was_found_out_about_and_linked_where_it_is_in_doubt(
        self, here: World, fake: FakeConnector, client: Client
    ) -> None:
        fake.class_ = Recovery.NEITHER
        action = here.approved()
        restores.announce(actor=system(Door.COMMAND), at=NOON)
        lose(action, connector="fake")
        assert [(each.open, each.uncertain) for each in questions.reached()] == [(1, 0)]
        work()
        assert [(each.open, each.uncertain) for each in questions.reached()] == [(0, 1)]
        page = client.get(PAGE)
        assert [row.action for row in page.context["uncertain"]] == [action]
        before_the_list = page.content.decode().partition("Sent after the backup")[0]
        assert f"/admin/approvals/action/{action.pk}/review/" in before_the_list


def test_health_says_so(restored: World, client: Client, settings: Settings) -> None:
    settings.HITL_METRICS_TOKEN = "token"
    assert any("restored" in fault for fault in client.get("/healthz").json()["faults"])
    figures = client.get("/metrics", headers={"authorization": "Bearer token"}).content.decode()
    assert "hitl_restored 1" in figures.splitlines()
