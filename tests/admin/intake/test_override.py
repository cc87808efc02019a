"""Reopening from the blocked action's page: a button for whoever may, a notice on both pages, a filter for officers."""

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.actors import Door, system
from approvals.models import Action, Membership
from approvals.services import routing
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, press, show
from tests.services.intake.test_override import BLOCKS, WHY
from tests.world import NOON, World, fresh

BUTTON = "Request override"


@pytest.fixture
def boss(here: World) -> Client:
    person = world.person("boss")
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    client = signed_in(person, "Reviewers")
    person.groups.add(Group.objects.get(name="Overriders"))
    return client


@pytest.fixture
def blocked(here: World) -> Action:
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    return here.pending(issuer="Shady Ltd")


def reopen(client: Client, action: Action, reason: str = WHY) -> HttpResponse:
    return client.post(address(action, "override"), {"reason": reason})


def reopened(client: Client, action: Action) -> Action:
    assert reopen(client, action).status_code == 302
    made = Action.objects.get(overrides=action)
    routing.route(actor=system(Door.CELERY), at=NOON, action_id=made.pk)
    return fresh(made)


class TestTheButton:
    def test_is_on_the_page_of_what_policy_blocked(self, here: World, boss: Client, blocked: Action) -> None:
        assert BUTTON in show(boss, blocked)
        assert BUTTON not in show(boss, here.pending())

    def test_is_for_overriders_alone(self, senior: Client, junior: Client, compliance: Client, blocked: Action) -> None:
        for client in (senior, junior, compliance):
            assert BUTTON not in show(client, blocked)
            assert reopen(client, blocked).status_code == 403
        assert Action.objects.count() == 1

    def test_leads_to_the_new_action(self, boss: Client, blocked: Action) -> None:
        answer = reopen(boss, blocked)
        assert answer["Location"] == address(Action.objects.get(overrides=blocked))

    def test_keeps_what_was_written_when_it_is_refused(self, boss: Client, blocked: Action) -> None:
        answer = reopen(boss, blocked, "x" * 5_001)
        assert answer.status_code == 422 and "x" * 5_001 in answer.content.decode()

    def test_is_gone_once_it_was_pressed(self, boss: Client, blocked: Action) -> None:
        reopen(boss, blocked)
        assert BUTTON not in show(boss, blocked)
        assert reopen(boss, blocked).status_code == 409

    def test_is_no_link_and_wants_a_token_against_forgery(self, here: World, boss: Client, blocked: Action) -> None:
        assert boss.get(address(blocked, "override")).status_code == 405
        strict = signed_in(here.senior, "Reviewers", "Overriders", checks_csrf=True)
        assert reopen(strict, blocked).status_code == 403
        assert Action.objects.count() == 1


class TestBothPages:
    def test_name_each_other_with_the_reason(self, senior: Client, boss: Client, blocked: Action) -> None:
        made = reopened(boss, blocked)
        before, after = show(senior, blocked), show(senior, made)
        assert address(made) in before and "requested an override" in before and WHY in before
        assert address(blocked) in after and "requested this override" in after and WHY in after
        assert "outcome-block" in after

    def test_are_inert(self, boss: Client, blocked: Action) -> None:
        reopen(boss, blocked, "<b>Because</b>\u202e")
        assert "&lt;b&gt;Because&lt;/b&gt;" in show(boss, blocked)

    def test_let_another_senior_approve(self, senior: Client, boss: Client, blocked: Action) -> None:
        made = reopened(boss, blocked)
        assert "You cannot decide on this" in show(boss, made)
        assert press(senior, made, "approve").status_code == 302
        assert fresh(made).state == "approved"

    def test_have_it_in_their_history(self, senior: Client, boss: Client, blocked: Action) -> None:
        made = reopened(boss, blocked)
        press(senior, made, "approve")
        for action in (blocked, made):
            assert WHY in senior.get(reverse("admin:approvals_action_history", args=[action.pk])).content.decode()


class TestTheFilter:
    def test_finds_both_sides(self, compliance: Client, boss: Client, blocked: Action) -> None:
        made = reopened(boss, blocked)
        shown = {side: compliance.get(reverse("admin:approvals_action_changelist"), {"override": side}).content.decode()
                 for side in ("anew", "blocked")}  # fmt: skip
        assert address(made) in shown["anew"] and address(blocked) not in shown["anew"]
        assert address(blocked) in shown["blocked"] and address(made) not in shown["blocked"]
