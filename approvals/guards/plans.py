"""What guards an approval plan: stages open in order, keep whom they ask, and never lower their bar."""

from approvals.guards.rows import born_with
from policies.guards.kinds import Fixed, Guard, Kept, Refusal

STAGES = "approvals_stage"

LOWERED = "the bar of a stage is never lowered, and a closed stage stays closed"
SKIPPED = "a stage that waits opens before it ends, and an open one does not wait again"
FROZEN = "whom a stage asks, and since when, stays as it was when it opened"

_LOWERED = "OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum"
_SKIPPED = """
    (OLD.state = 'waiting' AND NEW.state NOT IN ('waiting', 'open', 'superseded'))
    OR (OLD.state = 'open' AND NEW.state = 'waiting')
"""

GUARDS: tuple[Guard, ...] = (
    born_with(STAGES, "id", "action_id", "round", "number", "desk_id", "kind", "step", "group_id", "is_other_desk"),
    Refusal("stage_bar", STAGES, "UPDATE", _LOWERED, LOWERED),
    Refusal("stage_order", STAGES, "UPDATE", _SKIPPED, SKIPPED),
    Fixed("stage_frozen", STAGES, ("person_id", "opened_at"), FROZEN, when="OLD.state <> 'waiting'"),
    Kept(STAGES),
)
