"""From an empty installation to the first live key and the first change of the configuration, in firms of two sizes."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.models import Action, ActionType, Agent, ApiKey, Decision, Desk, LedgerEntry, Person
from approvals.services import routing
from approvals.services.execution import run
from policies import db
from tests import world
from tests.admin.pages import press
from tests.admin.setup.test_catalog import as_typed, inline, membership

pytestmark = pytest.mark.django_db(transaction=True)
SET_UP = "Configuration changes take effect immediately"


@pytest.fixture(autouse=True)
def production(settings: Settings) -> None:
    """Keys are live ones."""
    settings.HITL_MODE = "production"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def add(client: Client, model: str, **fields: Any) -> None:
    answer = client.post(reverse(f"admin:approvals_{model}_add"), fields)
    assert answer.status_code == 302, dict(answer.context["adminform"].form.errors)


def save(client: Client, row: Any, **fields: Any) -> None:
    address = reverse(f"admin:approvals_{row._meta.model_name}_change", args=[row.pk])
    answer = client.post(address, fields)
    assert answer.status_code == 302, dict(answer.context["adminform"].form.errors)


def issue_key(client: Client, agent: Agent) -> HttpResponse:
    sent = {"agent": agent.pk, "propose": ["propose:invoice.post"], "scopes": ["read:own"], "days": "90"}
    return client.post(reverse("admin:approvals_apikey_add"), sent)


def set_up(client: Client, founder: Person, *, is_solo: bool) -> Agent:
    """A desk, its kind of action and an agent, each by its form."""
    solo = {"is_solo": "on"} if is_solo else {}
    add(client, "desk", name="Finance", slug="finance", **solo, **inline())
    desk = Desk.objects.get(slug="finance")
    other = world.person("drafter", is_active=False)
    world.publish(world.POLICY, "invoices", other, founder)
    kind = as_typed(world.invoice_type(desk))
    ActionType.objects.filter(name="invoice.post").delete()
    add(client, "actiontype", **kind)
    add(client, "agent", name="reader", title="Reader", owner=founder.pk, is_active="on")
    return Agent.objects.get(name="reader")


def loosen(client: Client) -> Action:
    """Ask that invoices run by themselves; the request as it waits for whoever decides."""
    kind = ActionType.objects.get(name="invoice.post")
    save(client, kind, **as_typed(kind, mode="autonomous"))
    action = Action.objects.get(action_type__name="config.change")
    routing.route(actor=system(Door.CELERY), at=db.now(), action_id=action.pk)
    return world.fresh(action)


def approved(client: Client, action: Action) -> str:
    """The mode of invoices after this browser's person approved the request, as far as they may."""
    press(client, action, "approve")
    run.run_ready(actor=system(Door.CELERY), clock=db.now)
    return ActionType.objects.get(name="invoice.post").mode


def test_a_firm_of_one() -> None:
    founder = world.person("founder", is_superuser=True)
    client = signed_in(founder)
    assert SET_UP in client.get("/admin/").content.decode()
    agent = set_up(client, founder, is_solo=True)
    assert "nobody who can decide on configuration changes" in issue_key(client, agent).content.decode()
    assert not ApiKey.objects.exists()
    policies = Desk.objects.get(slug="policies")
    save(client, policies, name="Policies", slug="policies", is_solo="on", **inline())
    add(client, "membership", **membership(founder, policies))
    assert "Copy the key now" in issue_key(client, agent).content.decode()
    assert SET_UP not in client.get("/admin/").content.decode()
    assert approved(client, loosen(client)) == "autonomous"
    assert Decision.objects.get(action__action_type__name="config.change").is_exception
    assert LedgerEntry.objects.filter(event__startswith="setup.").count() >= 5


def test_a_firm_of_five() -> None:
    founder, second, third, owner, _fifth = (world.person(f"p{number}", is_superuser=not number) for number in range(5))
    client, integrator = signed_in(founder), signed_in(owner)
    owner.user_permissions.add(Permission.objects.get(codename="add_apikey"))
    agent, policies = set_up(client, owner, is_solo=False), Desk.objects.get(slug="policies")
    add(client, "membership", **membership(second, policies))
    assert "leave nobody who can decide" in issue_key(integrator, agent).content.decode()
    add(client, "membership", **membership(third, policies))
    assert "Copy the key now" in issue_key(integrator, agent).content.decode()
    request = loosen(client)
    assert approved(client, request) == "on_the_loop"
    assert approved(signed_in(second), request) == "autonomous"
    assert not Decision.objects.get(action=request).is_exception
