"""Database triggers for policies, for both vendors: published versions and history never change.

They apply to ORM updates, raw SQL, bulk operations and the admin. A draft can be deleted; a published version can only
be retired.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

VERSIONS = "policies_version"
HISTORY = ("policies_historicalpolicy", "policies_historicalversion")
FIXED = ("policy_id", "number", "source", "canonical", "digest", "drafted_by_id", "drafted_at")
SEALED = ("published_by_id", "published_at", "is_solo")
LEGAL = (("draft", "published"), ("published", "retired"))

CHANGED = "a version of a policy never changes what it says; draft a new one"
REWRITTEN = "who published a version, and when, never changes"
ILLEGAL = "a version is drafted, then published, then retired"
BORN = "a version starts as a draft"
DELETED = "a version that was published is kept"
KEPT = "history is kept as it is"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, its table, and the statements that create it."""

    name: str
    table: str
    statements: tuple[str, ...]


def declared(vendor: str) -> list[Trigger]:
    """Return every trigger that must be installed on this vendor."""
    make = _postgresql if vendor == "postgresql" else _sqlite
    return [trigger for guard in _guards(vendor) for trigger in make(*guard)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every declared trigger again; SQLite drops them when a migration rebuilds a table."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        for trigger in declared(connection.vendor):
            for statement in trigger.statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Remove every declared trigger; only a migration may do this."""
    with connection.cursor() as cursor:
        for trigger in declared(connection.vendor):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of declared triggers that are missing or disabled in the database."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        installed = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in declared(connection.vendor) if trigger.name not in installed]


def _guards(vendor: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield name, table, event, condition and message of every guard."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    pairs = " OR ".join(f"(OLD.state = '{source}' AND NEW.state = '{target}')" for source, target in LEGAL)
    fixed = _any_differs(("id", *FIXED), differs)
    sealed = _any_differs(SEALED, differs)
    yield "policy_version_born", VERSIONS, "INSERT", "NEW.state <> 'draft'", BORN
    yield "policy_version_fixed", VERSIONS, "UPDATE", fixed, CHANGED
    yield "policy_version_sealed", VERSIONS, "UPDATE", f"OLD.state <> 'draft' AND ({sealed})", REWRITTEN
    yield "policy_version_legal", VERSIONS, "UPDATE", f"NEW.state <> OLD.state AND NOT ({pairs})", ILLEGAL
    yield "policy_version_kept", VERSIONS, "DELETE", "OLD.state <> 'draft'", DELETED
    for table in HISTORY:
        yield f"{table}_fixed", table, "UPDATE", "1 = 1", KEPT
        yield f"{table}_kept", table, "DELETE", "1 = 1", KEPT


def _any_differs(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _sqlite(name: str, table: str, event: str, condition: str, message: str) -> Iterator[Trigger]:
    refusal = f"SELECT RAISE(ABORT, '{message}')"
    yield Trigger(
        name, table, (f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN {refusal}; END",)
    )


def _postgresql(name: str, table: str, event: str, condition: str, message: str) -> Iterator[Trigger]:
    row = "OLD" if event == "DELETE" else "NEW"
    refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = '23000'"
    yield _function_and_trigger(
        name, table, f"BEFORE {event}", f"IF {condition} THEN {refusal}; END IF; RETURN {row};", "ROW"
    )
    if event == "DELETE":
        # TRUNCATE fires no row trigger and would delete everything.
        yield _function_and_trigger(f"{name}_whole", table, "BEFORE TRUNCATE", f"{refusal};", "STATEMENT")


def _function_and_trigger(name: str, table: str, moment: str, body: str, each: str) -> Trigger:
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN {body} END $guard$"
    )
    return Trigger(
        name,
        table,
        (function, f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"),
    )
