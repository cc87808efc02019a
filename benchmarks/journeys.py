"""From the agent's POST to the effect: the automatic path through web, broker, worker and journal."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from approvals.models import Action
from benchmarks import processes, world
from benchmarks.load import Call, Refused, Timing, press, share
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Proposed to executed"
HEAD = ("what", "actions", "p50 ms", "p95 ms", "slowest ms")
COSTS = ("what", "actions/s", "CPU ms: web", "CPU ms: worker", "CPU ms: clock", "CPU ms: database")
ABOUT = """
A small, complete invoice is proposed over REST, approved by policy, and executed by a worker, which writes it to the
journal. The journal is a file that is flushed to disk for each line. Web, Celery worker (four threads), clock and
Valkey run as in production. In *one at a time*, one agent proposes, polls until the action is executed, and then
proposes the next. *A steady trickle* is eight proposals per second from four agents, measured by the recorded times.
*A burst* is {burst:,} simultaneous proposals by {clients} agents, measured until the last one is executed.
"""
A_SECOND = 8
AGENTS = 4
PAUSE = 0.01
PATIENCE = 300.0
_LATENCIES = """
    SELECT extract(epoch FROM executed_at - created_at) * 1000 FROM approvals_action
    WHERE state = 'executed' AND id > %s
"""


def measure(here: World, sizes: Sizes) -> Section:
    """Measure the three, one after the other."""
    with processes.web() as (port, pid), processes.behind() as behind:
        _alone(here, port, 5)
        alone = _alone(here, port, sizes.journeys)
        trickle = _trickle(here, port, sizes.journeys * 2)
        burst, costs = _burst(here, port, {"web": pid, **behind}, sizes)
    rows = [
        (name, len(timing.each), timing.percentile(50), timing.percentile(95), max(timing.each))
        for name, timing in (("one at a time", alone), ("a steady trickle", trickle), ("a burst", burst))
    ]
    cost = ("the burst", burst.rate, *(costs[name] for name in ("web", "worker", "clock", "database")))
    about = ABOUT.format(burst=sizes.burst, clients=sizes.clients)
    return Section(TITLE, about, [table(HEAD, rows), table(COSTS, [cost])])


def _alone(here: World, port: int, count: int) -> Timing:
    def make() -> Callable[[Call], None]:
        agent = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return lambda call: _until_executed(agent, here, call)

    return share([world.propose_call(here, world.SMALL) for _ in range(count)], 1, make)


def _until_executed(agent: http.client.HTTPConnection, here: World, call: Call) -> None:
    path = f"/api/v1/actions/{_ask(agent, call)['id']}/"
    until = time.monotonic() + PATIENCE
    while (state := _ask(agent, Call("GET", path, headers=here.bearer()))["state"]) != "executed":
        if state in {"pending", "rejected", "failed", "uncertain"} or time.monotonic() > until:
            raise Refused(f"{path} is {state}, not executed.")
        time.sleep(PAUSE)


def _ask(agent: http.client.HTTPConnection, call: Call) -> Any:
    agent.request(call.method, call.path, call.body or None, dict(call.headers))
    answer = agent.getresponse()
    content = answer.read()
    if answer.status >= 400:
        raise Refused(f"{call.method} {call.path} answered {answer.status}: {content[:500]!r}")
    return json.loads(content)


def _trickle(here: World, port: int, count: int) -> Timing:
    last, began = _last(), time.monotonic()

    def make() -> Callable[[tuple[float, Call]], None]:
        agent = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def propose(planned: tuple[float, Call]) -> None:
            time.sleep(max(0.0, began + planned[0] - time.monotonic()))
            _ask(agent, planned[1])

        return propose

    calls = [(place / A_SECOND, world.propose_call(here, world.SMALL)) for place in range(count)]
    share(calls, AGENTS, make)
    return _recorded(last, count, began)


def _burst(here: World, port: int, pids: dict[str, int], sizes: Sizes) -> tuple[Timing, dict[str, float]]:
    calls = [world.propose_call(here, world.SMALL) for _ in range(sizes.burst)]
    last, meter, began = _last(), processes.meter(**pids), time.monotonic()
    press(port, calls, sizes.clients, 201)
    timing = _recorded(last, sizes.burst, began)
    return timing, {name: spent / sizes.burst for name, spent in meter.spent().items()}


def _recorded(last: Any, count: int, began: float) -> Timing:
    """Wait until as many as were proposed are executed, and read how long each took."""
    until = time.monotonic() + PATIENCE
    while (done := Action.objects.filter(pk__gt=last, state="executed").count()) < count:
        if time.monotonic() > until:
            raise Refused(f"Only {done} of {count} actions were executed within {PATIENCE:.0f} s.")
        time.sleep(0.1)
    seconds = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(_LATENCIES, [last])
        return Timing(seconds, [float(latency) for (latency,) in cursor.fetchall()])


def _last() -> Any:
    # A moment apart, so that ids of the same millisecond do not mix.
    time.sleep(PAUSE)
    return Action.objects.order_by("-pk").values_list("pk", flat=True).first()
