"""The company of the large benchmark: more desks, action types and agents, and the actions that are copied."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group

from approvals.actors import Actor, Door
from approvals.models import Action, Agent, Desk, Membership, Person
from approvals.models.people import COMPLIANCE
from approvals.services.accounts import api_keys
from approvals.services.decisions import decide
from approvals.services.execution import run, schedule
from approvals.states import ActionState, Tier
from benchmarks import lives, routing, world
from benchmarks.large.copies import Cast, Sample
from benchmarks.world import World

DESKS = ("claims", "payroll", "treasury", "procurement", "travel")
AGENTS = 20
# Of ten decided actions two are rejected by people, and half of the others run by policy.
SHAPE = ("person", "rejected", "policy", "person", "policy", "person", "policy", "rejected", "person", "policy")


@dataclass(frozen=True, slots=True)
class Company:
    """Who is there; the reviewer is of two desks, which hold more than half of the actions."""

    here: World
    cast: Cast
    reviewer: Person
    auditor: Person
    token: str


def found() -> Company:
    """Found it in an empty database."""
    here = world.make()
    busy = [here.kinds[0].desk] * 4 + [here.kinds[1].desk] * 3
    others = [Desk.objects.create(slug=slug, name=slug.title()) for slug in DESKS]
    kinds = [world.kind(f"{desk.slug}.pay{number}", desk) for number, desk in enumerate([*busy, *others])]
    agents = [
        Agent.objects.create(name=f"agent-{number}", title=f"Agent {number}", owner=here.agent.owner)
        for number in range(1, AGENTS)
    ]
    for person in here.reviewers:
        person.groups.add(Group.objects.get(name="Reviewers"))
    auditor = Person.objects.create_user("auditor", email="auditor@example.com", is_staff=True)
    auditor.groups.add(Group.objects.get(name=COMPLIANCE))
    everyone = [*here.reviewers, *(_colleague(desk, number) for number, desk in enumerate(others))]
    cast = Cast(
        [here.kinds[0].pk, *(kind.pk for kind in kinds)],
        [here.kinds[0].desk_id, *(kind.desk_id for kind in kinds)],
        [here.agent.pk, *(agent.pk for agent in agents)],
        [person.pk for person in everyone],
    )
    return Company(here, cast, here.reviewers[0], auditor, _token(here.reviewers[0]))


def decided(here: World) -> list[Sample]:
    """One of each way that an action ends, in the shape of ten."""
    kind = here.kinds[0]
    made = {"person": _approved(here), "rejected": _rejected(here), "policy": routing.one(here, kind, world.SMALL)}
    while run.run_ready(actor=lives.CELERY, clock=world.now):
        pass
    samples = {name: Sample(_in_state(action, name)) for name, action in made.items()}
    return [samples[name] for name in SHAPE]


def waiting(here: World) -> Sample:
    """One that waits for a reviewer."""
    return Sample(routing.one(here, here.kinds[0], world.LARGE))


def _approved(here: World) -> Action:
    action = routing.one(here, here.kinds[0], world.LARGE)
    decide.approve(
        actor=_reviewer(here),
        at=world.now(),
        action_id=action.pk,
        revision=action.revision.number,
        digest=action.revision.digest,
        target=schedule.target_digest(action.action_type),
    )
    return action


def _rejected(here: World) -> Action:
    action = routing.one(here, here.kinds[0], world.LARGE)
    decide.reject(
        actor=_reviewer(here),
        at=world.now(),
        action_id=action.pk,
        revision=action.revision.number,
        digest=action.revision.digest,
        rationale="Not ours.",
    )
    return action


def _in_state(action: Action, name: str) -> Action:
    """The action as it is now.

    :raises RuntimeError: it did not end as its copies should.
    """
    wanted = ActionState.REJECTED if name == "rejected" else ActionState.EXECUTED
    action = Action.objects.get(pk=action.pk)
    if action.state != wanted:
        raise RuntimeError(f"The sample {name} is {action.state}, not {wanted}.")
    return action


def _reviewer(here: World) -> Actor:
    return Actor(Door.ADMIN, person=here.reviewers[0])


def _colleague(desk: Desk, number: int) -> Person:
    person: Person = Person.objects.create_user(f"colleague{number}", email=f"c{number}@example.com", is_staff=True)
    Membership.objects.create(person=person, desk=desk, tier=Tier.SENIOR)
    return person


def _token(person: Person) -> str:
    issued = api_keys.issue(
        actor=Actor(Door.ADMIN, person=person),
        at=world.now(),
        person=person,
        scopes=api_keys.PERSON_SCOPES,
        expires_at=world.now() + timedelta(days=1),
    )
    return issued.plain
