"""The queue at a thousand, a hundred thousand and a million waiting actions: the page, the API, and what they read."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Action, Person
from approvals.queries.inbox import waiting as inbox
from approvals.queries.inbox.order import Mark
from approvals.states import ActionState
from benchmarks import desk, processes, routing, world
from benchmarks.load import Call, Timing, press
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World

TITLE = "The queue"
HEAD = ("waiting", "what", "p50 ms", "p95 ms", "CPU ms: web", "CPU ms: database")
READS = ("waiting", "statements", "buffers: lines", "buffers: lines far down", "buffers: whole page", "lines, ms")
ABOUT = """
Pending actions, copied by SQL from routed ones (three desks, two tiers, a hundred risk scores). The reader is a
senior reviewer at two of the desks. One client reads the admin inbox and `queue/` over HTTP, 50 lines each. *Lines*
is the statement that fetches them, merged from one index range per desk and tier. *Far down* is the same from the
middle of the queue, and *whole page* is every statement of the inbox. Buffers are 8 KiB pages from `EXPLAIN (ANALYZE,
BUFFERS)`. They must not grow with the queue. At the largest size, the pages of a decision are measured too: *approve*
is the form that the key sends, including its redirect to the next item.
"""
TABLES = ("action", "revision", "policyevaluation")
# The columns in which copies differ; every id is made of its number and sorts as one made in time does.
_IDS = "(lpad(to_hex(1700000000000 + n), 12, '0') || '7{tag}8{tag}' || lpad(to_hex(n), 12, '0'))::uuid"
# No id made by now is below this one, and each of the copies is.
_REAL = "01900000-0000-0000-0000-000000000000"
DIFFERENT = {
    "action": {
        "id": _IDS.format(tag="aaa"),
        "entry_id": _IDS.format(tag="eee"),
        "revision_id": _IDS.format(tag="bbb"),
        "evaluation_id": _IDS.format(tag="ccc"),
        "idempotency_key": "'copy-' || n",
        "subject": "'Supplier ' || n %% 997",
        "reference": "'COPY-' || n",
        # Another number is another document.
        "duplicate_fingerprint": "md5('copy ' || n)",
        "risk": "(n * 7919) %% 101",
        "required_tier": "1 + (n %% 7 = 0)::int",
        "due_at": "t.due_at + make_interval(secs => n %% 100000)",
    },
    "revision": {"id": _IDS.format(tag="bbb"), "action_id": _IDS.format(tag="aaa")},
    "policyevaluation": {"id": _IDS.format(tag="ccc"), "action_id": _IDS.format(tag="aaa")},
}


def measure(here: World, sizes: Sizes) -> Section:
    """Fill the queue up to each size, and measure there."""
    samples = [routing.one(here, kind, world.LARGE) for kind in here.kinds]
    reader = here.reviewers[0]
    times, reads, filled, waiting = [], [], 0, 0
    for size in sizes.queues:
        fill(samples, filled + 1, size)
        filled = size
        waiting = Action.objects.filter(state=ActionState.PENDING).count()
        times += [(waiting, *row) for row in _times(reader, sizes.pages)]
        reads.append((waiting, *_reads(reader)))
    pages = desk.pages(here, reader, sizes.pages, waiting)
    return Section(TITLE, ABOUT, [table(HEAD, times), table(desk.PAGES, pages), table(READS, reads)])


def fill(samples: Sequence[Action], first: int, last: int) -> None:
    """Copy until so many wait; with triggers at rest, since a copy brings no ledger entry."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for place, sample in enumerate(samples):
            for name in TABLES:
                of = "id" if name == "action" else "action_id"
                condition = f"t.{of} = %s AND n %% {len(samples)} = {place}"
                cursor.execute(_copy(name, condition), [first, last, sample.pk])
        cursor.execute("SET session_replication_role = origin")
        for name in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) approvals_{name}")


def empty() -> None:
    """Delete the copies."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name in TABLES:
            cursor.execute(
                f"DELETE FROM approvals_{name} WHERE {'id' if name == 'action' else 'action_id'} < %s", [_REAL]
            )
        cursor.execute("SET session_replication_role = origin")
        for name in TABLES:
            cursor.execute(f"VACUUM (FULL, ANALYZE) approvals_{name}")


def _copy(name: str, condition: str) -> str:
    with connection.cursor() as cursor:
        columns = [
            column.name for column in connection.introspection.get_table_description(cursor, f"approvals_{name}")
        ]
    different = DIFFERENT[name]
    values = ", ".join(different.get(column, f"t.{column}") for column in columns)
    return (
        f"INSERT INTO approvals_{name} ({', '.join(columns)}) "
        f"SELECT {values} FROM generate_series(%s::bigint, %s::bigint) AS n, approvals_{name} AS t WHERE {condition}"
    )


def _times(reader: Person, count: int) -> Iterator[tuple[object, ...]]:
    headers = world.session(reader)
    with processes.web() as (port, pid):
        for name, path in (("inbox page", reverse("admin:inbox")), ("`GET queue/`", "/api/v1/queue/")):
            calls = [Call("GET", path, headers=headers)] * count
            press(port, calls[:10], 4)
            meter = processes.meter(web=pid)
            timing: Timing = press(port, calls, 1)
            spent = meter.spent()
            each = (spent["web"] / count, spent["database"] / count)
            yield (name, timing.percentile(50), timing.percentile(95), *each)


def _reads(reader: Person) -> tuple[int, int, int, int, float]:
    """Statements of the whole page; buffers of lines, of lines far down and of the page; how long the lines took."""
    browser = Client()
    browser.force_login(reader)
    browser.get(reverse("admin:inbox"))
    with CaptureQueriesContext(connection) as page:
        browser.get(reverse("admin:inbox"))
    first, far = _lines(reader, None), _lines(reader, _halfway())
    whole = [_explained(sql) for sql in _selects(page)]
    return len(page), first[0], far[0], sum(each[0] for each in whole), first[1]


def _lines(reader: Person, after: Mark | None) -> tuple[int, float]:
    """What the statement that fetches 50 lines reads and takes."""
    with CaptureQueriesContext(connection) as captured:
        inbox.page(reader, after=after)
    return _explained(next(sql for sql in _selects(captured) if "AS merged" in sql))


def _halfway() -> Mark:
    """The mark of a page in the middle: among those of risk 50, at the middle of their due times."""
    alike = Action.objects.filter(state=ActionState.PENDING, risk=50).order_by("due_at", "id")
    row = alike[alike.count() // 2]
    return Mark(row.risk, row.due_at, row.pk)


def _selects(captured: CaptureQueriesContext) -> list[str]:
    return [str(query["sql"]) for query in captured.captured_queries if str(query["sql"]).startswith("SELECT")]


def _explained(sql: str) -> tuple[int, float]:
    """How many buffers a statement touched, and how many milliseconds it took."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]
    top = plan["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], plan["Execution Time"]
