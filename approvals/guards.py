"""The database's own guards, declared once for both vendors; they hold against ORM updates, raw SQL, bulk and admin.

A change of state must bring a ledger entry that does not exist yet, follow one that has its entry, and be a legal pair;
the entry, inserted next, must tell the truth about its action; a decision needs its entry, an execution its decision;
what never changes cannot be changed or deleted. Tried on SQLite and PostgreSQL: bare, dangling and lying changes are
refused, a good one commits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from approvals.states import EXECUTION_LEGAL, LEGAL_PAIRS

APPEND_ONLY = (
    "approvals_attempt",
    "approvals_breakglassuse",
    "approvals_decision",
    "approvals_ledgerentry",
    "approvals_lookupresult",
    "approvals_ledgerposition",
    "approvals_revision",
    "approvals_policyevaluation",
    "approvals_standinguse",
    "approvals_text",
    "approvals_historicalabsence",
    "approvals_historicalaction",
    "approvals_historicalactiontype",
    "approvals_historicalagent",
    "approvals_historicalapikey",
    "approvals_historicalbreakglass",
    "approvals_historicalcalendar",
    "approvals_historicaldelegation",
    "approvals_historicaldesk",
    "approvals_historicalduty",
    "approvals_historicalemployee",
    "approvals_historicalexchangerate",
    "approvals_historicalexecution",
    "approvals_historicalhalt",
    "approvals_historicalholiday",
    "approvals_historicalhours",
    "approvals_historicalmembership",
    "approvals_historicalperson",
    "approvals_historicalsamplecheck",
    "approvals_historicalstage",
    "approvals_historicalstandingrule",
    "approvals_historicalsubjectowner",
)
KEPT = (
    "approvals_breakglass",
    *("approvals_absence", "approvals_action", "approvals_delegation", "approvals_execution", "approvals_halt"),
    *("approvals_note", "approvals_samplecheck", "approvals_stage", "approvals_standingrule"),
)
# What an action, a stage or an execution was born with; a later look must find it as it was decided on.
FIXED = {
    "approvals_action": (
        *("action_type_id", "agent_id", "owner_id", "desk_id", "key", "request_digest", "confidence", "on_behalf_of"),
        *("thread", "created_at", "expires_at", "overrides_id", "overridden_by_id", "reverses_id", "requesters"),
    ),
    "approvals_stage": ("id", "action_id", "round", "number", "desk_id", "kind", "step", "group_id", "is_other_desk"),
    "approvals_execution": (
        *("id", "action_id", "revision_id", "round", "digest", "mode", "connector", "target_digest", "key"),
        *("not_before", "expires_at", "created_at"),
    ),
    "approvals_halt": (
        *("id", "scope", "desk_id", "action_type_id", "agent_id", "connector", "reason", "started_by_id", "started_at"),
    ),
    "approvals_breakglass": ("id", "person_id", "desk_id", "reason", "opened_at", "expires_at"),
    "approvals_absence": ("id", "person_id", "starts_at", "ends_at", "entered_by_id", "entered_at"),
    "approvals_delegation": (
        *("id", "person_id", "delegate_id", "desk_id", "starts_at", "ends_at", "reason", "granted_by_id", "granted_at"),
    ),
    "approvals_note": (
        "id",
        "action_id",
        "kind",
        "person_id",
        "agent_id",
        "text_id",
        "answers_id",
        "at",
        "entry_id",
        "handed_to_id",
        "revision_id",
    ),
    "approvals_samplecheck": ("id", "action_id", "rule_id", "desk_id", "drawn_at"),
    "approvals_standingrule": (
        *("id", "verdict", "action_type_id", "agent_id", "subject", "condition", "max_amount", "currency", "salt"),
        *("count_per_day", "sum_per_day", "sample_rate", "expires_at", "reason", "decision_id", "made_by_id"),
        *("made_at", "agent_version", "type_version", "target_digest", "policies", "waives"),
    ),
}

BORN = "an action starts as proposed, with a ledger entry of its own"
BARE = "a change of state needs a new ledger entry"
ILLEGAL = "this pair of states is not legal"
DANGLING = "the ledger entry of an action changes only with its state"
LYING = "a ledger entry must say which state its action has"
UNTOLD = "the former change of state has no ledger entry"
CHANGED = "what a row was born with never changes"
TURNED = "a round ends only when a granted action goes back to people"
LOWERED = "the bar of a stage is never lowered, and a closed stage stays closed"
SKIPPED = "a stage that waits opens before it ends, and an open one does not wait again"
FROZEN = "whom a stage asks, and since when, stays as it was when it opened"
UNASKED = "nothing is granted while a stage of its plan is open or waits"
UNBOUND = "a decision needs the ledger entry and the revision that it is about"
UNDECIDED = "an execution needs a decision that lets its revision run"
BACKWARD = "an execution never goes back to a former state"
LIFTED = "a halt that was lifted stays as it is; start another"
SETTLED = "what was found of a sample stays as it is"
OVER = "a standing rule that ended stays ended; make another"
ENDED = "what was ended stays ended; grant or enter another"
UNNUMBERED = "a ledger entry waits until it has its position"

_PAIRS = ", ".join(f"'{source}>{target}'" for source, target in LEGAL_PAIRS)
_STEPS = ", ".join(f"'{source}>{target}'" for source, targets in EXECUTION_LEGAL.items() for target in targets)


@dataclass(frozen=True, slots=True)
class Guard:
    """What both vendors refuse in the same words: on which event of which table, under which condition, and why."""

    name: str
    table: str
    event: str
    condition: str
    message: str


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
    """Make every declared trigger anew, all at once; SQLite drops them when a migration rebuilds a table."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
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


def _guards(differs: str) -> Iterator[Guard]:
    """The guards beside the lifecycle's own; ``differs`` is how the vendor compares what may be null."""
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)
        yield Guard(f"{table}_fixed", table, "UPDATE", changed, CHANGED)
    yield Guard("action_round", "approvals_action", "UPDATE", _TURNED, TURNED)
    yield Guard("stage_bar", "approvals_stage", "UPDATE", _LOWERED, LOWERED)
    yield Guard("stage_order", "approvals_stage", "UPDATE", _SKIPPED, SKIPPED)
    moved = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in ("person_id", "opened_at"))
    yield Guard("stage_frozen", "approvals_stage", "UPDATE", f"OLD.state <> 'waiting' AND ({moved})", FROZEN)
    granted = f"NEW.is_final AND NEW.verdict IN ('approve', 'modify') AND EXISTS ({_UNASKED})"
    yield Guard("decision_whole", "approvals_decision", "INSERT", granted, UNASKED)
    yield Guard("decision_bound", "approvals_decision", "INSERT", f"NOT EXISTS ({_BOUND})", UNBOUND)
    unborn = f"NEW.state <> 'ready' OR NOT EXISTS ({_DECIDED})"
    yield Guard("execution_born", "approvals_execution", "INSERT", unborn, UNDECIDED)
    back = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_STEPS})"
    yield Guard("execution_steps", "approvals_execution", "UPDATE", back, BACKWARD)
    yield Guard("halt_lifted", "approvals_halt", "UPDATE", "OLD.lifted_at IS NOT NULL", LIFTED)
    yield Guard("sample_checked", "approvals_samplecheck", "UPDATE", "OLD.state <> 'open'", SETTLED)
    over = "OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed'"
    yield Guard("standing_over", "approvals_standingrule", "UPDATE", over, OVER)
    ended = "OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL"
    yield Guard("break_glass_over", "approvals_breakglass", "UPDATE", ended, ENDED)
    yield Guard("absence_ended", "approvals_absence", "UPDATE", "OLD.ended_at IS NOT NULL", ENDED)
    yield Guard("delegation_ended", "approvals_delegation", "UPDATE", "OLD.ended_at IS NOT NULL", ENDED)
    numbered = "SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id"
    yield Guard("pending_numbered", "approvals_ledgeroutbox", "DELETE", f"NOT EXISTS ({numbered})", UNNUMBERED)


_TURNED = """
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified'))
"""
_LOWERED = "OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum"
_SKIPPED = """
    (OLD.state = 'waiting' AND NEW.state NOT IN ('waiting', 'open', 'superseded'))
    OR (OLD.state = 'open' AND NEW.state = 'waiting')
"""
_UNASKED = """
    SELECT 1 FROM approvals_stage s
    WHERE s.action_id = NEW.action_id AND s.round = NEW.round AND s.state IN ('open', 'waiting')
"""
_BOUND = """
    SELECT 1 FROM approvals_ledgerentry e, approvals_revision r
    WHERE e.id = NEW.entry_id AND e.action_id = NEW.action_id
    AND (NEW.person_id IS NULL OR e.actor = 'person:' || NEW.person_id)
    AND (NOT NEW.is_final OR e.state_to IN ('approved', 'modified', 'rejected', 'expired'))
    AND r.id = NEW.revision_id AND r.action_id = NEW.action_id AND r.digest = NEW.digest
"""
_DECIDED = """
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
"""


def _postgresql() -> Iterator[Trigger]:
    yield _pg("action_guard", "approvals_action", "BEFORE INSERT OR UPDATE", _PG_ACTION)
    yield _pg("entry_guard", "approvals_ledgerentry", "AFTER INSERT", _PG_ENTRY)
    for guard in _guards("IS DISTINCT FROM"):
        row = "OLD" if guard.event == "DELETE" else "NEW"
        refusal = _pg_refuse(guard.condition, guard.message)
        yield _pg(guard.name, guard.table, f"BEFORE {guard.event}", refusal, row=row)
    yield _pg(
        "pending_whole", "approvals_ledgeroutbox", "BEFORE TRUNCATE", _pg_refuse("TRUE", UNNUMBERED), each="STATEMENT"
    )
    for table in (*APPEND_ONLY, *KEPT):
        events = "UPDATE OR DELETE" if table in APPEND_ONLY else "DELETE"
        refusal = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '23000';"
        yield _pg(f"{table}_kept", table, f"BEFORE {events}", refusal)
        yield _pg(f"{table}_whole", table, "BEFORE TRUNCATE", refusal, each="STATEMENT")


def _pg(name: str, table: str, moment: str, body: str, each: str = "ROW", row: str = "NEW") -> Trigger:
    # The path is fixed: a temporary table of a ledger's name would otherwise be asked in its place.
    function = f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            {body}
            RETURN {row};
        END $guard$
    """
    trigger = f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    return Trigger(name, table, (function, trigger))


def _pg_refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23000'; END IF;"


_KNOWN = "EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id)"
_TOLD = "EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id)"
_PG_ACTION = f"""
    IF TG_OP = 'INSERT' THEN
        {_pg_refuse(f"NEW.state <> 'proposed' OR {_KNOWN}", BORN)}
    ELSIF NEW.state = OLD.state THEN
        {_pg_refuse("NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id", DANGLING)}
    ELSE
        {_pg_refuse(f"NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR {_KNOWN}", BARE)}
        {_pg_refuse(f"NOT {_TOLD}", UNTOLD)}
        {_pg_refuse(f"OLD.state || '>' || NEW.state NOT IN ({_PAIRS})", ILLEGAL)}
    END IF;
"""
_TRUE = "SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to"
_POINTED = "SELECT 1 FROM approvals_action WHERE entry_id = NEW.id"
_PATH = f"NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', {_PAIRS})"
_MOVE = f"NEW.state_to <> '' AND ({_PATH} OR NOT EXISTS ({_TRUE}))"
_LIE = f"({_MOVE}) OR (NEW.state_to = '' AND (NEW.state_from <> '' OR EXISTS ({_POINTED})))"
_PG_ENTRY = f"""
    {_pg_refuse(_LIE, LYING)}
    INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id);
"""


def _sqlite() -> Iterator[Trigger]:
    yield _lite("action_born", "approvals_action", "BEFORE INSERT", f"NEW.state <> 'proposed' OR {_KNOWN}", BORN)
    change = "NEW.state <> OLD.state AND"
    still = "NEW.state = OLD.state AND (NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id)"
    yield _lite("action_still", "approvals_action", "BEFORE UPDATE", still, DANGLING)
    bare = f"{change} (NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR {_KNOWN})"
    yield _lite("action_bare", "approvals_action", "BEFORE UPDATE", bare, BARE)
    yield _lite("action_untold", "approvals_action", "BEFORE UPDATE", f"{change} NOT {_TOLD}", UNTOLD)
    illegal = f"{change} OLD.state || '>' || NEW.state NOT IN ({_PAIRS})"
    yield _lite("action_illegal", "approvals_action", "BEFORE UPDATE", illegal, ILLEGAL)
    yield _lite("entry_guard", "approvals_ledgerentry", "AFTER INSERT", _LIE, LYING)
    yield Trigger(
        "entry_waits",
        "approvals_ledgerentry",
        (
            "CREATE TRIGGER entry_waits AFTER INSERT ON approvals_ledgerentry "
            "BEGIN INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id); END",
        ),
    )
    for guard in _guards("IS NOT"):
        yield _lite(guard.name, guard.table, f"BEFORE {guard.event}", guard.condition, guard.message)
    for table in (*APPEND_ONLY, *KEPT):
        for event in ("UPDATE", "DELETE") if table in APPEND_ONLY else ("DELETE",):
            yield _lite(f"{table}_no_{event.lower()}", table, f"BEFORE {event}", "1", f"{table} is append-only")


def _lite(name: str, table: str, moment: str, condition: str, message: str) -> Trigger:
    statement = (
        f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    return Trigger(name, table, (statement,))
