"""Webhooks in the admin: whose they are, what waits for a second person, secrets, and what is sent again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed
from approvals.models import Action, Person, Tightening, Webhook, WebhookDelivery
from approvals.services.catalog import own_webhooks, rows
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.setup.test_configuration import approve, requested
from tests.servers.recording import RecordingServer
from tests.services.webhooks.conftest import subscribe, work
from tests.world import World

ADDRESS = "https://erp.example/hooks"
LIST = "admin:approvals_webhook_changelist"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    settings.HITL_OUTBOUND_HOSTS = ["erp.example", "crm.example"]


@pytest.fixture
def keeper(here: World) -> Client:
    """An administrator, during the set-up."""
    return signed_in(world.person("keeper"), "Administrators")


def save(client: Client, row: Webhook | None = None, **changes: Any) -> Any:
    person = Person.objects.get(pk=client.session["_auth_user_id"])
    name, arguments = ("add", []) if row is None else ("change", [row.pk])
    given = {"name": "erp", "url": ADDRESS, "owner": person.pk, "events": "", "is_active": "on", **changes}
    return client.post(reverse(f"admin:approvals_webhook_{name}", args=arguments), given)


def errors(answer: Any) -> str:
    return str(answer.context["adminform"].form.errors) if answer.status_code == 200 else ""


class TestTheForm:
    def test_makes_one_for_the_person(self, keeper: Client) -> None:
        assert save(keeper, events="action.executed, decision.*").status_code == 302
        found = Webhook.objects.get()
        assert (found.owner.username, found.events) == ("keeper", ["action.executed", "decision.*"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("url", "https://elsewhere.example/"),
            ("url", "http://erp.example/"),
            ("url", "https://erp.example/#x"),
            ("events", "Action Executed!"),
            ("events", ",".join(f"event.{letter}{other}" for letter in "abcdefgh" for other in "abcdefgh")),
        ],
    )
    def test_refuses(self, keeper: Client, field: str, value: str) -> None:
        assert field in errors(save(keeper, **{field: value}))
        assert not Webhook.objects.exists()

    def test_lends_nobody_elses_eyes(self, keeper: Client, here: World) -> None:
        assert "owner" in errors(save(keeper, owner=here.senior.pk))

    def test_changes_nobody_elses(self, keeper: Client, here: World) -> None:
        row = Webhook.objects.create(name="erp", url=ADDRESS, owner=here.senior)
        answer = save(keeper, row, owner=here.senior.pk, url="https://crm.example/")
        assert "Make yourself the owner" in errors(answer)
        assert Webhook.objects.get().url == ADDRESS

    def test_can_make_one_the_persons_own(self, keeper: Client, here: World) -> None:
        row = Webhook.objects.create(name="erp", url=ADDRESS, owner=here.senior)
        assert save(keeper, row, url="https://crm.example/").status_code == 302
        assert Webhook.objects.get().owner.username == "keeper"

    def test_deactivates_anybodys(self, keeper: Client, here: World) -> None:
        row = Webhook.objects.create(name="erp", url=ADDRESS, owner=here.senior)
        assert save(keeper, row, owner=here.senior.pk, is_active="").status_code == 302
        assert not Webhook.objects.get().is_active

    def test_activates_nobody_elses(self, here: World) -> None:
        row = Webhook.objects.create(name="erp", url=ADDRESS, owner=here.senior, is_active=False)
        row.is_active = True
        with pytest.raises(NotAllowed):
            rows.save(row, Actor(Door.ADMIN, person=here.junior), ["is_active"])
        own_webhooks.check_change(row, Actor(Door.ADMIN, person=here.senior), is_new=False)


class TestALiveInstallation:
    def test_asks_a_second_person_for_a_new_one(self, live: World) -> None:
        keeper = signed_in(world.person("keeper"), "Administrators")
        assert save(keeper).status_code == 302
        assert not Webhook.objects.exists() and Action.objects.filter(action_type__name="config.change").exists()

    def test_makes_what_was_approved(self, live: World) -> None:
        keeper = signed_in(world.person("keeper"), "Administrators")
        save(keeper, events="decision.*", agent=live.agent.pk)
        assert approve(requested(), live.senior).state == "executed"
        found = Webhook.objects.get()
        assert (found.owner.username, found.events, found.agent_id) == ("keeper", ["decision.*"], live.agent.pk)

    @pytest.mark.parametrize(
        ("changes", "is_immediate"),
        [({"is_active": ""}, True), ({"url": "https://crm.example/"}, False), ({"events": "decision.*"}, False)],
    )
    def test_lets_only_what_tightens_hold_at_once(
        self, live: World, changes: dict[str, str], is_immediate: bool
    ) -> None:
        person = world.person("keeper")
        row = Webhook.objects.create(name="erp", url=ADDRESS, owner=person)
        assert save(signed_in(person, "Administrators"), row, **changes).status_code == 302
        assert Tightening.objects.exists() is is_immediate
        found = Webhook.objects.get()
        assert (found.is_active, found.url, found.events) == (not is_immediate, ADDRESS, [])


class TestTheSecret:
    @pytest.fixture
    def row(self, here: World) -> Webhook:
        return Webhook.objects.create(name="erp", url=ADDRESS, owner=here.senior)

    def test_is_shown_once(self, keeper: Client, row: Webhook) -> None:
        page = reverse("admin:approvals_webhook_secret", args=[row.pk])
        assert b"whsec_" not in keeper.get(page).content
        answer = keeper.post(page)
        assert answer.status_code == 200
        assert b"whsec_" in answer.content and "no-store" in answer["Cache-Control"]
        assert b"whsec_" not in keeper.get(page).content

    def test_keeps_the_former_one_as_long_as_was_chosen(self, keeper: Client, row: Webhook) -> None:
        page = reverse("admin:approvals_webhook_secret", args=[row.pk])
        keeper.post(page)
        assert keeper.post(page).status_code == 422
        keeper.post(page, {"days": "7"})
        assert Webhook.objects.get().former_nonce
        keeper.post(page, {"days": "0"})
        assert not Webhook.objects.get().former_nonce

    def test_is_for_those_who_may_change_webhooks(self, compliance: Client, row: Webhook) -> None:
        assert compliance.post(reverse("admin:approvals_webhook_secret", args=[row.pk])).status_code == 403

    def test_is_in_no_history(self, keeper: Client, row: Webhook) -> None:
        keeper.post(reverse("admin:approvals_webhook_secret", args=[row.pk]))
        page = keeper.get(reverse("admin:approvals_webhook_history", args=[row.pk]))
        assert Webhook.objects.get().nonce not in page.content.decode()


class TestDeliveries:
    @pytest.fixture
    def delivery(self, here: World, receiver: RecordingServer) -> WebhookDelivery:
        receiver.served["/hooks"] = b"<script>alert(1)</script>"
        subscribe(here.junior, receiver, events=["action.proposed"])
        here.propose()
        work()
        return WebhookDelivery.objects.get()

    def test_show_each_attempt_as_plain_text(self, keeper: Client, delivery: WebhookDelivery) -> None:
        page = keeper.get(reverse("admin:approvals_webhookdelivery_change", args=[delivery.pk])).content.decode()
        assert "&lt;script&gt;" in page and "<script>alert" not in page

    def test_are_sent_again_by_a_button(self, keeper: Client, delivery: WebhookDelivery) -> None:
        keeper.post(reverse("admin:approvals_webhookdelivery_again", args=[delivery.pk]))
        assert WebhookDelivery.objects.get().state == "ready"

    def test_are_sent_again_together(self, keeper: Client, delivery: WebhookDelivery) -> None:
        chosen = {"action": "send_selected_again", "_selected_action": [str(delivery.pk)]}
        keeper.post(reverse("admin:approvals_webhookdelivery_changelist"), chosen)
        assert WebhookDelivery.objects.get().state == "ready"

    def test_are_read_and_not_sent_again_by_compliance(self, compliance: Client, delivery: WebhookDelivery) -> None:
        page = reverse("admin:approvals_webhookdelivery_change", args=[delivery.pk])
        assert b"Send again" not in compliance.get(page).content
        compliance.post(reverse("admin:approvals_webhookdelivery_again", args=[delivery.pk]))
        assert WebhookDelivery.objects.get().state == "sent"

    def test_are_counted_on_the_list(self, keeper: Client, delivery: WebhookDelivery) -> None:
        assert "Active" in keeper.get(reverse(LIST)).content.decode()
