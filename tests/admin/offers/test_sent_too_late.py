"""A form that was shown and is sent too late comes back with its reason and with what was typed."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import ActionType
from approvals.services.decisions import undo
from approvals.states import Mode
from tests import world
from tests.admin.oversight.test_standing_rules import typed
from tests.admin.pages import address
from tests.admin.review.test_reversal import executed, undoes
from tests.services.automation.given import decided
from tests.world import NOON, World

__all__ = ["undoes"]
WORDS = "Typed with care."


def assert_kept(answer: HttpResponse, said: str) -> None:
    page = answer.content.decode()
    assert (answer.status_code, WORDS in page, said in page) == (422, True, True)


@pytest.fixture
def started_by_people(here: World) -> World:
    here.set_kind(mode=Mode.IN_COMMAND)
    return here


def test_the_start_form_of_a_type_that_ended(started_by_people: World, junior: Client) -> None:
    page = reverse("admin:start", args=["invoice.post"])
    assert junior.get(page).status_code == 200
    started_by_people.set_kind(is_active=False)
    fields = {"value:/issuer": "Paper Mill", "value:/currency": "EUR", "key": "a" * 32, "why": WORDS}
    answer = junior.post(page, fields)
    assert_kept(answer, "You do not have permission to start")
    assert 'value="Paper Mill"' in answer.content.decode()
    assert junior.get(page).status_code == 404


def test_a_standing_rule_whose_decision_was_undone(here: World, junior: Client) -> None:
    action = decided(here, here.junior)
    fields = typed(junior, action) | {"reason": WORDS}
    undo.undo(actor=world.Actor(world.Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
    assert_kept(junior.post(address(action, "always"), fields), 'class="errorlist')


def test_a_reversal_that_somebody_else_requested_first(here: World, undoes: ActionType, junior: Client) -> None:
    action = executed(here, here.auto())
    assert junior.post(address(action, "reverse"), {"why": "First."}).status_code == 302
    assert_kept(junior.post(address(action, "reverse"), {"why": WORDS}), 'role="alert"')


def test_a_view_whose_name_is_taken(here: World, junior: Client) -> None:
    for status in (302, 422):
        answer = junior.post("/admin/inbox/views/", {"risk": "high", "name": WORDS})
        assert answer.status_code == status
    assert_kept(answer, f'value="{WORDS}"')
