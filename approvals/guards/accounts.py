"""What guards absences, delegations and exports: they stay as they were entered, and what was ended stays ended."""

from approvals.guards.rows import born_with, stays_ended
from policies.guards.kinds import Guard, Kept, Refusal

ABSENCES = "approvals_absence"
DELEGATIONS = "approvals_delegation"
EXPORTS = "approvals_export"

TOLD = "what an export was asked for can only be erased when it ends"

_TOLD = """
    (NEW.query <> OLD.query OR NEW.salt <> OLD.salt)
    AND (NEW.query <> '' OR NEW.salt <> '' OR NEW.state NOT IN ('failed', 'canceled', 'removed'))
"""

GUARDS: tuple[Guard, ...] = (
    born_with(ABSENCES, "id", "person_id", "starts_at", "ends_at", "entered_by_id", "entered_at"),
    stays_ended("absence_ended", ABSENCES, "OLD.ended_at IS NOT NULL"),
    Kept(ABSENCES),
    born_with(
        DELEGATIONS,
        *("id", "person_id", "delegate_id", "desk_id", "starts_at", "ends_at", "reason", "granted_by_id", "granted_at"),
    ),
    stays_ended("delegation_ended", DELEGATIONS, "OLD.ended_at IS NOT NULL"),
    Kept(DELEGATIONS),
    born_with(
        EXPORTS,
        *("id", "person_id", "source", "format", "columns", "grounds", "requested_at"),
    ),
    Refusal("export_told", EXPORTS, "UPDATE", _TOLD, TOLD),
    stays_ended("export_ended", EXPORTS, "OLD.state IN ('taken', 'failed', 'canceled', 'removed')"),
    Kept(EXPORTS),
)
