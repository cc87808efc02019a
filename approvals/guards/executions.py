"""What guards an execution: it needs a decision that lets its revision run, and it never goes back."""

from approvals.guards.rows import born_with
from approvals.states import EXECUTION_LEGAL
from policies.guards.kinds import AppendOnly, Fixed, Guard, Kept, Refusal

EXECUTIONS = "approvals_execution"

UNBEGUN = "an end needs the successful execution that it reverses"
RESENT = "the target of an execution is set when it starts"
UNDECIDED = "an execution needs a decision that approves its revision"
UNASKED = "a cancellation is requested once, by a stop request"
BACKWARD = "an execution cannot return to an earlier state"

_STEPS = ", ".join(f"'{source}>{target}'" for source, targets in EXECUTION_LEGAL.items() for target in targets)
_DECIDED = """
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
"""
_BEGUN = """
    SELECT 1 FROM approvals_execution x
    WHERE x.id = NEW.reverses_id AND x.state = 'succeeded' AND x.end_number = 0 AND x.action_id = NEW.action_id
    AND x.revision_id = NEW.revision_id AND x.round = NEW.round AND x.digest = NEW.digest
    AND x.target_digest = NEW.target_digest AND x.connector = NEW.connector AND x.target = NEW.target
    AND x.mode = NEW.mode AND x.agent_id = NEW.agent_id
"""
_ASKED = "SELECT 1 FROM approvals_stoprequest r WHERE r.execution_id = NEW.id AND r.at = NEW.cancel_asked_at"
# Both databases understand it, and no other table is asked where it does not hold.
_ASKING = (
    "COALESCE(NEW.cancel_asked_at <> OLD.cancel_asked_at,"
    " (NEW.cancel_asked_at IS NULL) <> (OLD.cancel_asked_at IS NULL))"
)
_NOT_STARTING = "(NEW.state = OLD.state OR OLD.state <> 'ready' OR OLD.end_number > 0)"
_UNDECIDED = f"NEW.state <> 'ready' OR NEW.cancel_asked_at IS NOT NULL OR NOT EXISTS ({_DECIDED})"
_BACKWARD = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_STEPS})"

GUARDS: tuple[Guard, ...] = (
    born_with(
        EXECUTIONS,
        *("id", "action_id", "agent_id", "revision_id", "round", "digest", "mode", "connector", "target_digest", "key"),
        *("not_before", "expires_at", "created_at", "end_number", "reverses_id", "is_early"),
    ),
    Refusal("execution_born", EXECUTIONS, "INSERT", _UNDECIDED, UNDECIDED),
    Refusal("execution_ends", EXECUTIONS, "INSERT", f"NOT EXISTS ({_BEGUN})", UNBEGUN, when="NEW.end_number > 0"),
    Fixed("execution_sent", EXECUTIONS, ("target",), RESENT, when=_NOT_STARTING),
    Refusal("execution_steps", EXECUTIONS, "UPDATE", _BACKWARD, BACKWARD),
    Refusal("execution_asked", EXECUTIONS, "UPDATE", f"NOT EXISTS ({_ASKED})", UNASKED, when=_ASKING),
    Kept(EXECUTIONS),
    AppendOnly("approvals_attempt"),
    AppendOnly("approvals_stoprequest"),
)
