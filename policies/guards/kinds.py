"""The kinds of guards: each is declared once, and yields its triggers for PostgreSQL and for SQLite.

Conditions are SQL that both databases understand. ``NEW`` is the row as it would become, ``OLD`` as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

# How PostgreSQL spells "differs" for values that may be null; SQLite spells it "IS NOT".
DIFFERS = "IS DISTINCT FROM"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, its table, and the statements that create it."""

    name: str
    table: str
    statements: tuple[str, ...]


class Guard(Protocol):
    """What a database refuses, in either dialect."""

    def postgresql(self) -> Iterator[Trigger]:
        """Yield the triggers for PostgreSQL."""

    def sqlite(self) -> Iterator[Trigger]:
        """Yield the triggers for SQLite."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An ``INSERT``, ``UPDATE`` or ``DELETE`` on a table is refused with a message where a condition holds.

    ``when`` asks the row alone: a condition that looks at other tables is asked only where it holds. What guards
    against ``DELETE`` guards against ``TRUNCATE`` too, which fires no trigger of a row.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str
    when: str = ""

    def postgresql(self) -> Iterator[Trigger]:
        """Yield a function with its trigger, and a second pair against ``TRUNCATE``."""
        is_delete = self.event == "DELETE"
        body = pg_refusal(self.condition, self.message, when=self.when)
        yield pg_trigger(self.name, self.table, f"BEFORE {self.event}", body, returns="OLD" if is_delete else "NEW")
        if is_delete:
            yield pg_truncate_trigger(f"{self.name}_whole", self.table, self.message)

    def sqlite(self) -> Iterator[Trigger]:
        """Yield one trigger."""
        condition = f"({self.when}) AND ({self.condition})" if self.when else self.condition
        yield lite_refusal(self.name, self.table, f"BEFORE {self.event}", condition, self.message)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Columns of a table that never change, or never change where a condition holds."""

    name: str
    table: str
    columns: tuple[str, ...]
    message: str
    when: str = ""

    def postgresql(self) -> Iterator[Trigger]:
        """Yield a function with its trigger."""
        yield from self._refusal(DIFFERS).postgresql()

    def sqlite(self) -> Iterator[Trigger]:
        """Yield one trigger."""
        yield from self._refusal("IS NOT").sqlite()

    def _refusal(self, differs: str) -> Refusal:
        changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in self.columns)
        condition = f"{self.when} AND ({changed})" if self.when else changed
        return Refusal(self.name, self.table, "UPDATE", condition, self.message)


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows change but are never deleted."""

    table: str
    events: tuple[str, ...] = ("DELETE",)

    def postgresql(self) -> Iterator[Trigger]:
        """Yield a function with its trigger, and a second pair against ``TRUNCATE``."""
        body = f"RAISE EXCEPTION '{self._message}' USING ERRCODE = '23000';"
        yield pg_trigger(f"{self.table}_kept", self.table, f"BEFORE {' OR '.join(self.events)}", body)
        yield pg_truncate_trigger(f"{self.table}_whole", self.table, self._message)

    def sqlite(self) -> Iterator[Trigger]:
        """Yield one trigger for each event."""
        for event in self.events:
            yield lite_refusal(f"{self.table}_no_{event.lower()}", self.table, f"BEFORE {event}", "1", self._message)

    @property
    def _message(self) -> str:
        return f"{self.table} is append-only"


@dataclass(frozen=True, slots=True)
class AppendOnly(Kept):
    """A table that rows are only added to."""

    events: tuple[str, ...] = ("UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Handwritten:
    """Triggers that differ between the databases by more than their dialect."""

    for_postgresql: tuple[Trigger, ...]
    for_sqlite: tuple[Trigger, ...]

    def postgresql(self) -> Iterator[Trigger]:
        """Yield the triggers for PostgreSQL."""
        yield from self.for_postgresql

    def sqlite(self) -> Iterator[Trigger]:
        """Yield the triggers for SQLite."""
        yield from self.for_sqlite


def pg_trigger(name: str, table: str, moment: str, body: str, each: str = "ROW", returns: str = "NEW") -> Trigger:
    """A PostgreSQL trigger with a function of its own."""
    # The path is fixed: a temporary table of a ledger's name would otherwise be asked in its place.
    # The plan is kept: it reads by index whatever the values are, and one made while a table was small stays right.
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            {body}
            RETURN {returns};
        END $guard$
    """
    trigger = f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    return Trigger(name, table, (function, trigger))


def pg_constraint_trigger(name: str, table: str, event: str, body: str) -> Trigger:
    """A PostgreSQL trigger that waits until its transaction ends."""
    function, _trigger = pg_trigger(name, table, "", body, returns="NULL").statements
    trigger = (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    return Trigger(name, table, (function, trigger))


def pg_statement_trigger(name: str, table: str, event: str, body: str) -> Trigger:
    """A PostgreSQL trigger that is asked once about all rows of a statement, which it knows as ``fresh``."""
    function, _trigger = pg_trigger(name, table, "", body, returns="NULL").statements
    trigger = (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )
    return Trigger(name, table, (function, trigger))


def pg_truncate_trigger(name: str, table: str, message: str) -> Trigger:
    """A PostgreSQL trigger that refuses to empty a table."""
    body = f"RAISE EXCEPTION '{message}' USING ERRCODE = '23000';"
    return pg_trigger(name, table, "BEFORE TRUNCATE", body, each="STATEMENT")


def pg_refusal(condition: str, message: str, when: str = "") -> str:
    """The statement in a PostgreSQL function that refuses where a condition holds, asked only where ``when`` does."""
    refusal = f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23000'; END IF;"
    return f"IF {when} THEN {refusal} END IF;" if when else refusal


def lite_refusal(name: str, table: str, moment: str, condition: str, message: str) -> Trigger:
    """A SQLite trigger that refuses where a condition holds."""
    refusal = f"SELECT RAISE(ABORT, '{message}')"
    return Trigger(name, table, (f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} BEGIN {refusal}; END",))
