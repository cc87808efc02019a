"""Home, login, mailbox and keys: what is told, to whom, and what is told to nobody."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from approvals.actors import Actor, Door
from approvals.models import ApiKey, Desk, Membership, Person
from approvals.queries.insight.figures import analytics
from tests import world
from tests.admin.conftest import signed_in
from tests.world import NOON, World, fresh

DAY = timedelta(days=1)


def picture(here: World) -> analytics.Picture:
    return analytics.picture(Actor(Door.ADMIN, person=here.senior), NOON - DAY, NOON + DAY)


class TestThePicture:
    def test_counts_who_decided_and_how(self, here: World) -> None:
        for _ in range(6):
            here.auto()
        here.approved()
        modified, rejected, escalated = here.pending(), here.pending(), here.pending()
        world.decide("modify", modified, here.junior, payload=modified.revision.payload | {"amount": 300})
        world.decide("reject", rejected, here.junior)
        world.decide("escalate", escalated, here.junior)
        world.decide("approve", fresh(escalated), here.senior, NOON + timedelta(minutes=20))
        overall = picture(here).overall
        assert (overall.total, overall.automatic, overall.by_people) == (10, 6, 4)
        assert overall.automatic_share == 0.6
        assert overall.escalation_rate == overall.override_rate == overall.rejection_rate == 0.25

    def test_sorts_waiting_times(self, here: World) -> None:
        world.decide("approve", here.pending(), here.junior, NOON + timedelta(minutes=3))
        world.decide("approve", here.pending(), here.junior, NOON + timedelta(minutes=90))
        world.decide("approve", here.pending(), here.junior, NOON + timedelta(minutes=4))
        found = picture(here)
        assert [wait.count for wait in found.waits] == [0, 2, 0, 1, 0, 0, 0]
        assert found.half_within == timedelta(minutes=5)

    def test_divides_by_kind_and_agent(self, here: World) -> None:
        here.auto()
        found = picture(here)
        assert [row.name for row in found.by_type] == ["Post invoice"]
        assert [row.name for row in found.by_agent] == ["Invoice bot"]

    def test_shows_only_what_my_desks_hold(self, here: World) -> None:
        here.auto()
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"))
        found = analytics.picture(Actor(Door.ADMIN, person=stranger), NOON - DAY, NOON + DAY)
        assert found.overall.total == 0
        assert found.overall.automatic_share is None

    def test_bears_an_empty_period(self, here: World, junior: Client) -> None:
        assert junior.get("/admin/?days=7").status_code == 200
        assert junior.get("/admin/?days=nonsense").status_code == 200


class TestTheHomePage:
    def test_says_what_ran_by_itself_and_what_waits(self, here: World, junior: Client) -> None:
        here.pending()
        page = junior.get("/admin/").content.decode()
        assert "pending item" in page
        assert "<dt>automatic</dt>" in page

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
    def test_ends_its_days_with_today_where_the_reader_is(self, here: World, junior: Client, zone: str) -> None:
        """At any moment, one of these zones has another day than UTC."""
        Person.objects.filter(pk=here.junior.pk).update(time_zone=zone)
        bars = junior.get("/admin/?days=7").context["day_bars"]
        assert bars[-1].words.startswith(f"{datetime.now(ZoneInfo(zone)).date()}")

    def test_is_where_the_bare_address_leads(self, here: World) -> None:
        answer = Client().get("/", follow=True)
        assert answer.redirect_chain[-1][0].startswith("/admin/login/")


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.HITL_MODE = "demo"
    settings.HITL_HOME = tmp_path
    logins = [{"username": "mara", "password": "word-word", "roles": ["junior, finance"]}]
    (tmp_path / "demo.json").write_text(json.dumps({"url": "http://x", "agent_key": "hitl_test_x", "logins": logins}))
    (tmp_path / "mailbox").mkdir()
    letter = (
        "Content-Type: text/plain; charset=utf-8\nFrom: hitl@localhost\nTo: junior@example.com\n"
        "Subject: Waits for you\nDate: Mon, 2 Mar 2026 12:00:00 +0000\n\n<b>Look</b>\n"
    )
    (tmp_path / "mailbox" / "1.log").write_text(letter + "-" * 79 + "\n" + letter.replace("junior@", "other@"))
    return tmp_path


@pytest.mark.django_db
class TestTheLogin:
    def test_names_the_demos_accounts_in_the_demo(self, demo: Path) -> None:
        page = Client().get("/admin/login/").content.decode()
        assert "word-word" in page
        assert "hitl_test_x" not in page

    def test_names_none_elsewhere(self, demo: Path, settings: Settings) -> None:
        settings.HITL_MODE = "production"
        assert "word-word" not in Client().get("/admin/login/").content.decode()

    def test_survives_a_half_written_file(self, demo: Path) -> None:
        (demo / "demo.json").write_text('{"logins": [')
        assert Client().get("/admin/login/").status_code == 200


class TestTheMailbox:
    def test_shows_my_mail_as_plain_text(self, demo: Path, here: World, junior: Client) -> None:
        page = junior.get("/admin/mailbox/").content.decode()
        assert "&lt;b&gt;Look&lt;/b&gt;" in page
        assert "other@example.com" not in page

    def test_shows_all_of_it_to_compliance(self, demo: Path, compliance: Client) -> None:
        assert "other@example.com" in compliance.get("/admin/mailbox/").content.decode()

    def test_is_not_there_outside_the_demo(self, here: World, junior: Client) -> None:
        assert junior.get("/admin/mailbox/").status_code == 404


class TestKeys:
    def test_are_shown_once(self, here: World, superuser: Client) -> None:
        url = reverse("admin:approvals_apikey_add")
        answer = superuser.post(url, {"agent": here.agent.pk, "label": "ERP", "propose": "propose:*", "days": 30})
        key = ApiKey.objects.get()
        plain = answer.context["issued"].plain
        assert plain in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        detail = superuser.get(reverse("admin:approvals_apikey_change", args=[key.pk])).content.decode()
        assert plain not in detail
        assert key.secret_hash not in detail

    def test_are_revoked_by_a_button(self, here: World, superuser: Client) -> None:
        superuser.post(
            reverse("admin:approvals_apikey_add"), {"agent": here.agent.pk, "propose": "propose:*", "days": 30}
        )
        key = ApiKey.objects.get()
        url = reverse("admin:approvals_apikey_revoke", args=[key.pk])
        assert superuser.get(url).status_code == 405
        superuser.post(url)
        assert ApiKey.objects.get().revoked_at is not None

    def test_are_issued_by_nobody_without_the_permission(self, here: World, junior: Client) -> None:
        assert junior.get(reverse("admin:approvals_apikey_add")).status_code == 403
        assert signed_in(here.owner).get(reverse("admin:approvals_apikey_add")).status_code == 403

    def test_say_what_a_form_lacks(self, here: World, superuser: Client) -> None:
        answer = superuser.post(reverse("admin:approvals_apikey_add"), {"agent": here.agent.pk, "days": 30})
        assert answer.status_code == 422
        assert not ApiKey.objects.exists()


class TestTheCatalog:
    def test_takes_only_a_schema_that_is_one(self, here: World, superuser: Client) -> None:
        url = reverse("admin:approvals_actiontype_change", args=[here.kind.pk])
        form = superuser.get(url).context["adminform"].form
        sent = {name: "" if value is None else value for name, value in form.initial.items()}
        sent |= {name: json.dumps(form.initial[name]) for name in sent if isinstance(form.initial[name], dict | list)}
        answer = superuser.post(url, sent | {"schema": '{"type": "no such type"}'})
        assert "This is not a valid JSON Schema" in answer.content.decode()
        superuser.post(url, sent | {"schema": '{"type": "object"}'})
        here.kind.refresh_from_db()
        assert (here.kind.schema, here.kind.version) == ({"type": "object"}, 2)
