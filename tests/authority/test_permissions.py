"""Permissions over the approval system are those that somebody was given; being a superuser is none."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission

from approvals.models import Person
from approvals.models.people import OVER_THE_GATE
from tests import world
from tests.world import World

ROOT = Path(__file__).parents[2]
# What superusers keep: accounts and set-up.
SET_UP = {
    *("approvals.add_apikey", "approvals.change_apikey", "approvals.view_apikey", "approvals.change_person"),
    *("approvals.add_actiontype", "approvals.add_agent", "approvals.add_person", "approvals.change_webhook"),
}
READING = {
    *("policies.view_policy", "policies.view_version", "approvals.view_actiontype", "approvals.view_person"),
    # Figures lead to their lists.
    *("approvals.view_action", "approvals.view_samplecheck", "approvals.view_webhookdelivery"),
}
NAMED = re.compile(r"(approvals|policies)\.(add|change|delete|view|override|break|review)_[a-z_]+")


@pytest.mark.django_db
class TestASuperuser:
    @pytest.mark.parametrize("name", sorted(OVER_THE_GATE))
    def test_has_only_what_they_were_given(self, here: World, name: str) -> None:
        root = world.person("root", is_superuser=True)
        assert not root.has_perm(name)
        root.user_permissions.add(Permission.objects.get(codename=name.partition(".")[2]))
        assert Person.objects.get(pk=root.pk).has_perm(name)

    def test_has_what_their_groups_give(self, here: World) -> None:
        root = world.person("root", is_superuser=True)
        root.groups.add(Group.objects.get(name="Halts"))
        assert root.has_perm("approvals.change_halt")
        assert not root.has_perm("approvals.break_glass")

    def test_keeps_accounts_and_set_up(self, here: World) -> None:
        assert all(world.person(f"root{each}", is_superuser=True).has_perm(each) for each in SET_UP)

    def test_that_is_inactive_has_nothing(self, here: World) -> None:
        root = world.person("root", is_superuser=True, is_active=False)
        root.groups.add(Group.objects.get(name="Halts"))
        assert not root.has_perm("approvals.change_halt")


def asked() -> set[str]:
    """Every permission that the code asks for by name."""
    paths = [*(ROOT / "approvals").rglob("*.py"), *(ROOT / "policies").rglob("*.py")]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if NAMED.fullmatch(text)}


def test_every_permission_that_is_asked_for_is_over_the_gate_or_for_setting_up() -> None:
    assert asked() - SET_UP - READING == OVER_THE_GATE
