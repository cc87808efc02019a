"""A thousand agents that wait for a decision: when they hear of it, and what they cost others meanwhile."""

import time
from collections.abc import Sequence
from pathlib import Path

from approvals.actors import Actor, Door
from approvals.models import Action
from approvals.services.decisions import decide
from approvals.services.execution import schedule
from benchmarks import agents, decisions, processes, routing, world
from benchmarks.agents import Agents
from benchmarks.cpu import descendants
from benchmarks.load import Timing, press
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "Waiting for decisions"
HEAD = ("what", "calls", "per second", "p50 ms", "p95 ms", "slowest ms")
COSTS = ("{count:,} agents wait", "CPU: waits", "CPU: database", "threads: waits", "memory: waits, MiB")
ABOUT = """
{count:,} agents wait with `GET actions/{{id}}/?wait=`, each for its own action and for 30 to 60 seconds, on one
process of long polls as production starts it. They ask again when their time is over. The web process (gunicorn,
{workers} processes with {threads} threads each), the database, the agents and the one who decides share the cores.
*Told* is the time from the commit of a decision to the last byte of the answer. Decisions are made by the service in
one thread: first {rate} a second, then without a pause. Proposals come from {clients} clients without a pause. CPU is
in percent of one core while nothing is decided, for ten seconds, with the agents that ask again.
"""
RATE = 10
IDLE_SECONDS = 10.0


def measure(here: World, sizes: Sizes) -> Section:
    """Propose with nobody waiting, let agents wait, propose again, and decide."""
    routing.drain()
    routing.supply(here, sizes.waiting, world.LARGE)
    routing.drain()
    actions = decisions.waiting(here)[: sizes.waiting]
    with processes.web() as (port, _), processes.waits() as (waits_port, waits_pid):
        _proposals(here, port, sizes, 4)
        alone = _proposals(here, port, sizes, 2 * sizes.heard)
        with agents.waiting(waits_port, [each.pk for each in actions], here.bearer()) as waiting:
            _until_all_wait(waiting, len(actions))
            cost = _idle(waits_pid)
            beside = _proposals(here, port, sizes, 2 * sizes.heard)
            steady = _decided(here, waiting, actions[: sizes.heard], 1 / RATE)
            burst = _decided(here, waiting, actions[sizes.heard : 2 * sizes.heard], 0.0)
    rows = [
        _row(f"told, {RATE} decisions a second", steady),
        _row("told, decisions without a pause", burst),
        _row("`POST actions/`, nobody waits", alone),
        _row(f"`POST actions/`, {sizes.waiting:,} wait", beside),
    ]
    about = ABOUT.format(
        count=sizes.waiting, workers=processes.WORKERS, threads=processes.THREADS, rate=RATE, clients=sizes.clients
    )
    head = (COSTS[0].format(count=sizes.waiting), *COSTS[1:])
    return Section(TITLE, about, [table(HEAD, rows), table(head, [("nothing is decided", *cost)])])


def _row(name: str, timing: Timing) -> tuple[object, ...]:
    each = timing.each
    return name, len(each), timing.rate, timing.percentile(50), timing.percentile(95), max(each)


def _proposals(here: World, port: int, sizes: Sizes, count: int) -> Timing:
    calls = [world.propose_call(here, world.LARGE) for _ in range(count)]
    return press(port, calls, min(sizes.clients, count), 201)


def _until_all_wait(waiting: Agents, count: int) -> None:
    """Wait until each has asked, and its first look is over."""
    until = time.monotonic() + agents.PATIENCE
    while waiting.asked < count and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(IDLE_SECONDS)
    waiting.until_told([])


def _idle(pid: int) -> tuple[str, str, int, int]:
    """What the waits cost while nothing happens."""
    meter = processes.meter(waits=pid)
    time.sleep(IDLE_SECONDS)
    share = {name: f"{spent / IDLE_SECONDS / 10:.1f} %" for name, spent in meter.spent().items()}
    worker = max(descendants(pid))
    held = int(Path(f"/proc/{worker}/statm").read_text(encoding="ascii").split()[1]) * 4 // 1024
    return share["waits"], share["database"], len(list(Path(f"/proc/{worker}/task").iterdir())), held


def _decided(here: World, waiting: Agents, actions: Sequence[Action], pause: float) -> Timing:
    """Approve each, and return how long after its commit its agent was told."""
    began, committed = time.perf_counter(), []
    for place, action in enumerate(actions):
        time.sleep(max(0.0, began + place * pause - time.perf_counter()))
        decide.approve(
            actor=Actor(Door.ADMIN, person=here.reviewers[0]),
            at=world.now(),
            action_id=action.pk,
            revision=action.revision.number,
            digest=action.revision.digest,
            target=schedule.target_digest(action.action_type),
        )
        committed.append(time.perf_counter())
    told = waiting.until_told([each.pk for each in actions])
    seconds = committed[-1] - began
    return Timing(seconds, [(heard - then) * 1_000 for heard, then in zip(told, committed, strict=True)])
