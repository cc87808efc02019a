"""The directory in the admin: a sheet is shown before it is stored, and nobody gives herself power by it."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import Employee, LedgerEntry, Person, SubjectOwner
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

SHEET = "key,name,title\nann@example.com,Ann <b>Lee</b>,=1+1\n"


@pytest.fixture
def keeper(here: World) -> Person:
    """Somebody on the staff who keeps the directory."""
    found = world.person("keeper")
    names = [f"{what}_{table}" for what in ("add", "change", "view") for table in ("employee", "subjectowner", "duty")]
    found.user_permissions.set(Permission.objects.filter(codename__in=names))
    return found


@pytest.fixture
def staff(keeper: Person) -> Client:
    return signed_in(keeper)


def upload(client: Client, text: str, table: str = "employee") -> HttpResponse:
    file = SimpleUploadedFile("sheet.csv", text.encode())
    return client.post(reverse(f"admin:approvals_{table}_import"), {"file": file})


def confirm(client: Client, text: str, table: str = "employee") -> HttpResponse:
    return client.post(reverse(f"admin:approvals_{table}_import"), {"text": text, "confirmed": "yes"})


class TestASheet:
    def test_is_shown_before_it_is_stored(self, staff: Client) -> None:
        page = upload(staff, SHEET).content.decode()
        assert "1 row will be added or changed" in page and "=1+1" in page
        assert "<b>Lee" not in page and "Ann &lt;b&gt;Lee" in page
        assert not Employee.objects.exists()

    def test_is_stored_once_it_is_confirmed(self, staff: Client, keeper: Person) -> None:
        assert confirm(staff, SHEET).status_code == 302
        assert Employee.objects.get().name == "Ann <b>Lee</b>"
        assert LedgerEntry.objects.get(event="setup.employee.added").actor == f"person:{keeper.pk}"

    def test_says_every_fault_with_its_line(self, staff: Client) -> None:
        answer = upload(staff, "key,name\n,X\n,Y\n")
        page = answer.content.decode()
        assert answer.status_code == 422 and "The file has 2 errors" in page and "Line 3:" in page

    def test_is_not_taken_without_a_file_or_too_large(self, staff: Client) -> None:
        assert "Choose a file." in staff.post(reverse("admin:approvals_employee_import")).content.decode()
        assert upload(staff, "x" * (1024 * 1024 + 1)).status_code == 422

    def test_is_not_for_whoever_may_not_change_the_directory(self, here: World, junior: Client) -> None:
        assert upload(junior, SHEET).status_code == 403

    def test_does_not_make_its_importer_an_owner(self, staff: Client) -> None:
        answer = confirm(staff, "subject,owner\nAlder,keeper\n", "subjectowner")
        assert answer.status_code == 422 and "Another person must make it" in answer.content.decode()
        assert not SubjectOwner.objects.exists()


class TestARow:
    def test_does_not_make_its_keeper_an_owner(self, here: World, staff: Client, keeper: Person) -> None:
        url = reverse("admin:approvals_subjectowner_add")
        assert "Another person must make it" in staff.post(url, {"subject": "A", "owner": keeper.pk}).content.decode()
        assert staff.post(url, {"subject": "A", "owner": here.junior.pk}).status_code == 302
        assert SubjectOwner.objects.get().spelled == "a"

    def test_is_there_once_however_it_is_spelled(self, here: World, staff: Client) -> None:
        url = reverse("admin:approvals_subjectowner_add")
        assert staff.post(url, {"subject": "Alder & Finch", "owner": here.junior.pk}).status_code == 302
        answer = staff.post(url, {"subject": "ALDER & FINCH", "owner": here.senior.pk})
        assert answer.status_code == 200 and "already has an owner starting on this date" in answer.content.decode()

    def test_manages_nobody_in_a_circle(self, here: World, staff: Client) -> None:
        confirm(staff, "key,name,manager\na,A,b\nb,B,\n")
        above, below = Employee.objects.get(key="b"), Employee.objects.get(key="a")
        sent = {"key": "b", "name": "B", "manager": below.pk, "attributes": "{}", "is_active": "on"}
        answer = staff.post(reverse("admin:approvals_employee_change", args=[above.pk]), sent)
        assert "These managers form a loop: B → A → B." in answer.content.decode()
