"""What guards halts, break-glass access, tightenings and restores: what they are stays, and so does how they end."""

from approvals.guards.rows import born_with, stays_ended
from policies.guards.kinds import AppendOnly, Guard, Kept, Refusal

HALTS = "approvals_halt"
BREAK_GLASS = "approvals_breakglass"
TIGHTENINGS = "approvals_tightening"

LIFTED = "a lifted halt cannot change; start a new one"

GUARDS: tuple[Guard, ...] = (
    born_with(
        HALTS,
        "id",
        "scope",
        "desk_id",
        "action_type_id",
        "agent_id",
        "connector",
        "reason",
        "started_by_id",
        "started_at",
    ),
    Refusal("halt_lifted", HALTS, "UPDATE", "OLD.lifted_at IS NOT NULL", LIFTED),
    Kept(HALTS),
    born_with(BREAK_GLASS, "id", "person_id", "desk_id", "reason", "opened_at", "expires_at"),
    stays_ended(
        "break_glass_over",
        BREAK_GLASS,
        "OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL",
    ),
    Kept(BREAK_GLASS),
    AppendOnly("approvals_breakglassuse"),
    born_with(TIGHTENINGS, "id", "changes", "left_out", "made_by_id", "made_through", "made_at"),
    stays_ended("tightening_reviewed", TIGHTENINGS, "OLD.reviewed_at IS NOT NULL"),
    Kept(TIGHTENINGS),
    # The set-up ends once.
    AppendOnly("approvals_installation"),
    # What a restore brought to light stays, and it ends once.
    AppendOnly("approvals_restore"),
    AppendOnly("approvals_restoreend"),
    AppendOnly("approvals_lostdispatch"),
)
