"""A person starts an action herself: it is hers, somebody else decides, and the values keep their types."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.errors import SelfApproval
from approvals.models import Action, ActionType, Membership
from approvals.states import Mode
from tests import world
from tests.world import World


@pytest.fixture
def here(here: World) -> World:
    ActionType.objects.filter(pk=here.kind.pk).update(mode=Mode.IN_COMMAND)
    here.kind.refresh_from_db()
    return here


def send(client: Client, key: str = "a" * 32, **values: str) -> Any:
    typed = {f"value:/{name}": text for name, text in values.items()}
    return client.post(reverse("admin:start", args=["invoice.post"]), typed | {"key": key, "why": "Paid by hand."})


WHOLE = {"issuer": "Paper Mill", "amount": "717.97", "currency": "EUR", "invoice_number": "INV-000001"}


class TestStarting:
    def test_proposes_what_was_typed_with_the_types_of_the_schema(self, here: World, junior: Client) -> None:
        assert send(junior, **WHOLE).status_code == 302
        action = Action.objects.get()
        assert action.revision.payload == WHOLE | {"amount": 717.97}
        assert (action.owner, action.agent.person) == (here.junior, here.junior)

    def test_waits_for_somebody_else(self, here: World, junior: Client) -> None:
        send(junior, **WHOLE)
        action = here.route(Action.objects.get())
        assert action.state == "pending"
        with pytest.raises(SelfApproval):
            world.decide("approve", action, here.junior)
        world.decide("approve", action, here.senior)

    def test_happens_once_however_often_the_button_is_pressed(self, here: World, junior: Client) -> None:
        for _ in range(2):
            assert send(junior, **WHOLE).status_code == 302
        assert Action.objects.count() == 1

    @pytest.mark.parametrize(("name", "text"), [("amount", "lots"), ("issuer", "")])
    def test_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
        self, here: World, junior: Client, name: str, text: str
    ) -> None:
        answer: HttpResponse = send(junior, **(WHOLE | {name: text, "currency": "CHF"}))
        page = answer.content.decode()
        assert (answer.status_code, f"/{name}" in page or name in page, 'value="CHF"' in page) == (422, True, True)
        assert 'role="alert"' in page
        assert not Action.objects.exists()


class TestWho:
    def test_may_is_a_member_of_the_desk(self, here: World, junior: Client) -> None:
        assert "Post invoice" in junior.get(reverse("admin:starting")).content.decode()
        assert junior.get(reverse("admin:start", args=["invoice.post"])).status_code == 200

    def test_may_not_is_everybody_else(self, here: World, junior: Client) -> None:
        Membership.objects.all().delete()
        assert send(junior, **WHOLE).status_code == 404

    @pytest.mark.parametrize("name", ["policy.publish", "nothing"])
    def test_may_start_none_that_has_a_way_of_its_own(self, here: World, superuser: Client, name: str) -> None:
        assert superuser.get(reverse("admin:start", args=[name])).status_code == 404

    def test_may_start_none_that_agents_propose(self, here: World, junior: Client) -> None:
        ActionType.objects.filter(pk=here.kind.pk).update(mode=Mode.IN_THE_LOOP)
        assert junior.get(reverse("admin:start", args=["invoice.post"])).status_code == 404
        assert send(junior, **WHOLE).status_code == 422
        assert not Action.objects.exists()
