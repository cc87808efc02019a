"""Automatic checks between people's stages: made afresh, once, and a person looks where one does not pass."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.models import Action, ActionType, Decision, Execution, LedgerEntry, LookupResult, Stage
from approvals.services.decisions import checks
from approvals.services.execution import run as execution
from approvals.services.policy.lookups import fetching
from approvals.services.safety import halts
from approvals.states import FetchState
from policies import db
from tests import world
from tests.servers.recording import Answer, RecordingServer
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
WORKER = system(Door.CELERY)
PLAN = """
plans:
  paid:
    stages:
      - {name: desk, who: desk}
      - {name: budget, check: 'fetched.budget.left >= amount', fetch: [budget], says: The budget covers it.}
"""
LAST = "      - {name: lead, who: desk, tier: senior}\n"
RULES = """
rules:
  - {name: paid, when: 'true', outcome: review, plan: paid, says: Whatever costs something is asked about.}
"""
REJECTS = "says: The budget covers it., on_fail: reject}"


@pytest.fixture
def server(live_http_server: RecordingServer, settings: Settings) -> RecordingServer:
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
    settings.HITL_UNDO_SECONDS = 0
    has(live_http_server, 1000)
    return live_http_server


def has(server: RecordingServer, left: int) -> None:
    """The other side has so much left in its budget."""
    server.served["/budgets/Paper%20Mill"] = f'{{"left": {left}}}'.encode()


@pytest.fixture
def here(here: World, server: RecordingServer) -> World:
    target = {"url": f"{server.url}/budgets/{{/issuer}}"}
    wanted = {"name": "budget", "source": "http", "target": target, "only_for_checks": True}
    here.set_kind(lookups=[wanted], undo_seconds=0)
    put(here, PLAN)
    return here


def put(here: World, plan: str) -> None:
    """Put a policy with this plan in force."""
    world.publish(world.POLICY + plan + RULES, "invoices", here.owner, here.senior)


def run() -> int:
    return checks.run_due(actor=WORKER, clock=db.now)


def checked(here: World, **changes: Any) -> Action:
    """An action that the junior approved, so that its check is open."""
    action = here.pending(db.now(), **changes)
    world.decide("approve", action, here.junior, db.now())
    return world.fresh(action)


def stages(action: Action) -> dict[str, str]:
    return {stage.name: stage.state for stage in Stage.objects.filter(action=action).order_by("number")}


def due(action: Action) -> None:
    """As if the time until the next look were over; the column is a lease, not a state."""
    Action.objects.filter(pk=action.pk, next_lookup_at__isnull=False).update(next_lookup_at=db.now())


class TestACheck:
    def test_opens_after_the_people_and_asks_nobody(self, here: World, server: RecordingServer) -> None:
        action = checked(here)
        assert action.state == "pending"
        assert stages(action) == {"desk": "satisfied", "budget": "open"}
        assert (action.assigned_desk_id, action.assigned_person_id) == (None, None)
        assert server.requests == []

    def test_that_passes_last_lets_the_action_run_as_people_decided(self, here: World) -> None:
        action = checked(here)
        assert run() == 1
        action = world.fresh(action)
        assert (action.state, stages(action)["budget"]) == ("approved", "satisfied")
        final = Decision.objects.get(action=action, is_final=True)
        assert (final.source, final.verdict, final.person) == ("check", "approve", None)
        assert LedgerEntry.objects.get(event="check.passed").action_id == action.pk
        execution.run_ready(actor=WORKER, clock=db.now)
        assert world.fresh(action).state == "executed"

    def test_that_passes_opens_the_next_stage(self, here: World) -> None:
        put(here, PLAN + LAST)
        action = checked(here)
        run()
        action = world.fresh(action)
        assert stages(action) == {"desk": "satisfied", "budget": "satisfied", "lead": "open"}
        assert action.assigned_desk_id == here.desk.pk
        world.decide("approve", action, here.senior, db.now())
        assert world.fresh(action).state == "approved"

    def test_that_does_not_pass_goes_to_seniors(self, here: World, server: RecordingServer) -> None:
        has(server, 3)
        action = checked(here)
        run()
        action = world.fresh(action)
        assert (action.state, action.assigned_desk_id, action.required_tier) == ("pending", here.desk.pk, 2)
        assert stages(action) == {"desk": "satisfied", "budget": "refused", "budget_by_hand": "open"}
        assert not Execution.objects.exists()
        world.decide("approve", action, here.senior, db.now())
        assert world.fresh(action).state == "approved"

    def test_that_does_not_pass_rejects_where_the_plan_says_so(self, here: World, server: RecordingServer) -> None:
        put(here, PLAN.replace("says: The budget covers it.}", REJECTS))
        has(server, 3)
        action = checked(here)
        run()
        assert world.fresh(action).state == "rejected"
        assert Decision.objects.get(action=action, is_final=True).source == "check"

    def test_keeps_what_it_asked_for(self, here: World) -> None:
        action = checked(here)
        run()
        row = LookupResult.objects.get(action=action)
        assert row.stage and (row.stage.name, row.value, row.source) == ("budget", {"left": 1000}, "127.0.0.1")

    def test_goes_to_a_person_where_its_lookup_is_not_among_the_kinds(self, here: World) -> None:
        action = checked(here)
        ActionType.objects.update(lookups=None)
        run()
        assert stages(world.fresh(action))["budget_by_hand"] == "open"

    @pytest.mark.parametrize("body", [b'{"left": "much"}', b"{}", b"null", b"<html>"])
    def test_goes_to_a_person_where_its_condition_errs(self, here: World, server: RecordingServer, body: bytes) -> None:
        server.served["/budgets/Paper%20Mill"] = body
        action = checked(here)
        run()
        assert stages(world.fresh(action))["budget_by_hand"] == "open"


class TestASilentSource:
    def test_is_asked_again_later_and_later(self, here: World, server: RecordingServer) -> None:
        server.script(Answer.FAILED, Answer.CLOSED)
        action = checked(here)
        run()
        assert stages(world.fresh(action))["budget"] == "open" and run() == 0
        due(action)
        run()
        waits = world.fresh(action).next_lookup_at
        assert waits and waits > db.now() + checks.WAITS[0]
        due(action)
        run()
        assert world.fresh(action).state == "approved"

    def test_is_given_up_in_the_end(self, here: World, server: RecordingServer) -> None:
        server.script(*[Answer.FAILED] * (len(checks.WAITS) + 1))
        action = checked(here)
        for _ in range(len(checks.WAITS) + 1):
            run()
            due(action)
        assert stages(world.fresh(action))["budget_by_hand"] == "open"
        assert LookupResult.objects.filter(state=FetchState.UNREACHABLE).count() == len(server.requests) == 6


class TestAWorker:
    def test_that_dies_leaves_the_check_to_the_next(self, here: World) -> None:
        action = checked(here)
        assert fetching.lease(actor=WORKER, at=NOON) == action.pk
        assert run() == 0
        due(action)
        assert run() == 1
        assert world.fresh(action).state == "approved"

    def test_that_answers_late_changes_nothing(self, here: World) -> None:
        action = checked(here)
        stage = Stage.objects.get(action=action, name="budget")
        run()
        late = checks.conclude(actor=WORKER, at=NOON, action_id=action.pk, stage_id=stage.pk, revision=1, answers=[])
        assert late is None
        assert Decision.objects.filter(action=action, is_final=True).count() == 1

    def test_finds_nothing_to_do_once_somebody_was_quicker(self, here: World) -> None:
        action = checked(here)
        world.withdraw(here, action, db.now())
        run()
        assert world.fresh(action).next_lookup_at is None and not LookupResult.objects.exists()


class TestAHalt:
    def test_holds_a_check_until_it_is_lifted(self, here: World) -> None:
        action = checked(here)
        senior = Actor(Door.ADMIN, person=here.senior)
        halt = halts.start(actor=senior, at=db.now(), scope="action_type", name=here.kind.name)
        run()
        assert stages(world.fresh(action))["budget"] == "open"
        halts.lift(actor=senior, at=db.now(), halt_id=halt.pk, reason="Checked.")
        due(action)
        run()
        assert world.fresh(action).state == "approved"


class TestAnEdit:
    def test_is_checked_itself(self, here: World, server: RecordingServer) -> None:
        put(here, PLAN + LAST)
        action = checked(here)
        run()
        action = world.fresh(action)
        server.served["/budgets/Other%20Mill"] = b'{"left": 1}'
        payload = action.revision.payload | {"issuer": "Other Mill"}
        world.decide("modify", action, here.senior, db.now(), payload=payload)
        world.decide("approve", world.fresh(action), here.junior, db.now())
        run()
        assert world.fresh(action).state == "pending"
        assert LookupResult.objects.order_by("-id")[0].value == {"left": 1}


def test_a_lease_is_longer_than_all_calls_of_one_action() -> None:
    assert fetching.LEASE > timedelta(seconds=5) * 8
