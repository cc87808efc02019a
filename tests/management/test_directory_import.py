"""`manage.py directory_import`: what it says, and that a fault stores nothing."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.models import Employee
from approvals.services.configuration import set_up
from tests.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("key,name,department\nann@example.com,Ann Lee,Sales\n")
    return path


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("directory_import", *words, stdout=out)
    return out.getvalue()


class TestDirectoryImport:
    def test_says_what_it_did(self, sheet: Path) -> None:
        said = run("people", str(sheet))
        assert "line 2: new: Ann Lee (ann@example.com): " in said and "department '' → 'Sales'" in said
        assert "Read 1 lines; 1 changed." in said
        assert "Read 1 lines; 0 changed." in run("people", str(sheet))

    def test_stores_nothing_when_it_is_only_tried(self, sheet: Path) -> None:
        assert "1 would change." in run("people", str(sheet), "--dry-run")
        assert not Employee.objects.exists()

    def test_says_what_is_wrong_without_a_trace(self, sheet: Path) -> None:
        sheet.write_text("key,name,manager\nx,X,nobody\n")
        with pytest.raises(CommandError, match=r"Nothing was imported\.\nLine 2: No employee"):
            run("people", str(sheet))
        with pytest.raises(CommandError, match="Cannot read"):
            run("people", str(sheet.parent / "none.csv"))


class TestOnceLive:
    @pytest.fixture(autouse=True)
    def live(self) -> None:
        set_up.end(actor=system(Door.COMMAND), at=NOON, why="For a test.")

    def test_changes_nothing_without_a_second_person(self, sheet: Path) -> None:
        with pytest.raises(CommandError, match="Nothing was imported"):
            run("people", str(sheet))
        assert not Employee.objects.exists()

    def test_imports_what_an_operator_declared(self, sheet: Path, settings: Settings) -> None:
        settings.HITL_DIRECTORY_FEEDS = ["people"]
        assert "1 changed." in run("people", str(sheet))

    def test_asks_a_person_about_a_jump(self, sheet: Path, settings: Settings) -> None:
        settings.HITL_DIRECTORY_FEEDS = ["people"]
        run("people", str(sheet))
        lines = [f"p{number}@example.com,P {number},Sales" for number in range(21)]
        sheet.write_text("\n".join(["key,name,department", *lines]))
        with pytest.raises(CommandError, match="unusually many"):
            run("people", str(sheet))
        assert Employee.objects.count() == 1
