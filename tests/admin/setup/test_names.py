"""Nobody changes their own name in the admin: not on their page, and not in the directory."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from approvals.actors import Actor, Door
from approvals.models import Employee, Person
from approvals.services.catalog import rows
from approvals.services.directory import import_sheet
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

NAMES = {"username": "other", "first_name": "Other", "last_name": "Name", "email": "other@example.com"}
INLINE = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


def send(client: Client, person: Person) -> int:
    """Fill other names in on somebody's page."""
    url = reverse("admin:approvals_person_change", args=[person.pk])
    rest = {"is_active": "on", "is_staff": "on", "is_superuser": "on", "time_zone": "UTC", "language": "en"}
    rest |= {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    return client.post(url, NAMES | rest | INLINE).status_code


def names_of(person: Person) -> dict[str, str]:
    found = Person.objects.get(pk=person.pk)
    return {field: getattr(found, field) for field in NAMES}


@pytest.fixture
def root(here: World) -> Person:
    return world.person("root", is_superuser=True)


class TestAPersonsPage:
    def test_is_no_place_to_rename_oneself_superusers_included(self, root: Person) -> None:
        before = names_of(root)
        assert send(signed_in(root), root) == 302
        assert names_of(root) == before

    def test_shows_ones_own_names_to_read(self, root: Person) -> None:
        page = signed_in(root).get(reverse("admin:approvals_person_change", args=[root.pk])).content.decode()
        assert "root@example.com" in page
        assert all(f'name="{field}"' not in page for field in NAMES)

    def test_lets_another_administrator_rename_somebody(self, here: World, root: Person) -> None:
        assert send(signed_in(root), here.junior) == 302
        assert names_of(here.junior) == NAMES


class TestTheDirectory:
    @pytest.fixture
    def own(self, here: World) -> Employee:
        """The row of somebody who keeps the directory."""
        codes = [f"{what}_employee" for what in ("view", "add", "change", "delete")]
        here.junior.user_permissions.set(Permission.objects.filter(codename__in=codes))
        row = Employee(key="E4711", name="Jo Niemand", person=here.junior)
        import_sheet.spell(row)
        rows.save(row, Actor(Door.ADMIN, person=here.senior), (), is_new=True)
        return row

    @pytest.mark.parametrize("change", [{"key": "x"}, {"name": "x"}, {"person": ""}], ids=str)
    def test_keeps_the_row_that_says_who_one_is(self, here: World, own: Employee, change: dict[str, str]) -> None:
        sent = {"key": own.key, "name": own.name, "person": here.junior.pk, "attributes": "{}", "is_active": "on"}
        answer = signed_in(here.junior).post(reverse("admin:approvals_employee_change", args=[own.pk]), sent | change)
        assert answer.status_code == 200
        found = Employee.objects.get()
        assert (found.key, found.name, found.person_id) == ("E4711", "Jo Niemand", here.junior.pk)

    def test_does_not_lose_it(self, here: World, own: Employee) -> None:
        client = signed_in(here.junior)
        assert (
            client.post(reverse("admin:approvals_employee_delete", args=[own.pk]), {"post": "yes"}).status_code == 403
        )
        client.post(
            reverse("admin:approvals_employee_changelist"),
            {"action": "delete_selected", "_selected_action": own.pk, "post": "yes"},
        )
        assert Employee.objects.exists()
