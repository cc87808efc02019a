"""What guards a decision: it has its ledger entry and revision, and nothing is granted before the plan is done."""

from approvals.guards.rows import born_with
from policies.guards.kinds import AppendOnly, Guard, Kept, Refusal

DECISIONS = "approvals_decision"
NOTES = "approvals_note"

UNASKED = "an action cannot be approved while a stage of its plan is open or waiting"
UNBOUND = "a decision needs a matching ledger entry and revision"

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
_GRANTED = "NEW.is_final AND NEW.verdict IN ('approve', 'modify')"

GUARDS: tuple[Guard, ...] = (
    Refusal("decision_whole", DECISIONS, "INSERT", f"EXISTS ({_UNASKED})", UNASKED, when=_GRANTED),
    Refusal("decision_bound", DECISIONS, "INSERT", f"NOT EXISTS ({_BOUND})", UNBOUND),
    AppendOnly(DECISIONS),
    born_with(
        NOTES,
        *("id", "action_id", "kind", "person_id", "agent_id", "text_id", "answers_id", "at", "entry_id"),
        *("handed_to_id", "revision_id"),
    ),
    Kept(NOTES),
)
