"""What guards automatic decisions: a standing rule that ended stays ended, and what was found of a sample stays."""

from approvals.guards.rows import born_with
from policies.guards.kinds import AppendOnly, Guard, Kept, Refusal

RULES = "approvals_standingrule"
SAMPLES = "approvals_samplecheck"

SETTLED = "the result of a spot check cannot change"
OVER = "a standing rule that has ended cannot change; create a new one"

_OVER = "OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed'"

GUARDS: tuple[Guard, ...] = (
    born_with(
        RULES,
        *(
            "id",
            "verdict",
            "action_type_id",
            "agent_id",
            "client_id",
            "subject",
            "condition",
            "max_amount",
            "currency",
            "salt",
        ),
        *("count_per_day", "sum_per_day", "sample_rate", "expires_at", "reason", "decision_id", "made_by_id"),
        *("made_at", "agent_version", "type_version", "target_digest", "policies", "waives"),
    ),
    Refusal("standing_over", RULES, "UPDATE", _OVER, OVER),
    Kept(RULES),
    AppendOnly("approvals_standinguse"),
    born_with(SAMPLES, "id", "action_id", "rule_id", "desk_id", "drawn_at"),
    Refusal("sample_checked", SAMPLES, "UPDATE", "OLD.state <> 'open'", SETTLED),
    Kept(SAMPLES),
)
