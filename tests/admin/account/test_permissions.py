"""A person's permissions, read in one statement: they are those that Django finds."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Person
from hitl_project.auth import PeopleBackend
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody with a permission of their own, and those of two groups."""
    made = world.person("clerk")
    made.user_permissions.add(Permission.objects.get(codename="add_halt"))
    made.groups.add(*Group.objects.filter(name__in=["Reviewers", "Compliance"]))
    return made


@pytest.mark.parametrize("state", [{}, {"is_superuser": True}, {"is_active": False}])
def test_are_those_that_django_finds(person: Person, state: dict[str, bool]) -> None:
    Person.objects.filter(pk=person.pk).update(**state)
    ours, theirs = Person.objects.get(pk=person.pk), Person.objects.get(pk=person.pk)
    assert PeopleBackend().get_all_permissions(ours) == ModelBackend().get_all_permissions(theirs)


def test_are_read_once(person: Person) -> None:
    fresh = Person.objects.get(pk=person.pk)
    with CaptureQueriesContext(connection) as caught:
        assert fresh.has_perms(["approvals.add_halt", "approvals.view_action"])
    assert len(caught) == 1
