"""Whatever people do in whatever order: an action is granted only after every stage had whom it asked for."""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest

from approvals.actors import Door, system
from approvals.models import Action, Decision, Membership, Person, Stage
from approvals.queries.record.plans import plan_of
from approvals.services.deadlines import overdue
from approvals.states import GRANTS, ActionState, Tier
from policies.errors import Refused
from tests import plans as given
from tests import world
from tests.proof import times
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
MOVES = 40
STEPS = (given.BOOKS, given.VERA, given.IT, given.PAIR, given.LEADS, "{name: top, who: desk, tier: senior}")


def people(here: World) -> list[Person]:
    """Everybody who tries: of the desk and of another, named, in the group, and the two who may not."""
    lead, expert = given.at_desk("lead", Tier.JUNIOR), given.at_desk("expert")
    given.in_group(lead, expert)
    second = given.at_desk("second", desk="finance")
    return [here.junior, here.senior, here.owner, given.vera(), lead, expert, second, world.person("guest")]


def move(action: Action, everybody: list[Person], chance: random.Random) -> None:
    """One attempt by somebody: most approve, some edit or escalate, and now and then a deadline passes."""
    at = datetime.now(UTC) - timedelta(hours=chance.choice([0, 0, 3]))
    verdict = chance.choice(["approve"] * 8 + ["modify", "escalate", "lapse"])
    if verdict == "lapse":
        overdue.expire_due(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
        return
    changed = {"payload": action.revision.payload | {"account": chance.randrange(10**6)}} if verdict == "modify" else {}
    try:
        world.decide(verdict, action, chance.choice(everybody), at, **changed)
    except Refused:
        return


def finish(action: Action, everybody: list[Person]) -> None:
    """Everybody approves in turn what they may, so that most plans are gone through to the end."""
    for person in everybody * 4:
        with contextlib.suppress(Refused):
            world.decide("approve", world.fresh(action), person, datetime.now(UTC))


def allowed(stage: Stage, person: Person) -> bool:
    """Whether the stage may have asked this person, asked of rows and not of the services."""
    seats = Membership.objects.filter(person=person, tier__gte=stage.tier)
    if stage.is_escalated or not (stage.person_id or stage.group_id):
        return seats.filter(desk=stage.desk).exists()
    return stage.person_id == person.pk or bool(
        stage.group_id and seats.exists() and person.groups.filter(pk=stage.group_id).exists()
    )


def counted(action: Action, stage: Stage) -> list[Person]:
    """Who stands for the stage: everybody who approved what it is now, and its editor where one is enough."""
    granted = Decision.objects.filter(stage=stage, digest=action.revision.digest, verdict__in=GRANTS)
    people = [
        each.person for each in granted.select_related("person") if each.verdict == "approve" or stage.quorum == 1
    ]
    return [person for person in people if person and allowed(stage, person)]


@pytest.mark.parametrize("seed", range(times(12, 120)))
def test_nothing_is_granted_before_every_stage_had_its_quorum_of_distinct_people(seed: int) -> None:
    chance, here = random.Random(seed), world.make()
    everybody = people(here)
    given.follow(here, *chance.sample(STEPS, chance.randint(1, 4)))
    action = here.pending(
        datetime.now(UTC), amount=chance.choice([700, 9000]), on_behalf_of=chance.choice(["", "vera"])
    )
    for _ in range(MOVES):
        move(action, everybody, chance)
        action = world.fresh(action)
        if action.state != ActionState.PENDING:
            break
    finish(action, everybody)
    action = world.fresh(action)
    plan = plan_of(action)
    is_granted = action.state in ("approved", "modified")
    assert all(stage.state == "satisfied" for stage in plan) == is_granted
    satisfied = [(stage, counted(action, stage)) for stage in plan if stage.state == "satisfied"]
    assert all(len(set(given_by)) >= stage.quorum and here.owner not in given_by for stage, given_by in satisfied)
    unnamed = [person for stage, given_by in satisfied if not is_named(stage) for person in given_by]
    assert len(unnamed) == len(set(unnamed))


def is_named(stage: Stage) -> bool:
    return stage.assigned_person
