"""Memberships, action types, keys and configuration changes at the moment of a decision: nothing slips through."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from approvals.actors import Actor, Door, system
from approvals.models import Action, Agent, ApiKey, Desk, Membership
from approvals.services import routing
from approvals.services.accounts import api_keys
from approvals.services.catalog import gathering, rows
from approvals.services.catalog.gathering import WaitsForApproval
from approvals.services.configuration import request, set_up
from approvals.services.execution import run
from approvals.states import Mode, Tier
from policies import db
from tests import world
from tests.api.caller import as_token, seen
from tests.races.test_verdicts import rush
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TIMES = range(3 if connection.vendor == "postgresql" else 1)


def carried_out(action: Action) -> str:
    """The action's state after the worker took whatever may run."""
    run.run_ready(actor=system(Door.CELERY), clock=db.now)
    return world.fresh(action).state


def approving(action: Action, here: World) -> Callable[[], Any]:
    return lambda: world.decide("approve", action, here.junior, db.now())


@pytest.mark.parametrize("time", TIMES)
class TestAtTheMomentOfADecision:
    def test_whoever_loses_their_membership_lets_nothing_run(self, time: int) -> None:
        here = world.make(undo_seconds=0)
        action = here.pending(db.now())

        def remove() -> None:
            with transaction.atomic():
                rows.delete(Membership.objects.get(person=here.junior), system(Door.COMMAND))

        rush([approving(action, here), remove])
        assert carried_out(action) == "pending"

    def test_nothing_of_a_deactivated_type_runs(self, time: int) -> None:
        here = world.make(undo_seconds=0)
        action = here.pending(db.now())

        def deactivate() -> None:
            here.kind.is_active = False
            with transaction.atomic():
                rows.save(here.kind, system(Door.COMMAND), ["is_active"])

        rush([approving(action, here), deactivate])
        assert carried_out(action) == "pending"


@pytest.mark.parametrize("time", TIMES)
def test_of_two_changes_from_one_base_one_is_applied(time: int) -> None:
    here = world.make()
    desk = Desk.objects.get(slug="policies")
    for person in (here.junior, here.senior):
        Membership.objects.create(person=person, desk=desk, tier=Tier.SENIOR)
    set_up.end(actor=system(Door.COMMAND), at=db.now(), why="For a test.")
    asked = [requested(here, mode) for mode in (Mode.AUTONOMOUS, Mode.IN_COMMAND)]
    for action in asked:
        world.decide("approve", action, here.senior, db.now())
    rush([lambda: run.run_ready(actor=system(Door.CELERY), clock=db.now)] * 2)
    assert sorted(world.fresh(action).state for action in asked) == ["executed", "failed"]


def requested(here: World, mode: Mode) -> Action:
    """A change of the mode and, so that it waits, of the title, asked for by the owner."""
    kind = type(here.kind).objects.get(pk=here.kind.pk)
    kind.mode, kind.title = mode, f"Post {mode}"
    actor = Actor(Door.ADMIN, person=here.owner)
    with pytest.raises(WaitsForApproval) as waiting, gathering.one_change():
        rows.save(kind, actor, ["mode", "title"])
    action = request.request(actor=actor, at=db.now(), change=waiting.value.change)
    routing.route(actor=system(Door.CELERY), at=db.now(), action_id=action.pk)
    return world.fresh(action)


@pytest.mark.parametrize("time", TIMES)
def test_nobody_approves_a_change_and_takes_a_key_that_gains_by_it(time: int) -> None:
    here = world.make()
    for person in (here.junior, here.senior):
        seat = {"desk": Desk.objects.get(slug="policies"), "tier": Tier.SENIOR}
        Membership.objects.create(person=person, **seat)
    bot = Agent.objects.create(name="bot", title="Bot", owner=here.senior)
    set_up.end(actor=system(Door.COMMAND), at=db.now(), why="For a test.")
    action = requested(here, Mode.AUTONOMOUS)

    def approve() -> None:
        world.decide("approve", action, here.senior, db.now())
        run.run_ready(actor=system(Door.CELERY), clock=db.now)

    def issue() -> None:
        actor = Actor(Door.ADMIN, person=here.senior)
        api_keys.issue(actor=actor, at=db.now(), agent=bot, scopes=["propose:*"], environment="test")

    rush([approve, issue])
    is_loose = type(here.kind).objects.get(pk=here.kind.pk).mode == Mode.AUTONOMOUS
    assert is_loose is not ApiKey.objects.filter(agent=bot).exists()


@pytest.mark.parametrize("time", TIMES)
def test_a_token_that_is_revoked_meanwhile_decides_whole_or_not_at_all(time: int) -> None:
    here = world.make()
    first, second = here.pending(db.now()), here.pending(db.now())
    junior = as_token(here.junior, "read", "decide")
    key = ApiKey.objects.get(person=here.junior)

    def revoke() -> None:
        api_keys.revoke(actor=Actor(Door.ADMIN, person=here.junior), at=db.now(), identifier=key.identifier)

    answer, _ = rush([lambda: junior.post(f"actions/{first.pk}/approve/", seen(first)), revoke])
    expected = {200: "approved", 401: "pending"}
    assert world.fresh(first).state == expected[answer.status_code]
    assert junior.post(f"actions/{second.pk}/approve/", seen(second)).status_code == 401
    assert world.fresh(second).state == "pending"
