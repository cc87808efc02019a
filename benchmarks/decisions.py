"""Deciding: 16 sessions approve over REST, beside bare psycopg that writes what an approval writes."""

import json
from collections.abc import Sequence

from approvals.models import Action
from approvals.services.execution import schedule
from approvals.states import ActionState
from benchmarks import floors, lives, processes, routing, world
from benchmarks.lives import Life
from benchmarks.load import Call, Line, press
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Deciding"
HEAD = ("what", "decisions/s", "p50 ms", "p95 ms", "CPU ms: server", "CPU ms: database", "times the floor")
ABOUT = """
`POST actions/{{id}}/approve/` by {clients} signed-in sessions of four senior reviewers, with the CSRF token. Each
request approves a different action: lock, authority, digest, policy, decision, stage, execution, three history rows
and ledger entry. The response holds the whole action. The floor is bare psycopg on {clients} threads. It makes the
updates and inserts of an approval in one transaction.
"""


def measure(here: World, sizes: Sizes) -> Section:
    """Approve what waits through REST, and as many floor-made actions by bare SQL."""
    routing.drain()
    life = lives.by_person(here)
    routing.supply(here, sizes.decisions, world.LARGE)
    routing.drain()
    rest = _rest(here, waiting(here)[: sizes.decisions], sizes.clients)
    floor = _floor(life, sizes.decisions, sizes.clients)
    rows = [line.cells(floor) for line in (rest, floor)]
    return Section(TITLE, ABOUT.format(clients=sizes.clients), [table(HEAD, rows)])


def waiting(here: World) -> list[Action]:
    """What waits for a person, the newest first."""
    rows = Action.objects.filter(state=ActionState.PENDING, action_type=here.kinds[0])
    return list(rows.select_related("revision", "action_type").order_by("-pk"))


def _rest(here: World, actions: Sequence[Action], clients: int) -> Line:
    headers = [world.session(here.reviewers[place % len(here.reviewers)]) for place in range(clients)]
    calls = approvals(actions, headers)
    with processes.web() as (port, pid):
        press(port, [Call("GET", "/api/v1/me/", headers=each) for each in headers * 2], clients)
        return processes.timed("`POST actions/{id}/approve/`", pid, lambda: press(port, calls, clients))


def approvals(actions: Sequence[Action], headers: Sequence[dict[str, str]]) -> list[Call]:
    """A request for each action that approves it, the reviewers by turns."""
    return [_approve(action, headers[place % len(headers)]) for place, action in enumerate(actions)]


def _approve(action: Action, headers: dict[str, str]) -> Call:
    target = schedule.target_digest(action.action_type)
    body = {"revision": action.revision.number, "digest": action.revision.digest, "target_digest": target}
    return Call("POST", f"/api/v1/actions/{action.pk}/approve/", json.dumps(body).encode(), headers)


def _floor(life: Life, count: int, clients: int) -> Line:
    names = life.names(count)
    items = [[each] for each in names]
    floors.timed("proposed and routed", [life.proposed, life.routed], items, clients)
    line = floors.timed("bare psycopg", [life.ended], items, clients)
    lives.set_aside(life.ids(names))
    return line
