"""PostgreSQL as its administrator: roles, databases, dumps, and fingerprints of what is in the tables."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.office.machine import ACCOUNT, OWNER, Failed, identity, run

NAME = "hitl"
END = ":end"
# The sum does not depend on the order of the rows.
FINGERPRINTS = """
SELECT format('SELECT %L, count(*), coalesce(sum(hashtextextended(each_row::text, 0)), 0) FROM public.%I each_row',
              relname, relname)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname \\gexec
"""
# What a row looks like as a text depends on them.
PLAIN = "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex';"

Fingerprints = dict[str, list[str]]


@dataclass(frozen=True)
class Server:
    """One PostgreSQL, reached as `user` of this machine; `environment` holds variables such as PGHOST.

    Programs are looked up in `programs` first.
    """

    user: str | None = "postgres"
    environment: Mapping[str, str] = field(default_factory=dict)
    programs: str = ""
    owner: str = OWNER

    def ask(self, sql: str, database: str = "postgres") -> list[str]:
        """Run statements, and return the rows of their answers; columns are separated by a bar."""
        return self._run("psql", *QUIET, f"--dbname={database}", given=sql).splitlines()

    def has_database(self, name: str) -> bool:
        """Whether there is a database of this name."""
        return bool(self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def make_role(self, name: str) -> None:
        """Create a role without a password, unless it is there."""
        if not self.ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):
            self.ask(f'CREATE ROLE "{name}" LOGIN')

    def make_database(self, name: str) -> None:
        """Create an empty database of the owner's.

        Its order of texts is the same on each machine, so an update of the system cannot damage an index.
        """
        self.ask(
            f'CREATE DATABASE "{name}" OWNER "{self.owner}" TEMPLATE template0 ENCODING \'UTF8\''
            " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )

    def drop(self, name: str) -> None:
        """Remove a database and cut its connections."""
        self._once_unused(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, old: str, new: str) -> None:
        """Give a database another name, and cut its connections."""
        self.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{old}'")
        self._once_unused(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def _once_unused(self, sql: str) -> None:
        """Run a statement that needs a database without connections; a busy machine takes its time to cut them."""
        for patience in (*range(1, 6), None):
            try:
                self.ask(sql)
            except Failed as failure:
                if patience is None or "being accessed" not in str(failure):
                    raise
                time.sleep(patience)
            else:
                return

    def version(self) -> int:
        """The major version."""
        return int(self.ask("SHOW server_version_num")[0]) // 10_000

    def size(self, name: str = NAME) -> int:
        """How many bytes a database takes on disk."""
        return int(self.ask(f"SELECT pg_database_size('{name}')")[0])

    def dump(self, path: Path, database: str = NAME) -> Fingerprints:
        """Write a dump into a new file, and return the fingerprints of exactly what is in it."""
        with self._session(database) as session:
            (snapshot,) = session.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();")
            # Opened here: the account of PostgreSQL cannot enter the folder.
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                self._stream(["pg_dump", "--format=custom", f"--snapshot={snapshot}", database], stdout=file)
                os.fsync(file.fileno())
            return _fingerprints(session)

    def load(self, path: Path, database: str) -> None:
        """Put a dump into a new database of this name."""
        self.make_database(database)
        with path.open("rb") as file:
            self._stream(["pg_restore", "--exit-on-error", f"--dbname={database}"], stdin=file)

    def fingerprints(self, database: str = NAME) -> Fingerprints:
        """How many rows each table has, and a sum over them."""
        with self._session(database) as session:
            return _fingerprints(session)

    def _run(self, program: str, *options: str, given: str = "") -> str:
        return run(program, *options, user=self.user, environment=self._environment(), given=given)

    def _stream(self, command: list[str], **streams: Any) -> None:
        done = subprocess.run(
            command, stderr=subprocess.PIPE, env=self._environment(), cwd="/", check=False, text=True,
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | streams | identity(self.user),
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{command[0]} failed: {done.stderr.strip()[-2000:]}")

    @contextmanager
    def _session(self, database: str) -> "Iterator[_Session]":
        process: subprocess.Popen[str] = subprocess.Popen(
            ["psql", *QUIET, f"--dbname={database}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=self._environment(), cwd="/", **identity(self.user),
        )  # fmt: skip
        session = _Session(process)
        try:
            yield session
        finally:
            session.end()

    def _environment(self) -> dict[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}" if self.programs else "/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", **self.environment}


QUIET = ("--quiet", "--tuples-only", "--no-align", "--no-psqlrc", "--set=ON_ERROR_STOP=1")


@dataclass
class _Session:
    """One session of psql, for questions that belong to one transaction."""

    process: "subprocess.Popen[str]"

    def ask(self, sql: str) -> list[str]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{sql}\n\\echo {END}\n")
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            if line.rstrip("\n") == END:
                return lines
            lines.append(line.rstrip("\n"))
        raise Failed("PostgreSQL did not answer: " + "\n".join(lines[-5:]))

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)


def _fingerprints(session: _Session) -> Fingerprints:
    session.ask(PLAIN)
    return {name: rest for name, *rest in (line.split("|") for line in session.ask(FINGERPRINTS))}


def prepare(server: Server) -> None:
    """Create both roles and the database, unless they are there."""
    for role in (server.owner, ACCOUNT):
        server.make_role(role)
    if not server.has_database(NAME):
        server.make_database(NAME)
