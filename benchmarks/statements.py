"""How many SQL statements each operation takes, which no machine makes faster or slower."""

import json
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.actors import Door, system
from approvals.models import Action
from approvals.services import routing as service
from approvals.services.execution import run, schedule
from benchmarks import routing, world
from benchmarks.load import Call, Refused
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Statements"
HEAD = ("operation", "SQL statements")
ABOUT = """
Every SQL statement that an operation sends, except `BEGIN` and `COMMIT`, with warm caches.
"""
BATCH = 100


def measure(here: World, sizes: Sizes) -> Section:
    """Count them, each on the second of two runs."""
    routing.drain()
    browser = Client()
    browser.force_login(here.reviewers[0])
    waiting = iter([routing.one(here, here.kinds[0], world.LARGE) for _ in range(2)])
    # Two of each wait before others do, so they are routed in this order.
    for amount in (world.LARGE, world.SMALL):
        routing.supply(here, 2, amount)
    done: list[tuple[str, Callable[[], object]]] = [
        ("propose, `POST actions/`", lambda: _send(browser, world.propose_call(here, world.LARGE))),
        (f"propose {BATCH}, through the service", lambda: routing.supply(here, BATCH, world.LARGE)),
        ("read, `GET actions/{id}/`", lambda: _send(browser, Call("GET", _path(_latest()), headers=here.bearer()))),
        ("route to review", _route),
        ("route, approved by policy", _route),
        ("execute: claim, dispatch, conclude", _carry_out),
        ("approve, `POST actions/{id}/approve/`", lambda: _approve(browser, next(waiting))),
        ("the inbox, 50 lines", lambda: _send(browser, Call("GET", reverse("admin:inbox")))),
        ("the queue, `GET queue/`, 50 lines", lambda: _send(browser, Call("GET", "/api/v1/queue/"))),
    ]
    return Section(TITLE, ABOUT, [table(HEAD, [(name, _count(work)) for name, work in done])])


def _route() -> None:
    """Route the one that has waited longest."""
    if service.route_ready(actor=system(Door.CELERY), clock=world.now, limit=1) != 1:
        raise Refused("No action waited to be routed.")


def _carry_out() -> None:
    if run.run_ready(actor=system(Door.CELERY), clock=world.now, limit=1) != 1:
        raise Refused("No action was ready for execution.")


def _approve(browser: Client, action: Action) -> None:
    target = schedule.target_digest(action.action_type)
    body = {"revision": action.revision.number, "digest": action.revision.digest, "target_digest": target}
    _send(browser, Call("POST", f"{_path(action)}approve/", json.dumps(body).encode()))


def _latest() -> Action:
    return Action.objects.order_by("-pk")[0]


def _path(action: Action) -> str:
    return f"/api/v1/actions/{action.pk}/"


def _send(browser: Client, call: Call) -> None:
    """The call, past HTTP, so that its statements are seen.

    :raises Refused: it was not answered well.
    """
    answer = browser.generic(
        call.method, call.path, call.body, content_type="application/json", headers=dict(call.headers)
    )
    if answer.status_code >= 300:
        raise Refused(f"{call.method} {call.path} answered {answer.status_code}: {answer.content[:500]!r}")


def _count(work: Callable[[], object]) -> int:
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    words = [str(query["sql"]).split(maxsplit=1)[0] for query in captured.captured_queries]
    return sum(word not in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"} for word in words)
