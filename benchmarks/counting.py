"""Counting over time at a hundred thousand and a million actions: what a policy that counts costs to route by."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals.models import Action
from approvals.models import Counter as RunningTotal
from approvals.services.policy import budgets
from benchmarks import processes, routing, world
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World
from policies.engine.document.parse import Document, parse
from policies.engine.inputs.windows import SERIES

TITLE = "Counting"
HEAD = ("actions counted", "series asked for", "what", "CPU ms: worker", "CPU ms: database")
READS = ("actions counted", "series asked for", "statement", "buffers", "ms", "plan")
ABOUT = """
Policy counters (by agent, subject, action type, and combinations), with many actions in each running total. The
actions are spread over 35 days and loaded by SQL. *Asked* locks the totals and reads them back to the start of each
window; *spent* also adds to them. Each runs {times:,} times. A small transaction is subtracted, because routing has
one anyway. Buffers are 8 KiB pages from `EXPLAIN (ANALYZE, BUFFERS)`. They must not grow with the number of actions.
"""
FEW = ("agent_day", "subject_day")


def measure(here: World, sizes: Sizes) -> Section:
    """Load each number of marks, and measure there: two series, and all that there are."""
    actions = {len(series): _counted(here, f"counting{len(series)}", series) for series in (FEW, SERIES)}
    times, reads = [], []
    for size in sizes.counted:
        _fill(size)
        for series in (FEW, SERIES):
            document = parse(_policy("asked", series))
            action = actions[len(series)]
            times += [(size, len(series), *row) for row in _times(action, document, sizes.evaluations // 20)]
            reads += [(size, len(series), *row) for row in _reads(action, document)]
    return Section(TITLE, ABOUT.format(times=sizes.evaluations // 20), [table(HEAD, times), table(READS, reads)])


def _counted(here: World, name: str, series: Sequence[str]) -> Action:
    """An action that ran by a policy that counts these series, so that there is a running total of each scope."""
    world.publish(name, _policy(name, series), here.agent.owner, here.publisher)
    kind = world.kind(f"{name}.post", here.kinds[0].desk, policy=name)
    action = routing.one(here, kind, world.SMALL)
    if not RunningTotal.objects.filter(scope="agent", number__gt=0).exists():
        raise RuntimeError(f"The action is {action.state} and was not counted. Its policy should have approved it.")
    return action


def _policy(name: str, series: Sequence[str]) -> str:
    budgets = "\n".join(f'  per_{each}: {{count: 1000000000, sum: "999999999999.00"}}' for each in series)
    ladder = 'amounts: {base: EUR, ladders: {EUR: [{up_to: "250.00", outcome: auto}, {outcome: review}]}}'
    return f"policy: {name}\ntitle: Counts\n{ladder}\nbudgets:\n{budgets}"


def _fill(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE approvals_countersnapshot")
        cursor.execute(
            "INSERT INTO approvals_countersnapshot (counter_id, number, minor, at) "
            "SELECT t.id, n, n * 2050, now() - interval '35 days' * (1 - n::float / %s) "
            "FROM approvals_counter AS t, generate_series(1, %s::bigint) AS n",
            [size, size],
        )
        cursor.execute("UPDATE approvals_counter SET number = %s, minor = %s, at = now()", [size, size * 2050])
        cursor.execute("VACUUM (ANALYZE) approvals_countersnapshot")
        cursor.execute("VACUUM (ANALYZE) approvals_counter")


def _times(action: Action, document: Document, count: int) -> Iterator[tuple[str, float, float]]:
    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_agent SET title = title WHERE id = %s", [action.agent_id])

    def ask() -> None:
        write()
        budgets.hold(action, [document], world.now())

    def spend() -> None:
        ask()
        budgets.spend(action, world.now())

    floor = _cpu(write, count)
    yield ("a transaction that writes one row", *floor)
    for name, work in (("additionally: asked", ask), ("additionally: asked and spent", spend)):
        worker, database = _cpu(work, count)
        yield (name, worker - floor[0], database - floor[1])


def _cpu(work: Callable[[], None], count: int) -> tuple[float, float]:
    """Milliseconds of CPU for each: this process, and the database."""
    meter = processes.meter(worker=os.getpid())
    for _ in range(count):
        with transaction.atomic():
            work()
    spent = meter.spent()
    return spent["worker"] / count, spent["database"] / count


def _reads(action: Action, document: Document) -> Iterator[tuple[str, int, float, str]]:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        budgets.hold(action, [document], world.now())
    statements = [str(query["sql"]).strip() for query in captured.captured_queries]
    for sql in statements:
        if "approvals_" in sql:
            yield ("lock" if sql.startswith("INSERT") else "look back", *_explained(sql))


def _explained(sql: str) -> tuple[int, float, str]:
    """How many buffers a statement touched, how many milliseconds it took, and which indexes it used how often."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]
    top = plan["Plan"]
    nodes = Counter(_nodes(top))
    told = ", ".join(f"{many} × {name}" if many > 1 else name for name, many in nodes.items())
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], plan["Execution Time"], told


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    """Every node that reads, and the index by which a conflict is found."""
    if "Scan" in plan["Node Type"] and "Index Name" in plan:
        yield f"{plan['Node Type']} by `{plan['Index Name']}`"
    elif "Relation Name" in plan:
        yield f"{plan['Node Type']} of `{plan['Relation Name']}`"
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
