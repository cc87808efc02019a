"""What guards the ledger: entries are only added, are what their digest and columns say, and get dense positions."""

from approvals.guards.actions import PAIRS
from policies.guards.kinds import (
    AppendOnly,
    Guard,
    Handwritten,
    Refusal,
    Trigger,
    lite_refusal,
    pg_refusal,
    pg_statement_trigger,
    pg_trigger,
)

ENTRIES = "approvals_ledgerentry"
OUTBOX = "approvals_ledgeroutbox"
POSITIONS = "approvals_ledgerposition"

LYING = "a ledger entry must contain the current state of its action"
UNNUMBERED = "a ledger entry must wait in the outbox until it has a position"
WAITING = "a waiting ledger entry cannot change, and a numbered one does not wait"
SPARSE = "only the next position can be given to a ledger entry"
OTHERWISE = "the columns and the data of a ledger entry must match its digest"
BLANK = "a state change needs a history row that holds it"

_TRUE = "SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to"
_POINTED = "SELECT 1 FROM approvals_action WHERE entry_id = NEW.id"
_PATH = f"NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', {PAIRS})"
_MOVES = "NEW.state_to <> ''"
_STAYS = "NEW.state_to = ''"
_LEFT = "NEW.state_from <> ''"
# What the digest covers is not stored: it is put together of the columns and the data, as `LedgerEntry.body` does.
_PG_AT = """to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_PG_HISTORY = """'{"digest":' || to_json(NEW.history_digest::text)::text || ',"id":"' || NEW.history_id || '"}'"""
_PG_PARTS = {
    "action": """COALESCE('"' || NEW.action_id || '"', 'null')""",
    "actor": "to_json(NEW.actor::text)::text",
    "at": f"""'"' || {_PG_AT} || '"'""",
    "data": "NEW.data",
    "door": "to_json(NEW.door::text)::text",
    "event": "to_json(NEW.event::text)::text",
    "from": "COALESCE(to_json(NULLIF(NEW.state_from, '')::text)::text, 'null')",
    "history": f"COALESCE({_PG_HISTORY}, 'null')",
    "id": """'"' || NEW.id || '"'""",
    "to": "COALESCE(to_json(NULLIF(NEW.state_to, '')::text)::text, 'null')",
}
_PG_BODY = " || ',' || ".join(f"""'"{name}":' || {part}""" for name, part in _PG_PARTS.items())
_PG_DIGEST = f"encode(sha256(convert_to('{{' || {_PG_BODY} || '}}', 'UTF8')), 'hex')"
_UNNAMED = "NEW.history_id IS NULL AND NEW.history_digest <> ''"
_PG_OTHERWISE = f"{_UNNAMED} OR json_typeof(NEW.data::json) <> 'object' OR NEW.digest IS DISTINCT FROM {_PG_DIGEST}"
# Without the digest: SQLite cannot hash, so only the pages of the record find it.
_LITE_OTHERWISE = f"{_UNNAMED} OR NOT json_valid(NEW.data) OR json_type(NEW.data) <> 'object'"

# Of a change of state, the history row is of the action as it is now.
_HELD = """
    SELECT 1 FROM approvals_historicalaction h
    WHERE h.history_id = NEW.history_id AND h.id = NEW.action_id AND h.entry_id = NEW.id AND h.state = NEW.state_to
"""
_WAIT = f"INSERT INTO {OUTBOX} (entry_id) VALUES (NEW.id);"

# PostgreSQL asks of the row alone before it looks anywhere.
_FOR_POSTGRESQL = f"""
    IF {_MOVES} THEN
        {pg_refusal(_PATH, LYING)}
        {pg_refusal(f"NOT EXISTS ({_TRUE})", LYING)}
    ELSE
        {pg_refusal(_LEFT, LYING)}
        {pg_refusal(f"EXISTS ({_POINTED})", LYING)}
    END IF;
    {pg_refusal(_PG_OTHERWISE, OTHERWISE)}
    {pg_refusal(f"NOT EXISTS ({_HELD})", BLANK, when=_MOVES)}
    {_WAIT}
"""
_LIE = f"{_MOVES} AND ({_PATH} OR NOT EXISTS ({_TRUE})) OR {_STAYS} AND ({_LEFT} OR EXISTS ({_POINTED}))"
_BLANK = f"{_MOVES} AND NOT EXISTS ({_HELD})"
_FOR_SQLITE = (
    # The one that was made last is asked first.
    lite_refusal("entry_blank", ENTRIES, "AFTER INSERT", _BLANK, BLANK),
    lite_refusal("entry_otherwise", ENTRIES, "AFTER INSERT", _LITE_OTHERWISE, OTHERWISE),
    lite_refusal("entry_guard", ENTRIES, "AFTER INSERT", _LIE, LYING),
    Trigger("entry_waits", ENTRIES, (f"CREATE TRIGGER entry_waits AFTER INSERT ON {ENTRIES} BEGIN {_WAIT} END",)),
)

# Asked once for all positions that one statement gives.
_PG_SPARSE = f"""
    DECLARE first bigint; last bigint; given bigint;
    BEGIN
        SELECT MIN(number), MAX(number), COUNT(*) INTO first, last, given FROM fresh;
        {
    pg_refusal(
        f"last - first + 1 <> given OR EXISTS (SELECT 1 FROM {POSITIONS} WHERE number > last) "
        f"OR first <> 1 AND NOT EXISTS (SELECT 1 FROM {POSITIONS} WHERE number = first - 1)",
        SPARSE,
    )
}
    END;
"""
_LITE_SPARSE = f"NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM {POSITIONS}), 0)"

GUARDS: tuple[Guard, ...] = (
    Handwritten((pg_trigger("entry_guard", ENTRIES, "AFTER INSERT", _FOR_POSTGRESQL),), _FOR_SQLITE),
    AppendOnly(ENTRIES),
    AppendOnly(POSITIONS),
    Handwritten(
        (pg_statement_trigger("position_next", POSITIONS, "INSERT", _PG_SPARSE),),
        (lite_refusal("position_next", POSITIONS, "BEFORE INSERT", _LITE_SPARSE, SPARSE),),
    ),
    Refusal(
        "pending_new", OUTBOX, "INSERT", f"EXISTS (SELECT 1 FROM {POSITIONS} WHERE entry_id = NEW.entry_id)", WAITING
    ),
    Refusal("pending_moved", OUTBOX, "UPDATE", "1 = 1", WAITING),
    Refusal(
        "pending_numbered",
        OUTBOX,
        "DELETE",
        f"NOT EXISTS (SELECT 1 FROM {POSITIONS} WHERE entry_id = OLD.entry_id)",
        UNNUMBERED,
    ),
)
