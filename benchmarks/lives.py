"""One action through its life, by the product's services and each step recorded, for floors to write again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from approvals.actors import Actor, Door, system
from approvals.models import Action
from approvals.services import routing
from approvals.services.decisions import decide
from approvals.services.execution import run, schedule
from approvals.services.intake import propose
from approvals.states import ActionState
from benchmarks import recording, world
from benchmarks.floors import Names, Written
from benchmarks.world import World

CELERY = system(Door.CELERY)
_SET_ASIDE = (
    "UPDATE approvals_action SET state = 'withdrawn' WHERE id = ANY(%s)",
    "UPDATE approvals_execution SET state = 'canceled' WHERE action_id = ANY(%s) AND state = 'ready'",
    "DELETE FROM approvals_delivery WHERE action_id = ANY(%s)",
)
_UNFINISHED = (ActionState.PROPOSED, ActionState.PENDING, ActionState.APPROVED, ActionState.MODIFIED)


@dataclass(frozen=True, slots=True)
class Life:
    """What each step of one action wrote."""

    action: Action
    proposed: Written
    routed: Written
    # Approved where a person decides; executed where policy does.
    ended: Written

    @property
    def steps(self) -> tuple[Written, Written, Written]:
        """All three in their order."""
        return self.proposed, self.routed, self.ended

    def names(self, count: int) -> list[Names]:
        """Names for as many more of it, still empty."""
        return [{} for _ in range(count)]

    def ids(self, names: Iterable[Names]) -> list[object]:
        """The ids that the action got under these names."""
        return [each[self.action.pk] for each in names]


def by_person(here: World) -> Life:
    """Propose, route to a person, and approve; nothing else may be waiting."""
    action, proposed, routed = _begin(here, world.LARGE, ActionState.PENDING)
    who, revision = Actor(Door.API, person=here.reviewers[0]), action.revision
    target = schedule.target_digest(action.action_type)
    approved = _recorded(
        lambda: decide.approve(
            actor=who,
            at=world.now(),
            action_id=action.pk,
            revision=revision.number,
            digest=revision.digest,
            target=target,
        )
    )
    _require(action, ActionState.APPROVED)
    return Life(action, proposed, routed, approved)


def by_policy(here: World) -> Life:
    """Propose, route by policy, and execute; nothing else may be waiting."""
    while run.run_ready(actor=CELERY, clock=world.now):
        pass
    action, proposed, routed = _begin(here, world.SMALL, ActionState.APPROVED)
    executed = _recorded(lambda: run.run_ready(actor=CELERY, clock=world.now))
    _require(action, ActionState.EXECUTED)
    return Life(action, proposed, routed, executed)


def set_aside(ids: Sequence[object]) -> None:
    """Let nobody act on these, or be told of them: what a floor wrote has no digests of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in _SET_ASIDE:
            cursor.execute(statement, [list(ids)])
        cursor.execute("SET session_replication_role = origin")


def set_all_aside() -> None:
    """Let nothing of a former measurement become due, or tell people, while another one runs."""
    set_aside(list(Action.objects.filter(state__in=_UNFINISHED).values_list("pk", flat=True)))


def _begin(here: World, amount: float, state: ActionState) -> tuple[Action, Written, Written]:
    proposal = world.proposal(here.kinds[0], amount)
    proposed = _recorded(lambda: propose.propose(actor=here.actor, at=world.now(), proposal=proposal))
    action = Action.objects.select_related("revision", "action_type").get(idempotency_key=proposal.idempotency_key)
    routed = _recorded(lambda: routing.route_ready(actor=CELERY, clock=world.now))
    _require(action, state)
    return action, proposed, routed


def _recorded(work: Callable[[], object]) -> Written:
    return Written(recording.recorded(work))


def _require(action: Action, state: ActionState) -> None:
    action.refresh_from_db(fields=["state"])
    if action.state != state:
        raise RuntimeError(f"The action is {action.state}, not {state}. The floors need one that took its usual way.")
