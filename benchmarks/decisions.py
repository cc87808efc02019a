"""Deciding: 16 sessions approve over REST, beside bare psycopg that writes what an approval writes."""

import json
import os
from collections.abc import Callable
from typing import Any

from approvals.actors import Actor, Door
from approvals.models import Action, Decision, Execution, Stage
from approvals.services.decisions import decide
from approvals.services.execution import schedule
from approvals.states import ActionState, StageState
from benchmarks import floors, processes, routing, world
from benchmarks.floors import Copy, Written
from benchmarks.load import Call, press, share
from benchmarks.proposals import Line
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Deciding"
HEAD = ("what", "decisions/s", "p50 ms", "p95 ms", "CPU ms: server", "CPU ms: database", "times the floor")
ABOUT = """
`POST actions/{{id}}/approve/` by {clients} signed-in sessions of four senior reviewers, with the CSRF token. Each
request approves a different action: lock, authority, digest, policy, decision, stage, execution, three history rows
and ledger entry. The response holds the whole action. The floor is bare psycopg on {clients} threads. It makes the
two updates and six inserts of an approval in one transaction.
"""
_MOVE = """
    UPDATE approvals_action SET state = 'approved', entry_id = %s, decided_at = now()
    WHERE id = %s AND state = 'pending'
"""
_CLOSE = "UPDATE approvals_stage SET state = 'approved' WHERE id = %s"


def measure(here: World, sizes: Sizes) -> Section:
    """Approve half of what waits through REST, and the other half by bare SQL."""
    routing.drain()
    routing.supply(here, 2 * sizes.decisions + 1, world.LARGE)
    routing.drain()
    waiting = _waiting(here)
    sample, *waiting = waiting[: 2 * sizes.decisions + 1]
    rest = _rest(here, waiting[: sizes.decisions], sizes.clients)
    floor = _floor(_sample(here, sample), waiting[sizes.decisions :], sizes.clients)
    rows = [line.cells(floor) for line in (rest, floor)]
    return Section(TITLE, ABOUT.format(clients=sizes.clients), [table(HEAD, rows)])


def _waiting(here: World) -> list[Action]:
    rows = Action.objects.filter(state=ActionState.PENDING, action_type=here.kinds[0])
    return list(rows.select_related("revision", "action_type").order_by("-pk"))


def _rest(here: World, waiting: list[Action], clients: int) -> Line:
    sessions = [world.session(here.reviewers[place % len(here.reviewers)]) for place in range(clients)]
    calls = [_approve(action, sessions[place % clients]) for place, action in enumerate(waiting)]
    with processes.web() as (port, pid):
        press(port, [Call("GET", "/api/v1/me/", headers=each) for each in sessions * 2], clients)
        meter = processes.meter(server=pid)
        timing = press(port, calls, clients)
        return Line("`POST actions/{id}/approve/`", timing, meter.spent())


def _approve(action: Action, headers: dict[str, str]) -> Call:
    target = schedule.target_digest(action.action_type)
    body = {"revision": action.revision.number, "digest": action.revision.digest, "target_digest": target}
    return Call("POST", f"/api/v1/actions/{action.pk}/approve/", json.dumps(body).encode(), headers)


def _floor(sample: Written, waiting: list[Action], clients: int) -> Line:
    old = dict(sample.rows)["approvals_decision"]
    stages = dict(Stage.objects.filter(state=StageState.OPEN).values_list("action_id", "pk"))
    items = [(action, stages[action.pk], _copy(sample, old, action, stages[action.pk])) for action in waiting]

    def make() -> Callable[[tuple[Action, Any, Copy]], None]:
        own = floors.connect()

        def write(item: tuple[Action, Any, Copy]) -> None:
            action, stage, copy = item
            entry = copy[0][list(sample.rows[0][1]).index("entry_id")]
            moved = own.execute(_MOVE, [entry, action.pk])
            own.execute(_CLOSE, [stage])
            floors.insert(own, sample, [copy])
            own.commit()
            if moved.rowcount != 1:
                raise RuntimeError(f"{action.pk} was not pending.")

        return write

    meter = processes.meter(server=os.getpid())
    timing = share(items, clients, make)
    return Line("bare psycopg", timing, meter.spent())


def _copy(sample: Written, old: Any, action: Action, stage: Any) -> Copy:
    ours = (action.pk, action.revision_id, action.revision.digest, stage, action.evaluation_id)
    theirs = (old["action_id"], old["revision_id"], old["digest"], old["stage_id"], old["evaluation_id"])
    return sample.again(dict(zip(theirs, ours, strict=True)))


def _sample(here: World, action: Action) -> Written:
    """Approve one through the service, and read back what it wrote, history first."""
    who, revision = Actor(Door.API, person=here.reviewers[0]), action.revision
    target = schedule.target_digest(action.action_type)
    decision: Decision = decide.approve(
        actor=who, at=world.now(), action_id=action.pk, revision=revision.number, digest=revision.digest, target=target
    )
    execution = Execution.objects.get(action=action)
    latest = "{} = %s ORDER BY history_date DESC, history_id DESC LIMIT 1"
    return floors.written(
        [
            ("approvals_historicalaction", latest.format("id"), [action.pk]),
            ("approvals_ledgerentry", "id = %s", [decision.entry_id]),
            ("approvals_decision", "id = %s", [decision.pk]),
            ("approvals_historicalstage", latest.format("id"), [decision.stage_id]),
            ("approvals_execution", "id = %s", [execution.pk]),
            ("approvals_historicalexecution", latest.format("id"), [execution.pk]),
        ],
        [
            "approvals_ledgerentry.id",
            "approvals_decision.id",
            "approvals_execution.id",
            *(f"approvals_historical{name}.history_id" for name in ("action", "stage", "execution")),
        ],
    )
