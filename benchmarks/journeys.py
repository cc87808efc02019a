"""From the agent's POST to the effect: the automatic path through web, broker, worker and journal."""

import http.client
import json
import shlex
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from approvals.models import Action
from benchmarks import processes, tracking, world
from benchmarks.load import Call, Refused, Timing, press, share
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Proposed to executed"
HEAD = ("what", "actions", "p50 ms", "p95 ms", "slowest ms")
COSTS = ("what", "actions/s", "CPU ms: web", "CPU ms: worker", "CPU ms: clock", "CPU ms: database")
ABOUT = """
A small, complete invoice is proposed over REST, approved by policy, and executed by a worker, which writes it to the
journal. The journal is a file that is flushed to disk for each line. Web, clock and Valkey run as in production, and so
does the worker (`{worker}`). In *one at a time*, one agent proposes, polls until the action is executed, and then
proposes the next. *A steady trickle* is eight proposals per second from four agents, measured by the recorded times.
*A burst* is {burst:,} simultaneous proposals by {clients} agents, measured until the last one is executed.
"""
A_SECOND = 8
AGENTS = 4
PAUSE = 0.01
PATIENCE = 600.0
_LATENCIES = """
    SELECT extract(epoch FROM executed_at - created_at) * 1000 FROM approvals_action
    WHERE state = 'executed' AND id > %s
"""
_DONE = "SELECT count(*) FROM approvals_action WHERE state = 'executed' AND id > %s"


def measure(here: World, sizes: Sizes) -> Section:
    """Measure the three, one after the other."""
    with processes.web() as (port, pid), processes.behind() as behind:
        one_by_one(here, port, 5)
        alone = one_by_one(here, port, sizes.journeys)
        trickle = _trickle(here, port, sizes.journeys * 2)
        calls, meter = proposals(here, sizes.burst), processes.meter(web=pid, **behind)
        at_once = burst(port, calls, sizes.clients)
        costs = {name: spent / sizes.burst for name, spent in meter.spent().items()}
    rows = [
        (name, len(timing.each), timing.percentile(50), timing.percentile(95), max(timing.each))
        for name, timing in (("one at a time", alone), ("a steady trickle", trickle), ("a burst", at_once))
    ]
    cost = ("the burst", at_once.rate, *(costs[name] for name in ("web", "worker", "clock", "database")))
    worker = shlex.join(processes.worker_command())
    about = ABOUT.format(burst=sizes.burst, clients=sizes.clients, worker=worker)
    return Section(TITLE, about, [table(HEAD, rows), table(COSTS, [cost])])


def proposals(here: World, count: int) -> list[Call]:
    """So many requests that propose what policy lets run."""
    return [world.propose_call(here, world.SMALL) for _ in range(count)]


def one_by_one(here: World, port: int, count: int) -> Timing:
    """One agent proposes, waits until it is executed, and proposes the next."""

    def make() -> Callable[[Call], None]:
        agent = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return lambda call: _until_executed(agent, here, call)

    return share(proposals(here, count), 1, make)


def burst(port: int, calls: Sequence[Call], clients: int) -> Timing:
    """Propose all at once, and wait until the last is executed."""
    last, began = _last(), time.monotonic()
    press(port, calls, clients, 201)
    return _recorded(last, len(calls), began)


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


def _recorded(last: Any, count: int, began: float) -> Timing:
    """Wait until as many as were proposed are executed, and read how long each took."""
    until = time.monotonic() + PATIENCE
    # A connection of its own, whose statements are not counted as the product's.
    with processes.connect(options=tracking.UNSEEN, autocommit=True) as own:
        while (done := _executed(own, last)) < count:
            if time.monotonic() > until:
                raise Refused(f"Only {done} of {count} actions were executed within {PATIENCE:.0f} s.")
            time.sleep(0.1)
        seconds = time.monotonic() - began
        return Timing(seconds, [float(latency) for (latency,) in own.execute(_LATENCIES, [last]).fetchall()])


def _executed(own: "psycopg.Connection[Any]", last: Any) -> int:
    ((done,),) = own.execute(_DONE, [last]).fetchall()
    return int(done)


def _last() -> Any:
    # A moment apart, so that ids of the same millisecond do not mix.
    time.sleep(PAUSE)
    return Action.objects.order_by("-pk").values_list("pk", flat=True).first()
