"""What guards the ledger: entries are only added, tell the truth about their action, and wait for a position."""

from approvals.guards.actions import PAIRS
from policies.guards.kinds import AppendOnly, Guard, Handwritten, Refusal, Trigger, lite_refusal, pg_refusal, pg_trigger

ENTRIES = "approvals_ledgerentry"
OUTBOX = "approvals_ledgeroutbox"

LYING = "a ledger entry must contain the current state of its action"
UNNUMBERED = "a ledger entry must wait in the outbox until it has a position"

_TRUE = "SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to"
_POINTED = "SELECT 1 FROM approvals_action WHERE entry_id = NEW.id"
_PATH = f"NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', {PAIRS})"
_MOVE = f"NEW.state_to <> '' AND ({_PATH} OR NOT EXISTS ({_TRUE}))"
_LIE = f"({_MOVE}) OR (NEW.state_to = '' AND (NEW.state_from <> '' OR EXISTS ({_POINTED})))"
_WAIT = f"INSERT INTO {OUTBOX} (entry_id) VALUES (NEW.id);"

_FOR_POSTGRESQL = f"""
    {pg_refusal(_LIE, LYING)}
    {_WAIT}
"""
_FOR_SQLITE = (
    lite_refusal("entry_guard", ENTRIES, "AFTER INSERT", _LIE, LYING),
    Trigger("entry_waits", ENTRIES, (f"CREATE TRIGGER entry_waits AFTER INSERT ON {ENTRIES} BEGIN {_WAIT} END",)),
)

GUARDS: tuple[Guard, ...] = (
    Handwritten((pg_trigger("entry_guard", ENTRIES, "AFTER INSERT", _FOR_POSTGRESQL),), _FOR_SQLITE),
    AppendOnly(ENTRIES),
    AppendOnly("approvals_ledgerposition"),
    Refusal(
        "pending_numbered",
        OUTBOX,
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id)",
        UNNUMBERED,
    ),
)
