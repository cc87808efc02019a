"""Statements by the functions of PostgreSQL's own library: a cursor of the driver costs three times as much.

What a cursor does beside that is not needed here: each value goes as text, and no row is read before all are there.
A statement is prepared at its second run on a connection, and keeps its plan from then on.

See "Asynchronous Command Processing" and "Pipeline Mode" of libpq in PostgreSQL's documentation.
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg.adapt import Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

# More than there are of them. Whatever comes on top of that is planned at each run.
_MOST = 500
# A table got another form, or something ended what was prepared: all of it is prepared again.
_OUTDATED = (FeatureNotSupported, InvalidSqlStatementName)
_OK = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

Texts = Sequence[str | bytes | None]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with numbered places, and what goes into them; ``is_planned_anew`` keeps no plan of it."""

    sql: str
    texts: Texts
    is_planned_anew: bool = False

    @property
    def values(self) -> list[bytes | None]:
        """What goes into its places, as the library takes it."""
        return [each.encode() if isinstance(each, str) else each for each in self.texts]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a statement returned, and how many it found or changed."""

    rows: list[Any]
    count: int


class Session:
    """One connection, with the statements that are prepared on it. It is used by one thread at a time."""

    def __init__(self, connection: "Connection[Any]", *, prepares: bool) -> None:
        self._connection, self._prepares = connection, prepares
        self._library, self._loads = connection.pgconn, Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._seen: set[str] = set()
        self._numbers = count(1)
        self._socket = select.poll()

    def run(self, statements: Sequence[Statement], *, commits: bool = False) -> list[Answer]:
        """Run statements, more than one in one round trip, and return what each answers; ``commits`` ends with that.

        :raises psycopg.Error: the database refused one of them; those after it did not run.
        """
        names = [self._name(each) for each in statements]
        self._begin()
        if commits or len(statements) > 1:
            found = self._piped(statements, names, commits)
        else:
            self._send(statements[0], names[0])
            found = [self._received()]
        return [self._answer(each) for each in found[: len(statements)]]

    def _piped(self, statements: Sequence[Statement], names: Sequence[bytes | None], commits: bool) -> list[PGresult]:
        with self._interruptible():
            self._library.enter_pipeline_mode()
            for each, name in zip(statements, names, strict=True):
                self._send(each, name)
            if commits:
                self._library.send_query_params(b"COMMIT", None)
            self._library.pipeline_sync()
            self._flush()
            found = [self._results()[0] for _ in range(len(statements) + commits)]
            self._results()
            self._library.exit_pipeline_mode()
        refused = next((each for each in found if each.status not in _OK), None)
        return [refused] if refused else found

    def _begin(self) -> None:
        """Begin the transaction that the driver would begin with its next statement."""
        is_idle = self._library.transaction_status == TransactionStatus.IDLE
        if is_idle and not self._connection.autocommit:
            self._library.send_query_params(b"BEGIN", None)
            self._answer(self._received())

    def _received(self) -> PGresult:
        """What the statement that was sent answers."""
        with self._interruptible():
            self._flush()
            return self._results()[0]

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Close the connection if it is left while something is under way: its next answer would belong to that."""
        try:
            yield
        except BaseException:
            self._connection.close()
            raise

    def _name(self, statement: Statement) -> bytes | None:
        """Return the name under which a statement is prepared; at its first run it has none."""
        sql = statement.sql
        if sql in self._names:
            return self._names[sql]
        if statement.is_planned_anew or not self._prepares or len(self._seen) >= _MOST:
            return None
        if sql not in self._seen:
            self._seen.add(sql)
            return None
        name = b"hitl_%d" % next(self._numbers)
        self._library.send_prepare(name, sql.encode())
        self._answer(self._received())
        self._names[sql] = name
        return name

    def _send(self, statement: Statement, name: bytes | None) -> None:
        if name is None:
            self._library.send_query_params(statement.sql.encode(), statement.values)
        else:
            self._library.send_query_prepared(name, statement.values)

    def _flush(self) -> None:
        while self._library.flush():
            # It may have to read before it can write.
            self._wait(select.POLLIN | select.POLLOUT)
            self._library.consume_input()

    def _results(self) -> list[PGresult]:
        """What one statement answers, or the end of a pipeline, once it is there."""
        found: list[PGresult] = []
        while True:
            while self._library.is_busy():
                self._wait(select.POLLIN)
                self._library.consume_input()
            result = self._library.get_result()
            if result is None:
                return found
            found.append(result)
            if result.status == ExecStatus.PIPELINE_SYNC:
                return found

    def _wait(self, events: int) -> None:
        self._socket.register(self._library.socket, events)
        self._socket.poll()

    def _answer(self, result: PGresult) -> Answer:
        if result.status not in _OK:
            error = error_from_result(result)
            if isinstance(error, _OUTDATED):
                self._names.clear()
                self._seen.clear()
            raise error
        if result.status == ExecStatus.COMMAND_OK:
            return Answer([], result.command_tuples or 0)
        self._loads.set_pgresult(result)
        return Answer(self._loads.load_rows(0, result.ntuples, tuple), result.ntuples)


_sessions: "WeakKeyDictionary[Connection[Any], Session]" = WeakKeyDictionary()


def session(connection: "Connection[Any]", *, prepares: bool) -> Session:
    """Return the session of a connection; ``prepares`` says whether it may keep plans."""
    found = _sessions.get(connection)
    if found is None:
        found = _sessions[connection] = Session(connection, prepares=prepares)
    return found
