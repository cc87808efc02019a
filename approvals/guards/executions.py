"""What guards an execution: it needs a decision that lets its revision run, and it never goes back."""

from approvals.guards.rows import born_with
from approvals.states import EXECUTION_LEGAL
from policies.guards.kinds import AppendOnly, Guard, Kept, Refusal

EXECUTIONS = "approvals_execution"

UNDECIDED = "an execution needs a decision that approves its revision"
BACKWARD = "an execution cannot return to an earlier state"

_STEPS = ", ".join(f"'{source}>{target}'" for source, targets in EXECUTION_LEGAL.items() for target in targets)
_DECIDED = """
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
"""
_UNDECIDED = f"NEW.state <> 'ready' OR NOT EXISTS ({_DECIDED})"
_BACKWARD = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_STEPS})"

GUARDS: tuple[Guard, ...] = (
    born_with(
        EXECUTIONS,
        *("id", "action_id", "agent_id", "revision_id", "round", "digest", "mode", "connector", "target_digest", "key"),
        *("not_before", "expires_at", "created_at"),
    ),
    Refusal("execution_born", EXECUTIONS, "INSERT", _UNDECIDED, UNDECIDED),
    Refusal("execution_steps", EXECUTIONS, "UPDATE", _BACKWARD, BACKWARD),
    Kept(EXECUTIONS),
    AppendOnly("approvals_attempt"),
)
