"""Those who approved are asked for again before the effect: who could not approve by now lets nothing run."""

from collections.abc import Callable

import pytest

from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotApproved
from approvals.models import Action, ActionType, Decision, LedgerEntry, Membership, Person
from approvals.services.catalog import rows
from approvals.services.directory import import_sheet
from approvals.services.execution import agent, run
from approvals.states import ExecutionMode
from policies import db
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
BY_ADMIN = Actor(Door.ADMIN)


def deactivate(person: Person) -> None:
    person.is_active = False
    rows.save(person, BY_ADMIN, ["is_active"])


def leave(person: Person) -> None:
    rows.delete(Membership.objects.get(person=person), BY_ADMIN)


def be_listed_as_inactive(person: Person) -> None:
    name = person.username
    sheet = f"key,name,person,active\n{name},{name},{name},no\n"
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet.encode())


GONE: dict[str, tuple[Callable[[Person], None], str]] = {
    "deactivated": (deactivate, "is no longer active"),
    "without a seat": (leave, "has left Finance"),
    "inactive in the directory": (be_listed_as_inactive, "is no longer active"),
}


def execute() -> None:
    run.run_ready(actor=system(Door.CELERY), clock=db.now)


def refused(action: Action) -> str:
    """Why it was not carried out."""
    return str(LedgerEntry.objects.get(action=action, event="execution.refused").body)


@pytest.mark.parametrize("how", GONE)
class TestWhoApproved:
    def test_and_is_gone_sends_it_back(self, here: World, fake: FakeConnector, how: str) -> None:
        go, why = GONE[how]
        action = here.pending(db.now())
        world.decide("approve", action, here.junior, at=db.now())
        go(here.junior)
        execute()
        action = world.fresh(action)
        assert (action.state, action.round, fake.orders) == ("pending", 2, [])
        assert why in refused(action)
        world.decide("approve", action, here.senior, at=db.now())
        execute()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)

    def test_in_an_earlier_stage_counts_too(self, here: World, fake: FakeConnector, how: str) -> None:
        go, why = GONE[how]
        given.follow(here, given.BOOKS, "{name: second, who: desk, tier: senior}")
        action = here.pending(db.now())
        world.decide("approve", action, here.junior, at=db.now())
        assert world.decide("approve", world.fresh(action), here.senior, at=db.now()).is_final
        go(here.junior)
        execute()
        assert (world.fresh(action).state, fake.orders) == ("pending", [])
        assert why in refused(action)

    def test_and_is_gone_lets_no_agent_redeem_it(self, here: World, how: str) -> None:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        go, why = GONE[how]
        action = here.pending(db.now())
        world.decide("approve", action, here.junior, at=db.now())
        go(here.junior)
        with pytest.raises(NotApproved, match=why):
            agent.consume(actor=here.as_agent(), at=db.now(), action_id=action.pk)
        assert world.fresh(action).state == "pending"

    def test_is_asked_for_in_what_is_still_to_be_sent_alone(self, here: World, fake: FakeConnector, how: str) -> None:
        action = here.auto(db.now())
        GONE[how][0](here.junior)
        execute()
        assert not Decision.objects.filter(action=action, person__isnull=False).exists()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)


def test_whom_a_stage_names_without_a_seat_still_holds(here: World, fake: FakeConnector) -> None:
    person = given.vera()
    given.follow(here, given.VERA)
    action = here.pending(db.now())
    world.decide("approve", action, person, at=db.now())
    execute()
    assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)
