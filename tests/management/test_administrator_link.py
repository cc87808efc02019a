"""The link that the machine's operator prints for an administrator."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from approvals.models import Person
from tests import world

pytestmark = pytest.mark.django_db


def link(username: str) -> str:
    printed = StringIO()
    call_command("administrator_link", username, stdout=printed)
    return printed.getvalue().strip()


def test_opens_the_page_where_an_administrator_without_a_password_sets_one() -> None:
    call_command("createsuperuser", "--noinput", username="root", email="root@example.com", verbosity=0)
    assert not Person.objects.get(username="root").has_usable_password()
    path = link("root").split("/admin/", 1)[1]
    page = Client().get(f"/admin/{path}", follow=True)
    assert "new_password1" in page.content.decode()


@pytest.mark.parametrize("fields", [{}, {"is_superuser": True, "is_active": False}])
def test_is_printed_for_no_reviewer_and_nobody_who_left(fields: dict[str, bool]) -> None:
    world.person("ada", **fields)
    with pytest.raises(CommandError, match="no active administrator"):
        link("ada")
