"""Whom the directory lists as inactive decides nothing, however they come to be asked, and at every door."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from approvals.actors import Actor, Door, system
from approvals.authority import assignees, powers
from approvals.errors import NotAllowed
from approvals.models import Action, Employee, Membership, Person, Stage
from approvals.queries.directory import colleagues
from approvals.queries.inbox import next_item
from approvals.services.accounts import delegations
from approvals.services.decisions import claims, notes, offers, undo
from approvals.services.directory import import_sheet
from approvals.services.notifications import recipients
from approvals.states import Tier
from policies import db
from tests import plans as given
from tests import world
from tests.world import NOON, World

Way = Callable[[World], tuple[Person, Action]]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def list_as(person: Person, *, is_active: bool) -> None:
    """Let the directory say whether the person is still here."""
    name = person.username
    sheet = f"key,name,person,active\n{name},{name},{name},{'yes' if is_active else 'no'}\n"
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet.encode())


def at_own_desk(here: World) -> tuple[Person, Action]:
    return here.junior, here.pending()


def by_name(here: World) -> tuple[Person, Action]:
    person = given.vera()
    given.follow(here, given.VERA)
    return person, here.pending()


def by_group(here: World) -> tuple[Person, Action]:
    person = given.vera()
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    given.in_group(person)
    given.follow(here, given.LEADS)
    return person, here.pending()


def at_another_desk(here: World) -> tuple[Person, Action]:
    person = given.at_desk("ivan")
    given.follow(here, given.IT)
    return person, here.pending()


def by_delegation(here: World) -> tuple[Person, Action]:
    person, now = world.person("friend"), db.now()
    delegations.grant(
        actor=Actor(Door.ADMIN, person=here.senior), at=now, person=here.senior, delegate=person,
        ends_at=now + timedelta(days=9), desk=here.desk,
    )  # fmt: skip
    return person, here.pending()


WAYS: list[Way] = [at_own_desk, by_name, by_group, at_another_desk, by_delegation]


def claim(action: Action, person: Person) -> object:
    return claims.take(actor=Actor(Door.ADMIN, person=person), at=NOON, action_id=action.pk)


def ask(action: Action, person: Person) -> object:
    return notes.ask(actor=Actor(Door.ADMIN, person=person), at=NOON, action_id=action.pk, text="Why?")


def modify(action: Action, person: Person) -> object:
    return world.decide("modify", action, person, payload=action.revision.payload | {"amount": 700})


VERBS: dict[str, Callable[[Action, Person], object]] = {
    "approve": lambda action, person: world.decide("approve", action, person),
    "approve with a token": lambda action, person: world.decide("approve", action, person, door=Door.TOKEN),
    "modify": modify,
    "reject": lambda action, person: world.decide("reject", action, person, rationale="No."),
    "escalate": lambda action, person: world.decide("escalate", action, person, rationale="No."),
    "claim": claim,
    "ask": ask,
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
class TestSomebodyInactive:
    @pytest.mark.parametrize("verb", VERBS)
    def test_is_refused_and_told_why(self, here: World, way: Way, verb: str) -> None:
        person, action = way(here)
        list_as(person, is_active=False)
        with pytest.raises(NotAllowed, match="The directory lists you as inactive"):
            VERBS[verb](action, person)

    def test_who_is_active_again_is_offered_it(self, here: World, way: Way) -> None:
        person, action = way(here)
        stage = Stage.objects.get(action=action)
        list_as(person, is_active=True)
        assert (is_offered(here, person, action, stage), world.decide("approve", action, person).person) == (
            True,
            person,
        )

    def test_is_asked_nothing(self, here: World, way: Way) -> None:
        person, action = way(here)
        list_as(person, is_active=False)
        assert not is_offered(here, person, action, Stage.objects.get(action=action))


def is_offered(here: World, person: Person, action: Action, stage: Stage) -> bool:
    """Whether a page, the inbox, a notice or a colleague's list has the action for the person; all say the same."""
    actor = Actor(Door.ADMIN, person=person)
    mail = {each.delegate_id for each in assignees.delegations_at(stage, [here.senior])} & {person.pk}
    mail |= {each.pk for each in (*assignees.people(stage), *recipients.of_stage(action, stage))} & {person.pk}
    found = {
        powers.could_decide(person, action, stage),
        offers.of(actor, NOON, action, [stage]).may_approve,
        assignees.reach(person) != (assignees.NOBODY,),
        next_item.next_for(person, [], NOON) is not None,
        bool(mail),
        person in [each.person for each in colleagues.colleagues(action, here.owner)],
    }
    assert len(found) == 1, found
    return found.pop()


def test_an_undo_of_an_approval_is_refused(here: World) -> None:
    action = here.pending()
    world.decide("approve", action, here.junior)
    list_as(here.junior, is_active=False)
    with pytest.raises(NotAllowed, match="The directory lists you as inactive"):
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, rationale="Wait.")
    assert undo.offer(Actor(Door.ADMIN, person=here.junior), world.fresh(action), NOON) is None


def test_an_approval_does_not_count_towards_a_quorum_any_more(here: World) -> None:
    given.follow(here, given.PAIR)
    action = here.pending()
    world.decide("approve", action, here.junior)
    list_as(here.junior, is_active=False)
    assert not world.decide("approve", world.fresh(action), here.senior).is_final


def test_what_they_claimed_is_free_for_others(here: World) -> None:
    action = here.pending()
    claim(action, here.junior)
    list_as(here.junior, is_active=False)
    assert world.decide("approve", world.fresh(action), here.senior).is_final


def test_whom_the_directory_does_not_know_decides(here: World) -> None:
    assert not Employee.objects.filter(person=here.junior).exists()
    assert world.decide("approve", here.pending(), here.junior).is_final
