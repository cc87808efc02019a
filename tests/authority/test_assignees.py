"""Whoever asks whom a stage asks is told the same: those who decide, count, notify, hand over and look at inboxes."""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from approvals.actors import Actor, Door, system
from approvals.authority import assignees, conflicts, powers, visibility
from approvals.models import Action, Delegation, Desk, Employee, Membership, Person, Stage
from approvals.queries.directory import colleagues, duty
from approvals.queries.inbox import waiting
from approvals.services.accounts import absences, delegations
from approvals.services.directory import import_sheet
from approvals.services.notifications import recipients
from approvals.services.plans import stages
from approvals.states import Tier
from policies import db
from policies.errors import Refused
from tests import plans as given
from tests import world
from tests.proof import times
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
STEPS = (
    given.BOOKS,
    given.VERA,
    given.IT,
    given.PAIR,
    given.LEADS,
    "{name: heads, who: 'group:Leads', tier: senior}",
    "{name: top, who: desk, tier: senior}",
    "{name: owner, who: owner}",
)
NAMES = ("vera", "ann", "ben", "cas", "dan", "eve")
SEEDS = range(times(16, 160))


def staffed(here: World, chance: random.Random) -> list[Person]:
    """People with memberships, ceilings and a group at random, besides those of every world."""
    desks = [here.desk, Desk.objects.create(slug="it", name="IT")]
    leads = Group.objects.create(name="Leads")
    people = [world.person(name) for name in NAMES]
    for person in people:
        for desk in chance.sample(desks, chance.randint(0, 2)):
            ceilings = chance.choice([{}, {}, {"EUR": "10.00"}])
            Membership.objects.create(person=person, desk=desk, tier=chance.choice(Tier.values), ceilings=ceilings)
        if chance.random() < 0.5:
            leads.user_set.add(person)
    # A junior here and a senior there, who is in the group; and the agent's owner, who may decide nothing of its own.
    both = world.person("both")
    Membership.objects.create(person=both, desk=desks[0], tier=Tier.JUNIOR)
    Membership.objects.create(person=both, desk=desks[1], tier=Tier.SENIOR)
    leads.user_set.add(both, here.owner)
    Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
    owners = f"subject,owner\nPaper Mill,{chance.choice(NAMES)}\n".encode()
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="owners", content=owners)
    return [*people, here.junior, here.senior]


def unsettle(here: World, people: list[Person], chance: random.Random) -> None:
    """Some lend what they have, some are away, one leaves here and one in the directory."""
    now = db.now()
    for person in chance.sample(people, 3):
        with contextlib.suppress(Refused):
            delegations.grant(
                actor=Actor(Door.ADMIN, person=person),
                at=now,
                person=person,
                delegate=chance.choice(people),
                desk=chance.choice([None, here.desk]),
                ends_at=now + timedelta(days=1),
            )
    for person in chance.sample(people, 2):
        absences.enter(actor=Actor(Door.ADMIN, person=person), at=now, person=person, ends_at=now + timedelta(days=1))
    left, back, stays = chance.sample(people, 3)
    for person, active in ((left, ["yes", "no"]), (back, ["no", "yes"]), (stays, ["yes"])):
        for each in active:
            listed(person, active=each)
    Person.objects.filter(pk=chance.choice(people).pk).update(is_active=False)


def listed(person: Person, active: str) -> None:
    """The directory lists somebody, as active or not."""
    sheet = f"key,name,person,active\n{person.username},{person.username},{person.username},{active}\n"
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet.encode())


def has_left(person: Person) -> bool:
    """Whether somebody is deactivated, or is no longer active in the directory."""
    return not person.is_active or Employee.objects.filter(person=person, is_active=False).exists()


def at_random(seed: int) -> tuple[Action, Stage]:
    """An action that waits at a stage of some kind, escalated now and then, with its people in some disorder."""
    chance, here = random.Random(seed), world.make()
    people = staffed(here, chance)
    given.follow(here, STEPS[seed % len(STEPS)])
    action = here.pending(datetime.now(UTC), on_behalf_of=chance.choice(["", "ann"]))
    unsettle(here, people, chance)
    if chance.random() < 0.2:
        with contextlib.suppress(Refused):
            world.decide("escalate", action, chance.choice(people))
    action = world.fresh(action)
    stage = stages.current(action)
    assert stage is not None
    return action, stage


def is_asked(stage: Stage, person: Person) -> bool:
    """Whether a stage asks somebody, as the table says it and in no other words."""
    own = {member.desk_id: member.tier for member in Membership.objects.filter(person=person)}
    if has_left(person):
        return False
    if stage.is_escalated or not (stage.person_id or stage.group_id):
        return own.get(stage.desk_id, 0) >= stage.tier
    if stage.person_id:
        return person.pk == stage.person_id
    is_in_group = person.groups.filter(pk=stage.group_id).exists()
    return is_in_group and own.get(stage.desk_id, max(own.values(), default=0)) >= stage.tier


def delegates(stage: Stage, asked: set[Person]) -> set[Person]:
    """Who decides for those whom a stage asks."""
    if stage.group_id and not stage.is_escalated:
        return set()
    rows = Delegation.objects.filter(person__in=asked).select_related("delegate")
    return {row.delegate for row in rows if row.desk_id in (None, stage.desk_id) and not has_left(row.delegate)}


@pytest.fixture(params=SEEDS)
def case(request: pytest.FixtureRequest) -> tuple[Action, Stage, set[Person]]:
    action, stage = at_random(request.param)
    return action, stage, {person for person in Person.objects.all() if is_asked(stage, person)}


Case = tuple[Action, Stage, set[Person]]


class TestThoseWhomAStageAsks:
    def test_are_the_same_for_everybody(self, case: Case) -> None:
        action, stage, asked = case
        assert set(assignees.people(stage, action.client_id)) == asked
        assert set(Person.objects.filter(pk__in=assignees.people_ids(stage, action.client_id))) == asked
        assert {authority.person for authority in powers.own_authorities(action, stage)} == asked
        for_others = {each.delegate for each in assignees.delegations_at(stage, asked)}
        assert for_others == delegates(stage, asked)

    def test_find_it_in_their_inbox_and_may_see_it(self, case: Case) -> None:
        action, stage, asked = case
        for person in asked | delegates(stage, asked):
            assert [row.pk for row in waiting.page(person).rows] == [action.pk], person
            assert visibility.may_see(person, action), person

    def test_alone_find_it_in_their_inbox(self, case: Case) -> None:
        _action, stage, asked = case
        others = Person.objects.filter(is_active=True).exclude(pk__in=[each.pk for each in asked])
        found = {person for person in others if waiting.page(person).rows} - delegates(stage, asked)
        # Columns of the action do not tell who has the tier at another desk only.
        assert all(stage.assigned_group and person.groups.filter(pk=stage.group_id).exists() for person in found)

    def test_alone_are_handed_it_and_could_decide(self, case: Case) -> None:
        action, stage, asked = case
        offered = {each.person for each in colleagues.colleagues(action, world.person("nobody"))}
        able = {person for person in Person.objects.all() if powers.could_decide(person, action, stage)}
        assert offered == able <= asked | delegates(stage, asked)

    def test_are_told_unless_they_are_away(self, case: Case) -> None:
        action, stage, asked = case
        told = set(recipients.of_stage(action, stage))
        able = set(conflicts.eligible(list(asked), action))
        assert told == set(conflicts.eligible(list(told), action))
        absent = duty.absent_now(person.pk for person in able)
        assert {person for person in able if person.pk not in absent} <= told
        if not absent:
            assert told == able
