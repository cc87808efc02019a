"""Sheets taken into the directory: whole or not at all, every fault with its line, the same sheet twice is once."""

import json
from datetime import UTC, date, datetime

import pytest

from approvals.actors import Actor, Door, system
from approvals.models import Duty, Employee, LedgerEntry, SubjectOwner
from approvals.services.directory import import_sheet
from approvals.services.directory.sheet_rows import Change
from approvals.text.csv_sheet import SheetFaults
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
COMMAND = system(Door.COMMAND)
PEOPLE = """key,name,manager,department,title,person,attributes.cost_center
ann@example.com,Ann Lee,bo@example.com,Sales,Seller,,S-1
bo@example.com,Bo Dahl,,Sales,Head of sales,senior,S-1
"""


def take(sheet: str, text: str, actor: Actor = COMMAND, is_trial: bool = False) -> list[Change]:
    return import_sheet.import_sheet(actor=actor, at=NOON, sheet=sheet, content=text.encode(), is_trial=is_trial)


def refused(sheet: str, text: str, actor: Actor = COMMAND) -> str:
    with pytest.raises(SheetFaults) as caught:
        take(sheet, text, actor)
    return str(caught.value)


def entries(event: str) -> list[dict[str, object]]:
    return [json.loads(entry.body)["data"] for entry in LedgerEntry.objects.filter(event=event)]


class TestTakeIn:
    def test_adds_people_whose_managers_stand_below_them(self, here: World) -> None:
        take("people", PEOPLE)
        ann = Employee.objects.get(key="ann@example.com")
        assert (ann.manager and ann.manager.person, ann.department, ann.title) == (here.senior, "Sales", "Seller")
        assert ann.attributes == {"cost_center": "S-1"}

    def test_keeps_a_history_row_and_an_entry_of_each_change(self, here: World) -> None:
        take("people", PEOPLE)
        take("people", PEOPLE.replace("Seller", "Senior seller"))
        assert Employee.objects.get(key="ann@example.com").history.count() == 2
        assert [len(entries(f"setup.employee.{what}")) for what in ("added", "changed")] == [2, 1]
        assert entries("setup.employee.changed")[0]["fields"] == ["title"]

    def test_changes_nothing_the_second_time(self, here: World) -> None:
        owners = "subject;owner;from\nAlder & Finch;junior;2026-01-01\nCaldera;senior;\n"
        duty = "desk,person,from,until\nfinance,junior,2026-11-23T08:00Z,2026-11-23T17:00+01:00\n"
        for sheet, text in (("people", PEOPLE), ("owners", owners), ("duty", duty)):
            assert not any(change.is_none for change in take(sheet, text))
            before = LedgerEntry.objects.count()
            assert all(change.is_none for change in take(sheet, text))
            assert LedgerEntry.objects.count() == before

    def test_leaves_what_a_sheet_does_not_name(self, here: World) -> None:
        take("people", PEOPLE)
        take("people", "key,name\nANN@example.com,Ann Lee\n")
        ann = Employee.objects.get(key="ann@example.com")
        assert (ann.title, ann.attributes, Employee.objects.count()) == ("Seller", {"cost_center": "S-1"}, 2)

    def test_stores_nothing_on_trial_and_says_what_it_would(self, here: World) -> None:
        found = take("people", PEOPLE, is_trial=True)
        assert not Employee.objects.exists()
        assert {change.line: change.is_new for change in found} == {2: True, 3: True}
        assert next(change for change in found if change.line == 2).fields["department"] == ("", "Sales")

    def test_reads_owners_and_duties(self, here: World) -> None:
        take("owners", "subject,owner,from,until\nAlder & Finch,junior,2026-01-01,2026-12-31\n")
        take("duty", "desk,person,from,until\nfinance,junior,2026-11-23T08:00+01:00,2026-11-23T17:00Z\n")
        owner, duty = SubjectOwner.objects.get(), Duty.objects.get()
        assert (owner.owner, owner.from_on, owner.until_on) == (here.junior, date(2026, 1, 1), date(2026, 12, 31))
        assert duty.starts_at == datetime(2026, 11, 23, 7, tzinfo=UTC)

    def test_keeps_a_formula_letter_by_letter(self, here: World) -> None:
        take("people", '\ufeffkey,name,title\nx,X,"=HYPERLINK(""http://evil"")"\n')
        assert Employee.objects.get().title == '=HYPERLINK("http://evil")'

    @pytest.mark.parametrize(
        ("sheet", "text", "said"),
        [
            ("people", "", "Line 1: The file is empty"),
            ("people", "key\nx\n", "Line 1: The column name is missing."),
            ("people", "key,name,name\nx,X,X\n", "The column name appears more than once."),
            ("people", "key,name,salary\nx,X,1\n", "Unknown column 'salary'. Use key, name, manager"),
            ("people", "key,name\nx,X,1\n", "Line 2: This line has 3 cells, but the first line has 2."),
            ("people", 'key,name\nx,"X\n', "is not valid CSV"),
            ("people", "key,name\nx,a\x00b\n", "Line 2: A cell contains a control character"),
            ("people", "key,name\nx,\n", "Line 2: key and name are required."),
            ("people", "key,name\nx,X\nX,Y\n", "Line 3: 'X' is already in line 2."),
            ("people", f"key,name\nx,{'y' * 201}\n", "Line 2: name is longer than 200"),
            ("people", "key,name,manager\nx,X,nobody\n", "Line 2: No employee has the key 'nobody'."),
            ("people", "key,name,person\nx,X,nobody\n", "No active person has the username 'nobody'"),
            ("people", "key,name,person\nx,X,junior\ny,Y,junior\n", "already belongs to another employee"),
            ("people", "key,name,active\nx,X,maybe\n", "Line 2: active is 'maybe'. Use yes or no."),
            ("people", "key,name,manager\na,A,b\nb,B,c\nc,C,a\n", "These managers form a loop: A → B"),
            ("people", "key,name,manager\na,A,a\n", "These managers form a loop: A → A."),
            ("owners", "subject,owner\n ,junior\n", "Line 2: subject is required."),
            ("owners", "subject,owner\nA,junior\na,senior\n", "Line 3: Line 2 already has this subject"),
            ("owners", "subject,owner,from,until\nA,junior,2026-02-01,2026-01-01\n", "The end must be after"),
            ("owners", "subject,owner,from\nA,junior,tomorrow\n", "Use a date, for example 2026-12-31"),
            ("duty", "desk,person,from,until\nx,junior,2026-01-01,2026-01-02\n", "The desk 'x' does not exist"),
            ("duty", "desk,person,from,until\nfinance,junior,soon,2026-01-02\n", "Use a date and time, for example"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_with_its_line_and_stores_nothing(
        self, here: World, sheet: str, text: str, said: str
    ) -> None:
        assert said in refused(sheet, text)
        assert not Employee.objects.exists() and not SubjectOwner.objects.exists() and not Duty.objects.exists()

    def test_says_everything_that_is_wrong_at_once(self, here: World) -> None:
        assert refused("people", "key,name,person\nx,,\ny,Y,nobody\n").count("Line ") == 2

    def test_refuses_bytes_that_are_no_text(self, here: World) -> None:
        with pytest.raises(SheetFaults, match="Line 2: This is not UTF-8"):
            import_sheet.import_sheet(actor=COMMAND, at=NOON, sheet="people", content=b"key,name\nx,J\xfcrgen\n")

    @pytest.mark.parametrize(
        ("sheet", "text"),
        [
            ("owners", "subject,owner\nA,junior\n"),
            ("duty", "desk,person,from,until\nfinance,junior,2026-01-01,2026-01-02\n"),
            ("people", "key,name,person,manager\nx,X,junior,\ny,Y,,x\n"),
        ],
    )
    def test_lets_nobody_give_herself_power(self, here: World, sheet: str, text: str) -> None:
        assert "Another person must make it" in refused(sheet, text, Actor(Door.ADMIN, person=here.junior))
        assert take(sheet, text, Actor(Door.ADMIN, person=here.senior))
