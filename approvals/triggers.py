"""The database's own guards, declared once for both vendors; they hold against ORM updates, raw SQL, bulk and admin.

A change of state must bring a ledger entry that does not exist yet and be a legal pair; the entry, inserted next, must
tell the truth about its action; what never changes cannot be changed or deleted. Tried on SQLite and PostgreSQL: bare,
dangling and lying changes are refused, a good one commits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from approvals.states import LEGAL_PAIRS

APPEND_ONLY = (
    "approvals_attempt",
    "approvals_decision",
    "approvals_entry",
    "approvals_position",
    "approvals_revision",
    "approvals_ruling",
    "approvals_text",
    "approvals_historicalaction",
    "approvals_historicalactiontype",
    "approvals_historicalagent",
    "approvals_historicalapikey",
    "approvals_historicaldesk",
    "approvals_historicalexchangerate",
    "approvals_historicalexecution",
    "approvals_historicalmembership",
    "approvals_historicalperson",
    "approvals_historicalstage",
)
KEPT = ("approvals_action", "approvals_execution")

BORN = "an action starts as proposed, with a ledger entry of its own"
BARE = "a change of state needs a new ledger entry"
ILLEGAL = "this pair of states is not legal"
DANGLING = "the ledger entry of an action changes only with its state"
LYING = "a ledger entry must say which state its action has"

_PAIRS = ", ".join(f"'{source}>{target}'" for source, target in LEGAL_PAIRS)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, its table, and the statements that make it."""

    name: str
    table: str
    statements: tuple[str, ...]


def declared(vendor: str) -> list[Trigger]:
    """Every trigger that must be installed on this vendor."""
    return list(_postgresql() if vendor == "postgresql" else _sqlite())


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every declared trigger anew; SQLite drops them when a migration rebuilds a table."""
    with connection.cursor() as cursor:
        for trigger in declared(connection.vendor):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
            for statement in trigger.statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every declared trigger away, which only a migration backwards may do."""
    with connection.cursor() as cursor:
        for trigger in declared(connection.vendor):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of declared triggers that the database does not have, or has switched off."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        installed = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in declared(connection.vendor) if trigger.name not in installed]


def _postgresql() -> Iterator[Trigger]:
    yield _pg("action_guard", "approvals_action", "BEFORE INSERT OR UPDATE", _PG_ACTION)
    yield _pg("entry_guard", "approvals_entry", "AFTER INSERT", _PG_ENTRY)
    for table in (*APPEND_ONLY, *KEPT):
        events = "UPDATE OR DELETE" if table in APPEND_ONLY else "DELETE"
        refusal = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '23000';"
        yield _pg(f"{table}_kept", table, f"BEFORE {events}", refusal)
        yield _pg(f"{table}_whole", table, "BEFORE TRUNCATE", refusal, each="STATEMENT")


def _pg(name: str, table: str, moment: str, body: str, each: str = "ROW") -> Trigger:
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
        BEGIN
            {body}
            RETURN NEW;
        END $guard$
    """
    trigger = f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    return Trigger(name, table, (function, trigger))


def _pg_refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23000'; END IF;"


_KNOWN = "EXISTS (SELECT 1 FROM approvals_entry WHERE id = NEW.entry_id)"
_PG_ACTION = f"""
    IF TG_OP = 'INSERT' THEN
        {_pg_refuse(f"NEW.state <> 'proposed' OR {_KNOWN}", BORN)}
    ELSIF NEW.state = OLD.state THEN
        {_pg_refuse("NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id", DANGLING)}
    ELSE
        {_pg_refuse(f"NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR {_KNOWN}", BARE)}
        {_pg_refuse(f"OLD.state || '>' || NEW.state NOT IN ({_PAIRS})", ILLEGAL)}
    END IF;
"""
_TRUE = "SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to"
_POINTED = "SELECT 1 FROM approvals_action WHERE entry_id = NEW.id"
_LIE = f"(NEW.state_to <> '' AND NOT EXISTS ({_TRUE})) OR (NEW.state_to = '' AND EXISTS ({_POINTED}))"
_PG_ENTRY = f"""
    {_pg_refuse(_LIE, LYING)}
    INSERT INTO approvals_pending (entry_id) VALUES (NEW.id);
"""


def _sqlite() -> Iterator[Trigger]:
    yield _lite("action_born", "approvals_action", "BEFORE INSERT", f"NEW.state <> 'proposed' OR {_KNOWN}", BORN)
    change = "NEW.state <> OLD.state AND"
    still = "NEW.state = OLD.state AND (NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id)"
    yield _lite("action_still", "approvals_action", "BEFORE UPDATE", still, DANGLING)
    bare = f"{change} (NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR {_KNOWN})"
    yield _lite("action_bare", "approvals_action", "BEFORE UPDATE", bare, BARE)
    illegal = f"{change} OLD.state || '>' || NEW.state NOT IN ({_PAIRS})"
    yield _lite("action_illegal", "approvals_action", "BEFORE UPDATE", illegal, ILLEGAL)
    yield _lite("entry_guard", "approvals_entry", "AFTER INSERT", _LIE, LYING)
    yield Trigger(
        "entry_waits",
        "approvals_entry",
        (
            "CREATE TRIGGER entry_waits AFTER INSERT ON approvals_entry "
            "BEGIN INSERT INTO approvals_pending (entry_id) VALUES (NEW.id); END",
        ),
    )
    for table in (*APPEND_ONLY, *KEPT):
        for event in ("UPDATE", "DELETE") if table in APPEND_ONLY else ("DELETE",):
            yield _lite(f"{table}_no_{event.lower()}", table, f"BEFORE {event}", "1", f"{table} is append-only")


def _lite(name: str, table: str, moment: str, condition: str, message: str) -> Trigger:
    statement = (
        f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    return Trigger(name, table, (statement,))
