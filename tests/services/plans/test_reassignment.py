"""A stage whose people are gone asks others at once, whoever changed what, and the record says why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from approvals.actors import Actor, Door, system
from approvals.errors import NotAsked
from approvals.models import Action, Agent, Delivery, LedgerEntry, Membership, Person, Stage
from approvals.services.accounts import absences, delegations
from approvals.services.catalog import rows
from approvals.services.directory import import_sheet
from approvals.services.plans import reassignment
from approvals.states import Tier
from policies import db
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
CLOCK = system(Door.CLOCK)
BY_ADMIN = Actor(Door.ADMIN)


def sweep() -> int:
    return reassignment.reassign_due(actor=CLOCK, clock=db.now)


def stage_of(action: Action) -> Stage:
    return Stage.objects.get(action=action, state="open")


def vera() -> Person:
    return Person.objects.get(username="vera")


def away(person: Person, days: int, minutes: int = 0) -> None:
    now = db.now()
    until = now + timedelta(days=days, minutes=minutes)
    absences.enter(actor=Actor(Door.ADMIN, person=person), at=now, person=person, ends_at=until)


def delete_seat(person: Person) -> None:
    rows.delete(Membership.objects.get(person=person), BY_ADMIN)


def deactivate(person: Person) -> None:
    person.is_active = False
    rows.save(person, BY_ADMIN, ["is_active"])


def limited(**fields: object) -> None:
    seat = Membership.objects.get(person=vera())
    for name, value in fields.items():
        setattr(seat, name, value)
    rows.save(seat, BY_ADMIN, list(fields))


def stakes(here: World, of: str) -> None:
    here.kind.stakes = of
    rows.save(here.kind, BY_ADMIN, ["stakes"])


def take(active: str) -> None:
    sheet = f"key,name,person,active\nE1,Vera,vera,{active}\n"
    import_sheet.import_sheet(actor=CLOCK, at=NOON, sheet="people", content=sheet.encode())


# What a stage asks, and how its people go: by every door that there is.
GONE: dict[str, tuple[str, Callable[[World], object], str]] = {
    "a person, deactivated in the admin": (given.VERA, lambda _: deactivate(vera()), "vera is deactivated."),
    "a person, deactivated by hand": (
        given.VERA, lambda _: Person.objects.filter(username="vera").update(is_active=False), "vera is deactivated.",
    ),
    "a person, made inactive by the directory": (
        given.VERA, lambda _: [take("yes"), take("no")], "vera is no longer active in the directory.",
    ),
    "a person who left the desk": (given.VERA, lambda _: delete_seat(vera()), "vera is no longer a member of Finance."),
    "a person who owns the agent now": (
        given.VERA, lambda _: Agent.objects.update(owner=vera()), "vera can no longer decide on this action.",
    ),
    "a person who is away for long": (given.VERA, lambda _: away(vera(), 9), "vera is out of office until"),
    "a person whose ceiling was lowered": (
        given.VERA, lambda _: limited(ceilings={"EUR": "500.00"}), "above the ceiling or maximum stakes of vera",
    ),
    "a person whose maximum stakes were lowered": (
        given.VERA, lambda here: [limited(max_stakes="low"), stakes(here, "high")], "above the ceiling or maximum",
    ),
    "a person below the stakes of the type": (
        given.VERA, lambda here: [limited(max_stakes="medium"), stakes(here, "high")], "above the ceiling or",
    ),
    "a group without people": (
        given.LEADS, lambda _: Group.objects.get(name="Leads").user_set.clear(), "Leads has 0 active reviewers",
    ),
    "a group of deactivated people": (given.LEADS, lambda _: deactivate(vera()), "Leads has 0 active reviewers"),
    "a group whose memberships ended": (given.LEADS, lambda _: delete_seat(vera()), "Leads has 0 active reviewers"),
    "another desk without people": (
        given.IT, lambda _: Membership.objects.filter(desk__slug="it").delete(), "IT has 0 active reviewers",
    ),
}  # fmt: skip


def waiting(here: World, asked: str) -> Action:
    given.at_desk("ivan")
    person = given.vera()
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    given.in_group(person)
    given.follow(here, asked)
    return here.pending(db.now())


class TestAStage:
    @pytest.mark.parametrize("how", GONE)
    def test_asks_seniors_of_the_desk_once_its_people_are_gone(self, here: World, how: str) -> None:
        asked, go, why = GONE[how]
        action = waiting(here, asked)
        assert sweep() == 0
        go(here)
        assert (sweep(), sweep()) == (1, 0)
        stage = stage_of(action)
        assert (stage.desk, stage.asks_somebody, stage.tier, stage.number) == (here.desk, False, Tier.SENIOR, 2)
        assert why in str(stage.note) and "senior reviewers decide instead" in str(stage.note)
        entry = LedgerEntry.objects.get(action=action, event="stage.reassigned")
        assert (
            why in Stage.history.filter(id=stage.pk).latest("history_date").history_change_reason or why in entry.body
        )
        told = Delivery.objects.filter(action=action, kind__startswith="stage.reassigned", person=here.senior)
        assert told.exists()
        assert world.decide("approve", world.fresh(action), here.senior).is_final

    def test_of_people_who_are_there_is_left_alone(self, here: World) -> None:
        action = waiting(here, given.VERA)
        away(vera(), 0, minutes=9)
        assert sweep() == 0
        with pytest.raises(NotAsked):
            world.decide("approve", action, here.junior)

    def test_of_somebody_away_is_left_to_their_delegate(self, here: World) -> None:
        action, now = waiting(here, given.VERA), db.now()
        delegations.grant(
            actor=Actor(Door.ADMIN, person=vera()), at=now, person=vera(), delegate=world.person("friend"),
            ends_at=now + timedelta(days=9), desk=here.desk,
        )  # fmt: skip
        away(vera(), 9)
        assert (sweep(), stage_of(action).number) == (0, 1)

    def test_is_left_where_the_desk_has_nobody_else(self, here: World) -> None:
        action = waiting(here, given.VERA)
        Membership.objects.filter(desk=here.desk).exclude(person=vera()).delete()
        deactivate(vera())
        assert (sweep(), stage_of(action).number) == (0, 1)

    def test_keeps_the_stages_that_follow(self, here: World) -> None:
        person = given.vera()
        given.follow(here, given.VERA, given.BOOKS)
        action = here.pending(NOON)
        Person.objects.filter(pk=person.pk).update(is_active=False)
        assert sweep() == 1
        assert not world.decide("approve", world.fresh(action), here.senior).is_final
        assert world.decide("approve", world.fresh(action), here.junior).is_final
