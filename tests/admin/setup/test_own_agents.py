"""The forms of action types, agents and keys: whose agent it is reads why another person must change what it may do."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.actors import Actor, Door
from approvals.models import ActionType, Agent, ApiKey, Delivery, Desk, ExchangeRate, Person
from approvals.services.accounts import api_keys
from approvals.states import Mode
from policies import db
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.setup.test_catalog import as_typed, faults, url
from tests.world import World

WHY = "Ask someone with permission who does not own such an agent"


@pytest.fixture(autouse=True)
def key(here: World) -> ApiKey:
    """The agent's key, which its owner holds."""
    return issue(here, "propose:*")


@pytest.fixture
def owner(here: World) -> Client:
    """The owner of the agent, who may change the catalog by permission."""
    return staff(here.owner)


@pytest.fixture
def keeper(here: World) -> Client:
    return staff(world.person("keeper"))


def issue(here: World, *scopes: str) -> ApiKey:
    actor = Actor(Door.ADMIN, person=here.owner)
    return api_keys.issue(actor=actor, at=db.now(), agent=here.agent, scopes=scopes).key


def staff(person: Person) -> Client:
    person.user_permissions.set(
        Permission.objects.filter(codename__regex="^(add|change|view)_(actiontype|agent|apikey)$")
    )
    return signed_in(person)


def add(client: Client, here: World, **changes: Any) -> HttpResponse:
    sent = as_typed(here.kind, **({"name": "wire.pay"} | changes))
    return client.post(reverse("admin:approvals_actiontype_add"), sent)


def of_agent(agent: Agent, **changes: Any) -> dict[str, Any]:
    sent = {"name": agent.name, "title": agent.title, "owner": agent.owner_id, "version": agent.version, "mode": ""}
    return sent | {"is_active": "on"} | changes


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


class TestTheFormOfAnExchangeRate:
    def test_is_refused_to_the_owner_of_an_agent_and_says_why(self, here: World) -> None:
        rate = ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate="0.92")
        here.owner.user_permissions.set(Permission.objects.filter(codename__endswith="_exchangerate"))
        client, sent = signed_in(here.owner), {"currency": "USD", "valid_from": "2026-01-02", "rate": "0.0001"}
        why = "You cannot change exchange rates because"
        for address in (
            reverse("admin:approvals_exchangerate_add"),
            reverse("admin:approvals_exchangerate_change", args=[rate.pk]),
        ):
            assert why in text(client.get(address))
            assert why in text(client.post(address, sent))
        removed = client.post(reverse("admin:approvals_exchangerate_delete", args=[rate.pk]), {"post": "yes"})
        assert removed.status_code == 403
        client.post(
            reverse("admin:approvals_exchangerate_changelist"),
            {"action": "delete_selected", "_selected_action": rate.pk, "post": "yes"},
        )
        assert [str(row) for row in ExchangeRate.objects.all()] == ["1 USD = 0.92000000 from 2026-01-01"]

    def test_is_taken_from_somebody_without_an_agent(self, here: World) -> None:
        keeper = world.person("keeper")
        keeper.user_permissions.set(Permission.objects.filter(codename__endswith="_exchangerate"))
        sent = {"currency": "USD", "valid_from": "2026-01-02", "rate": "0.92"}
        assert signed_in(keeper).post(reverse("admin:approvals_exchangerate_add"), sent).status_code == 302
        assert ExchangeRate.objects.exists()


class TestTheFormOfAnActionType:
    def test_is_only_read_by_the_owner_of_an_agent_and_says_why(self, here: World, owner: Client) -> None:
        page = text(owner.get(url(here.kind)))
        assert WHY in page and "You cannot change this action type because" in page
        assert 'name="mode"' not in page and 'name="_save"' not in page

    def test_is_refused_with_the_sentence_when_sent_all_the_same(self, here: World, owner: Client) -> None:
        answer = owner.post(url(here.kind), as_typed(here.kind, mode="autonomous"))
        assert (answer.status_code, WHY in text(answer)) == (403, True)
        assert ActionType.objects.get(pk=here.kind.pk).mode == Mode.ON_THE_LOOP
        assert not Delivery.objects.exists()

    def test_is_refused_in_the_readers_language_by_a_page_of_ours(self, here: World, owner: Client) -> None:
        answer = owner.post(url(here.kind), as_typed(here.kind, mode="autonomous"))
        assert "Go to inbox" in text(answer)

    def test_is_refused_to_superusers_who_own_or_hold_a_key(self, here: World) -> None:
        root = world.person("root", is_superuser=True)
        api_keys.issue(actor=Actor(Door.ADMIN, person=root), at=db.now(), agent=here.agent, scopes=["read:own"])
        client = signed_in(root)
        assert WHY in text(client.get(url(here.kind)))
        assert client.post(url(here.kind), as_typed(here.kind, mode="autonomous")).status_code == 403

    def test_is_as_ever_for_somebody_without_an_agent_and_mails_the_owner(self, here: World, keeper: Client) -> None:
        ActionType.objects.filter(pk=here.kind.pk).update(owner=here.senior)
        kind = ActionType.objects.get(pk=here.kind.pk)
        assert WHY not in text(keeper.get(url(kind)))
        assert keeper.post(url(kind), as_typed(kind, mode="autonomous")).status_code == 302
        assert [row.person for row in Delivery.objects.all()] == [here.senior]

    def test_is_as_ever_in_a_firm_of_one(self, here: World, owner: Client) -> None:
        Desk.objects.update(is_solo=True)
        assert owner.post(url(here.kind), as_typed(here.kind, mode="autonomous")).status_code == 302

    def test_adds_no_type_that_a_key_of_ones_own_may_propose(self, here: World, owner: Client) -> None:
        answer = add(owner, here)
        assert (answer.status_code, WHY in faults(answer)["__all__"][0]) == (200, True)
        assert not ActionType.objects.filter(name="wire.pay").exists()

    def test_adds_one_for_somebody_without_an_agent(self, here: World, keeper: Client) -> None:
        assert add(keeper, here).status_code == 302
        assert ActionType.objects.filter(name="wire.pay").exists()

    def test_keeps_its_history_open(self, here: World, owner: Client) -> None:
        assert owner.get(url(here.kind, "history")).status_code == 200

    def test_is_refused_to_whoever_may_not_change_any_as_before(self, here: World) -> None:
        client = signed_in(here.junior, "Reviewers")
        assert WHY not in text(client.get(url(here.kind)))
        assert client.post(url(here.kind), as_typed(here.kind)).status_code == 403

    def test_leads_back_where_there_is_none(self, here: World, owner: Client) -> None:
        missing = reverse("admin:approvals_actiontype_change", args=[999_999])
        assert owner.post(missing, {}).status_code == 302


class TestTheFormOfAnAgent:
    def test_shows_its_owner_what_another_must_change(self, here: World, owner: Client) -> None:
        page = text(owner.get(url(here.agent)))
        assert "You cannot activate “" in page
        for name in ("mode", "owner"):
            assert f'name="{name}"' in page and "disabled" in page.split(f'name="{name}"')[1].split(">")[0]

    def test_takes_what_a_browser_sends_of_it(self, here: World, owner: Client) -> None:
        sent = {"name": here.agent.name, "title": "Bot", "version": "2", "is_active": "on"}
        assert owner.post(url(here.agent), sent).status_code == 302
        assert Agent.objects.get(pk=here.agent.pk).title == "Bot"

    @pytest.mark.parametrize("changes", [{"mode": "autonomous"}, {"mode": "in_the_loop"}, {"owner": "junior"}], ids=str)
    def test_refuses_its_owner_more_power(self, here: World, owner: Client, changes: dict[str, Any]) -> None:
        if "owner" in changes:
            changes = {"owner": here.junior.pk}
        answer = owner.post(url(here.agent), of_agent(here.agent, **changes))
        assert (answer.status_code, "You cannot activate" in faults(answer)["__all__"][0]) == (200, True)
        found = Agent.objects.get(pk=here.agent.pk)
        assert (found.mode, found.owner) == (None, here.owner)

    def test_stops_it_and_does_not_start_it_again(self, here: World, owner: Client) -> None:
        sent = {"name": here.agent.name, "title": "Bot", "version": "2"}
        assert owner.post(url(here.agent), sent).status_code == 302
        assert not Agent.objects.get(pk=here.agent.pk).is_active
        assert faults(owner.post(url(here.agent), sent | {"is_active": "on"}))["__all__"]
        assert not Agent.objects.get(pk=here.agent.pk).is_active

    def test_hands_it_over_by_another_but_not_to_oneself(self, here: World, keeper: Client) -> None:
        taken = keeper.post(url(here.agent), of_agent(here.agent, owner=Person.objects.get(username="keeper").pk))
        assert "You cannot activate “" in faults(taken)["__all__"][0]
        assert keeper.post(url(here.agent), of_agent(here.agent, owner=here.senior.pk)).status_code == 302

    def test_adds_one_of_ones_own(self, here: World, owner: Client) -> None:
        sent = of_agent(Agent(name="second", title="Second", owner=here.owner))
        assert owner.post(reverse("admin:approvals_agent_add"), sent).status_code == 302


class TestTheFormOfAKey:
    def test_gives_none_for_what_one_has_just_changed(self, here: World, keeper: Client) -> None:
        keeper.post(url(here.kind), as_typed(here.kind, mode="autonomous"))
        sent = {"agent": here.agent.pk, "propose": "propose:invoice.post", "days": 30}
        answer = keeper.post(reverse("admin:approvals_apikey_add"), sent)
        assert (answer.status_code, "keeper changed the action type" in text(answer)) == (422, True)
        assert ApiKey.objects.count() == 1
