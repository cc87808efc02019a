"""What tests of the folder of files share: its author, a furnished world, and files with one part changed."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from django.contrib.auth.models import Permission

from approvals.actors import Actor, Door, system
from approvals.models import (
    Calendar,
    Client,
    Duty,
    Employee,
    ExchangeRate,
    FlowLimit,
    Holiday,
    Hours,
    Membership,
    Person,
    SubjectOwner,
)
from approvals.services.configuration import set_up
from approvals.services.configuration.folder import apply, export
from approvals.services.configuration.folder.apply import Outcome
from tests import world
from tests.world import NOON, World

NEW_TYPE = """
name: vendor.add
title: Add a vendor
desk: purchasing
policy: vendors
summary: Add the vendor {/name}
reversibility: reversible
stakes: low
mode: on_the_loop
execution: connector
connector: journal
schema:
  type: object
  required: [name]
  properties:
    name: {type: string, title: Name}
"""
NEW_POLICY = """
policy: vendors
title: Vendors
about: New vendors wait unless the agent is confident.
confidence:
  bands:
    - {at_least: 0.9, outcome: auto}
    - {at_least: 0.0, outcome: review}
"""
NEW = {
    "desks.yaml": "desks:\n  - {slug: purchasing, name: Purchasing}\n",
    "memberships.yaml": "memberships:\n  - {person: senior, desk: purchasing, tier: senior}\n",
    "agents.yaml": "agents:\n  - {name: vendor-bot, title: Vendor bot, owner: owner}\n",
    "action_types/vendor.add.yaml": NEW_TYPE,
    "policies/vendors.yaml": NEW_POLICY,
}
"""A desk with a member, an agent, and an action type with its policy: all of it new."""


def keeper(name: str = "keeper") -> Person:
    """Somebody who may change everything that files hold."""
    found = world.person(name, is_superuser=True)
    found.user_permissions.set(Permission.objects.filter(codename="add_version"))
    return Person.objects.get(pk=found.pk)


def applied(files: Mapping[str, str], who: Person | None = None) -> Outcome:
    """What came of applying these files."""
    who = who or Person.objects.filter(username="keeper").first() or keeper()
    return apply.apply(actor=Actor(Door.COMMAND, person=who), at=NOON, files=files)


def tried(files: Mapping[str, str]) -> Outcome:
    """What would come of applying these files."""
    who = Person.objects.filter(username="keeper").first() or keeper()
    return apply.dry_run(actor=Actor(Door.COMMAND, person=who), at=NOON, files=files)


def edited(path: str, before: str, after: str) -> dict[str, str]:
    """The exported files with one text in one of them replaced."""
    files = export.files()
    assert before in files[path], files[path]
    return files | {path: files[path].replace(before, after)}


def go_live() -> None:
    """End the set-up."""
    set_up.end(actor=system(Door.COMMAND), at=NOON, why="For a test.")


def furnish(here: World) -> None:
    """Give the world one row of each kind that files hold."""
    calendar = Calendar.objects.create(desk=here.desk, time_zone="Europe/Berlin")
    Hours.objects.create(calendar=calendar, weekday=0, begins=time(8), ends=time(12, 30))
    Hours.objects.create(calendar=calendar, weekday=0, begins=time(13), ends=time(17))
    Holiday.objects.create(calendar=calendar, on=date(2026, 12, 25), name="Christmas, “first” day: on")
    client = Client.objects.create(key="acme", name="Acme & Sons", calendar=calendar, currency="EUR")
    Membership.objects.create(person=here.owner, desk=here.desk, client=client, ceilings={"EUR": "5000.00"})
    boss = Employee.objects.create(key="Boss@example.com", name="Zoë Boß", normalized_key="boss@example.com")
    Employee.objects.create(
        key="ann@example.com", name="Ann", normalized_key="ann@example.com", manager=boss, attributes={"site": "Berlin"}
    )
    SubjectOwner.objects.create(subject="Paper Mill", owner=here.owner, spelled="paper mill")
    Duty.objects.create(desk=here.desk, person=here.junior, starts_at=NOON, ends_at=world.soon(3600))
    FlowLimit.objects.create(connector="journal", starts_per_minute=60)
    ExchangeRate.objects.create(currency="USD", valid_from=date(2026, 1, 1), rate=Decimal("0.92000000"))
