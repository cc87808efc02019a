"""A large catalog: what a web process holds of it, and what the load costs more while people change."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from approvals.actors import Door, system
from approvals.services.accounts import api_keys
from benchmarks import processes, world
from benchmarks.cpu import descendants
from benchmarks.load import Call, press
from benchmarks.processes import WORKERS
from benchmarks.sizes import Sizes
from benchmarks.world import World

# So many keys are used in turn; each is asked for anew.
USED = 50
_STATM_PAGE = 4_096
_REST, _AGAIN = "SET session_replication_role = replica", "SET session_replication_role = origin"
# Columns in which copies differ; what must be unique is.
_PEOPLE = {"username": "'copy-' || n", "email": "'copy-' || n || '@example.com'", "normalized_username": "'copy-' || n"}
_KEYS = {"identifier": "lpad(n::text, 12, '0')"}


def measure(here: World, sizes: Sizes) -> dict[str, float]:
    """Fill the catalog, measure, and empty it again."""
    calls = _calls(here, sizes.targets)
    last = _last("approvals_person"), _last("approvals_apikey")
    try:
        with processes.web() as (port, pid):
            press(port, next(calls), sizes.clients, 201)
            before = _resident(pid)
            _copy("approvals_person", _PEOPLE, sizes.people)
            _copy("approvals_apikey", _KEYS, sizes.keys)
            alone = _spent(port, pid, next(calls), sizes.clients)
            with _changing(last[0], sizes.changes):
                beside = _spent(port, pid, next(calls), sizes.clients)
            again = _spent(port, pid, next(calls), sizes.clients)
            held = (_resident(pid) - before) / WORKERS
    finally:
        _delete("approvals_apikey", last[1])
        _delete("approvals_person", last[0])
    usual = (alone + again) / 2
    return {"catalog in memory": max(0.0, held) / 1e6, "catalog changes": (beside / usual - 1) * 100}


def _calls(here: World, count: int) -> Iterator[list[Call]]:
    """Yield as many proposals again and again, by many keys in turn."""
    issued = [
        api_keys.issue(actor=system(Door.COMMAND), at=world.now(), agent=here.agent, scopes=world.SCOPES).plain
        for _ in range(USED)
    ]
    keys = itertools.cycle(issued)
    while True:
        found = [world.propose_call(here, world.LARGE) for _ in range(count)]
        yield [
            Call(each.method, each.path, each.body, {**each.headers, "Authorization": f"Bearer {next(keys)}"})
            for each in found
        ]


def _spent(port: int, pid: int, calls: list[Call], clients: int) -> float:
    """Milliseconds that the web server spends on these."""
    meter = processes.meter(web=pid)
    press(port, calls, clients, 201)
    return meter.spent()["web"]


@contextmanager
def _changing(last: int, count: int) -> Iterator[None]:
    """Change so many people meanwhile, one in a transaction, as fast as the database takes them."""
    done = threading.Thread(target=_change, args=[last, count])
    done.start()
    yield
    done.join()


def _change(last: int, count: int) -> None:
    with processes.connect(autocommit=True) as own:
        own.execute(_REST)
        for place in range(count):
            own.execute(
                "UPDATE approvals_person SET last_name = %s, is_active = %s WHERE id = %s",
                [f"Change {place}", place % 2 == 0, last + 1 + place],
            )


def _resident(pid: int) -> int:
    """Bytes in memory that a server and its workers hold."""
    found = (Path(f"/proc/{each}/statm").read_text(encoding="ascii").split() for each in descendants(pid))
    return sum(int(fields[1]) - int(fields[2]) for fields in found) * _STATM_PAGE


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        return int(cursor.fetchone()[0])


def _copy(table: str, different: dict[str, str], count: int) -> None:
    """Copy the last row so often, with triggers at rest: a copy brings no ledger entry."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        values = {"id": f"{_last(table)} + n", "entry_id": "NULL", **different}
        chosen = ", ".join(values.get(column, f"t.{column}") for column in columns)
        cursor.execute(_REST)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM generate_series(1, %s) AS n, {table} AS t"
            f" WHERE t.id = %s",
            [count, _last(table)],
        )
        cursor.execute(_AGAIN)
        cursor.execute(f"VACUUM (ANALYZE) {table}")


def _delete(table: str, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REST)
        cursor.execute(f"DELETE FROM {table} WHERE id > %s", [last])
        cursor.execute(_AGAIN)
        cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
