"""Actions by the million, copied by SQL from a few that the product's services made."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from approvals.models import Action

# The tables that pages of a decided action read, and the column that names the action there. Left out is what no
# measured page reads of such a one: stages and their history, attempts, notices. An evaluation is one for all copies.
TABLES = {
    "approvals_action": "id",
    "approvals_revision": "action_id",
    "approvals_text": "action_id",
    "approvals_ledgerentry": "action_id",
    "approvals_historicalaction": "id",
    "approvals_decision": "action_id",
    "approvals_execution": "action_id",
}
POSITIONS = "approvals_ledgerposition"
# So many copies of one part, and tables that are filled together.
CHUNK = 200_000
WORKERS = 2
SMALL = 10_000_000
FIRST = "Adler,Baker,Cedar,Delta,Elm,Falk,Gray,Hansen,Iris,Jung,Kern,Lund,Marten,Nord,Olsen,Prime,Quint,Rhein"
SECOND = "Logistics,Office,Energy,Travel,Paper,Foods,Cleaning,Steel,Rent,Media,Print,Parts,Cloud,Water,Tools"
# Everything that differs from copy to copy, computed once for each. An id sorts as one made at that time does.
_SPINE = """
    CREATE UNLOGGED TABLE bench_spine AS
    SELECT n, turn, round, at, kind_id, desk_id, agent_id, person_id, subject, reference, amount, chance,
        CASE WHEN is_recurring THEN %(fingerprint)s ELSE md5('copy ' || n) END AS fingerprint,
        lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' AS head,
        '8000' || lpad(to_hex(n), 12, '0') AS tail
    FROM (
        SELECT n, turn, round, chance, is_recurring,
            %(since)s::timestamptz + (n - %(base)s) * %(step)s * interval '1 second' AS at,
            (%(kinds)s::bigint[])[place] AS kind_id,
            (%(desks)s::bigint[])[place] AS desk_id,
            (%(agents)s::bigint[])[1 + (chance >> 9) %% cardinality(%(agents)s::bigint[])] AS agent_id,
            (%(people)s::bigint[])[1 + (chance >> 3) %% cardinality(%(people)s::bigint[])] AS person_id,
            CASE WHEN is_recurring THEN %(subject)s ELSE
                (%(first)s::text[])[1 + (chance >> 5) %% cardinality(%(first)s::text[])] || ' ' ||
                (%(second)s::text[])[1 + (chance >> 13) %% cardinality(%(second)s::text[])] || ' ' ||
                (chance >> 7) %% 60
            END AS subject,
            CASE WHEN is_recurring THEN %(reference)s WHEN n %% 20 = 7 THEN '' ELSE 'INV-' || lpad(n::text, 9, '0') END
                AS reference,
            round((5 + 25000 * power((chance %% 1000003) / 1000003.0::float, 3))::numeric, 2) AS amount
        FROM (
            SELECT n, turn, round, chance, is_recurring,
                CASE WHEN is_recurring THEN 1 ELSE 1 + (chance >> 11) %% cardinality(%(kinds)s::bigint[]) END AS place
            FROM (
                SELECT n, (n - %(base)s) %% %(by)s AS turn, (n - %(base)s) / %(by)s AS round,
                    n * 2654435761 %% 4294967296 AS chance, n %% %(recurs)s = 1 AS is_recurring
                FROM generate_series(%(base)s::bigint, %(last)s::bigint) AS n
            ) AS numbers
        ) AS placed
    ) AS told
"""
_VARIED = {
    "action_type_id": "g.kind_id",
    "desk_id": "g.desk_id",
    "assigned_desk_id": "g.desk_id",
    "agent_id": "g.agent_id",
    "person_id": "g.person_id",
    "subject": "g.subject",
    "normalized_subject": "lower(g.subject)",
    "reference": "g.reference",
    "on_behalf_of": "CASE WHEN g.n % 5 = 2 THEN 'Clerk ' || g.n % 499 ELSE '' END",
    "thread": "CASE WHEN g.n % 3 = 0 THEN 'thread-' || g.n / 9 ELSE '' END",
    "duplicate_fingerprint": "g.fingerprint",
    "idempotency_key": "'copy-' || lpad(g.n::text, 12, '0')",
    "amount": "g.amount",
    "amount_base": "g.amount",
    "risk": "g.chance % 101",
    "required_tier": "1 + (g.n % 7 = 0)::int",
    "key": "lpad(to_hex(g.n), 32, '0')",
    # Neither stages nor their history are copied.
    "stage_id": "NULL",
    # As narrow as it may be.
    "data": "'{}'",
    "content": """'{"rationale": "Not ours."}'""",
    "salt": "''",
    "history_digest": "''",
    "result": "'{}'",
    "body": """
        '{"amount":' || g.amount || ',"currency":"EUR","invoice_number":"' || g.reference || '","issuer":"' || g.subject
            || '"}'
    """,
}
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what the copies name, place by place: an action type and its desk stand at the same place."""

    kinds: Sequence[int]
    desks: Sequence[int]
    agents: Sequence[int]
    people: Sequence[int]


@dataclass(frozen=True, slots=True)
class Period:
    """Copies from one number to another, evenly over a time. Each of ``recurs`` is of one same document."""

    first: int
    last: int
    since: datetime
    until: datetime
    recurs: int = 200

    @property
    def step(self) -> float:
        """Seconds from one to the next."""
        return (self.until - self.since).total_seconds() / (self.last - self.first + 1)


class Sample:
    """An action that the services made, with those of its rows that are copied."""

    def __init__(self, action: Action) -> None:
        self.action = action
        self.rows = [(table, row) for table, of in TABLES.items() for row in _read(table, of, action.pk)]
        kept = self._entries()
        self.rows = [(table, row) for table, row in self.rows if _is_kept(table, row, kept)]
        self.entries = [row["id"] for table, row in self.rows if table == "approvals_ledgerentry"]
        self._tags = {row[_key(table)]: f"{place:03x}" for place, (table, row) in enumerate(self.rows)}

    def statements(self, turn: int, start: int, period: int) -> Iterator[tuple[str, str]]:
        """The statements that copy it at its turn, with the table of each.

        Entries are numbered from a start, so many in each round.
        """
        for table, row in self.rows:
            values = [self._value(column, value) for column, value in row.items()]
            key = _key(table)
            yield (
                table,
                f"INSERT INTO {table} ({', '.join(row)}) SELECT {', '.join(values)} "
                f"FROM bench_spine AS g, {table} AS s WHERE s.{key} = '{row[key]}' AND g.turn = {turn}",
            )
        for place, entry in enumerate(self.entries):
            number = f"{start + place} + g.round * {period}"
            yield (
                POSITIONS,
                f"INSERT INTO {POSITIONS} (number, entry_id) "
                f"SELECT {number}, {self._id(entry)} FROM bench_spine AS g WHERE g.turn = {turn}",
            )

    def _value(self, column: str, value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, uuid.UUID) and value in self._tags:
            return self._id(value)
        if isinstance(value, datetime):
            return f"g.at + (s.{column} - '{self.action.created_at.isoformat()}'::timestamptz)"
        return _VARIED.get(column, f"s.{column}")

    def _id(self, known: uuid.UUID) -> str:
        return f"(g.head || '{self._tags[known]}' || g.tail)::uuid"

    def _entries(self) -> set[Any]:
        """Of its entries the last, and that of its decision."""
        decided = [row["entry_id"] for table, row in self.rows if table == "approvals_decision"]
        return {self.action.entry_id, *decided}


def fill(shape: Sequence[Sample], cast: Cast, period: Period, recurring: Action) -> None:
    """Copy the samples by turns; triggers are at rest, since a copy brings no entry of its own.

    :param recurring: whose document is the one that recurs.
    """
    of_table: dict[str, list[str]] = defaultdict(list)
    for table, statement in _statements(shape):
        of_table[table].append(statement)
    with connection.cursor() as cursor:
        cursor.execute(_SPINE, _given(recurring, cast, period, len(shape)))
        cursor.execute("CREATE INDEX ON bench_spine (turn, n)")
        cursor.execute("ANALYZE bench_spine")

    def copy(table: str) -> None:
        with _alone() as cursor:
            cursor.execute("SET session_replication_role = replica")
            _write_anew(cursor, table)
            # Part by part, so that rows lie in the order of time.
            for low in range(period.first, period.last + 1, CHUNK):
                for statement in of_table[table]:
                    cursor.execute(f"{statement} AND g.n BETWEEN {low} AND {min(low + CHUNK - 1, period.last)}")

    _together(copy, of_table)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_spine")


def _write_anew(cursor: Any, table: str) -> None:
    """A small table that is written anew within the transaction needs no write-ahead log until it is committed."""
    cursor.execute(
        "SELECT indexrelid::regclass::text FROM pg_index "
        "WHERE indrelid = %s::regclass AND indisprimary AND pg_relation_size(indrelid) < %s",
        [table, SMALL],
    )
    for (primary,) in cursor.fetchall():
        cursor.execute(f"CLUSTER {table} USING {primary}")


def _statements(shape: Sequence[Sample]) -> Iterator[tuple[str, str]]:
    """The statements of each sample with their tables; the entries of all get numbers without gaps."""
    numbers = sum(len(sample.entries) for sample in shape)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(number), 0) + 1 FROM {POSITIONS}")
        (start,) = cursor.fetchone()
    for turn, sample in enumerate(shape):
        yield from sample.statements(turn, start, numbers)
        start += len(sample.entries)


@contextmanager
def without_indexes() -> Iterator[None]:
    """Drop the indexes that no constraint needs, and build them again in the end, which is faster and packs them."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [[*TABLES, POSITIONS]])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        _together(_build, [definition for _name, definition in found])


def settle() -> None:
    """Tell the planner what there is now, and mark what all can see."""
    with connection.cursor() as cursor:
        for name in (*TABLES, POSITIONS):
            cursor.execute(f"VACUUM (ANALYZE) {name}")


def _build(definition: str) -> None:
    with _alone() as cursor:
        cursor.execute(definition)


def _together(work: Callable[[Any], None], items: Iterable[Any]) -> None:
    """Do it for each, two at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(work, items):
            pass


@contextmanager
def _alone() -> Iterator[Any]:
    """A cursor on a connection of one's own, in a transaction."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _given(recurring: Action, cast: Cast, period: Period, by: int) -> Mapping[str, Any]:
    return {
        "since": period.since,
        "base": period.first,
        "step": period.step,
        "recurs": period.recurs,
        "kinds": list(cast.kinds),
        "desks": list(cast.desks),
        "agents": list(cast.agents),
        "people": list(cast.people),
        "first": FIRST.split(","),
        "second": SECOND.split(","),
        "subject": recurring.subject,
        "reference": recurring.reference,
        "fingerprint": recurring.duplicate_fingerprint,
        "last": period.last,
        "by": by,
    }


def _read(table: str, of: str, action: uuid.UUID) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {of} = %s", [action])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: str(row[_key(table)]))


def _is_kept(table: str, row: Mapping[str, Any], entries: set[Any]) -> bool:
    if table == "approvals_ledgerentry":
        return row["id"] in entries
    if table == "approvals_historicalaction":
        return row["entry_id"] in entries
    return True


def _key(table: str) -> str:
    return "history_id" if table == "approvals_historicalaction" else "id"
