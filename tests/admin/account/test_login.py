"""Who gets in: nobody by what a demo left behind."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from approvals.models import Person
from tests.api.caller import agent_key, as_agent, as_session, as_token, bearer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def left_over(here: World) -> Person:
    """A login that a demo made, in a database that somebody went on with."""
    Person.objects.filter(pk=here.junior.pk).update(is_demo=True)
    here.junior.refresh_from_db()
    return here.junior


class TestADemosLogin:
    def test_is_nobody_outside_the_demo(self, left_over: Person) -> None:
        assert not Client().login(username="junior", password="secret")

    def test_is_nobody_in_an_old_session_either(self, left_over: Person) -> None:
        browser = Client()
        browser.force_login(left_over)
        assert browser.get(reverse("admin:inbox")).status_code == 302
        assert as_session(left_over).get("me/").status_code == 401

    def test_is_somebody_in_the_demo(self, left_over: Person, settings: Settings) -> None:
        settings.HITL_MODE = "demo"
        assert Client().login(username="junior", password="secret")


class TestADemosKey:
    def test_opens_nothing_in_production(self, here: World, settings: Settings) -> None:
        caller = as_agent(here.agent)
        caller.headers = bearer(agent_key(here.agent, environment="test"))
        assert caller.get("me/").status_code == 200
        settings.IS_PRODUCTION = True
        assert caller.get("me/").json()["code"] == "demo_key"

    def test_of_a_person_opens_nothing_in_production(self, left_over: Person, settings: Settings) -> None:
        caller = as_token(left_over, "read")
        settings.IS_PRODUCTION = True
        assert caller.get("me/").json()["code"] == "demo_key"
