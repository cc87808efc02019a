"""Whom the directory names, however the requester is spelled, and never somebody who may not decide."""

from datetime import timedelta

import pytest

from approvals.actors import Door, system
from approvals.models import Desk, Employee, Person, SubjectOwner
from approvals.queries.directory import employees
from approvals.queries.directory.employees import Willing
from approvals.services.directory import import_sheet
from policies import db
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
PEOPLE = """key,name,manager,person,active,attributes.role
ann@example.com,Ann Lee,bo@example.com,,,seller
bo@example.com,Bo Dahl,cy@example.com,junior,,
cy@example.com,Cy Moe,,senior,,
left@example.com,Lou Left,bo@example.com,,no,
twin1@example.com,Sam Twin,bo@example.com,,,
twin2@example.com,Sam Twin,cy@example.com,,,
alone@example.com,Al One,,,,
"""


@pytest.fixture
def people(here: World) -> World:
    take("people", PEOPLE)
    return here


def take(sheet: str, text: str) -> None:
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet=sheet, content=text.encode())


def anybody(person: Person) -> bool:
    return True


def but(person: Person) -> Willing:
    return lambda other: other != person


class TestManagerOf:
    @pytest.mark.parametrize(
        "spelled",
        ["ann@example.com", "ANN@Example.com", "Ann Lee", "  ann   lee ", "Ann Lee <ann@example.com>", "\u0430nn lee"],
    )
    def test_finds_the_requester_however_spelled(self, people: World, spelled: str) -> None:
        found = employees.manager_of(spelled, anybody)
        assert (found.person, found.note) == (people.junior, "Manager of Ann Lee: Bo Dahl.")

    def test_finds_the_requester_by_login(self, people: World) -> None:
        assert employees.manager_of("junior", anybody).person == people.senior

    def test_passes_over_a_manager_who_may_not_decide(self, people: World) -> None:
        found = employees.manager_of("Ann Lee", but(people.junior))
        assert (found.person, found.note) == (
            people.senior,
            "Manager of Ann Lee: Cy Moe, because Bo Dahl cannot decide on this action.",
        )

    def test_passes_over_a_manager_who_is_not_active(self, people: World) -> None:
        Person.objects.filter(pk=people.junior.pk).update(is_active=False)
        assert employees.manager_of("Ann Lee", anybody).person == people.senior

    @pytest.mark.parametrize(
        ("spelled", "note"),
        [
            ("", "The action has no requester (on_behalf_of)."),
            ("Nobody Here", "The directory has no employee named 'Nobody Here'."),
            ("Sam Twin", "The directory has more than one employee named 'Sam Twin'."),
            ("left@example.com", "Lou Left is no longer active in the directory."),
            ("Al One", "The directory has no manager for Al One."),
        ],
    )
    def test_says_why_it_finds_nobody(self, people: World, spelled: str, note: str) -> None:
        assert employees.manager_of(spelled, anybody) == employees.Asked(None, note)

    def test_ends_where_a_circle_closes(self, people: World) -> None:
        Employee.objects.filter(key="cy@example.com").update(manager=Employee.objects.get(key="ann@example.com"))
        found = employees.manager_of("Ann Lee", lambda person: False)
        assert found.note == "No manager of Ann Lee can decide on this action: Bo Dahl, Cy Moe."


class TestOwnerOf:
    def test_finds_who_owns_it_today(self, here: World) -> None:
        today = db.now().date()
        past, last = today - timedelta(days=9), today - timedelta(days=2)
        take("owners", f"subject,owner,from,until\nAlder & Finch,junior,,{last}\nAlder & Finch,senior,{past},{today}\n")
        found = employees.owner_of("ALDER  & Finch", anybody)
        assert (found.person, found.note) == (here.senior, "Owner of ALDER  & Finch: senior.")

    def test_finds_the_one_whose_time_began_last(self, here: World) -> None:
        today = db.now().date()
        take("owners", f"subject,owner,from\nAlder,junior,\nAlder,senior,{today}\n")
        assert employees.owner_of("Alder", anybody).person == here.senior
        assert employees.owner_of("Alder", but(here.senior)).person == here.junior

    def test_knows_nobody_before_or_after(self, here: World) -> None:
        today = db.now().date()
        day = timedelta(days=1)
        take("owners", f"subject,owner,from,until\nAlder,junior,,{today - day}\nAlder,senior,{today + day},\n")
        assert employees.owner_of("Alder", anybody).note == "The directory has no owner for Alder."

    def test_says_who_may_not(self, here: World) -> None:
        take("owners", "subject,owner\nAlder,junior\n")
        found = employees.owner_of("Alder", lambda person: False)
        assert found == employees.Asked(None, "Owner of Alder: junior, but they cannot decide on this action.")
        assert employees.owner_of("\u200b", anybody).person is None
        assert SubjectOwner.objects.count() == 1


class TestOnDuty:
    def test_finds_who_is_on_duty_by_the_databases_clock(self, here: World) -> None:
        now, hour = db.now(), timedelta(hours=1)
        rows = [("junior", now - hour, now), ("senior", now - hour, now + hour), ("junior", now + hour, now + 2 * hour)]
        lines = [f"finance,{name},{began.isoformat()},{ended.isoformat()}" for name, began, ended in rows]
        take("duty", "\n".join(["desk,person,from,until", *lines]))
        assert employees.on_duty(here.desk, anybody).person == here.senior
        assert employees.on_duty(here.desk, but(here.senior)).person is None
        other = Desk.objects.get(slug="policies")
        assert employees.on_duty(other, anybody).note == "No one is on duty at Policies now."


class TestTold:
    def test_says_what_the_directory_knows(self, people: World) -> None:
        told = employees.told("ann lee")
        assert told == {"key": "ann@example.com", "name": "Ann Lee", "manager": "Bo Dahl", "role": "seller"}
        assert employees.told("nobody") is None
