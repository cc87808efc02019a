"""What guards an approval plan: stages open in order, keep whom they ask, and never lower their bar."""

from approvals.guards.rows import born_with
from policies.guards.kinds import Fixed, Guard, Kept, Refusal

STAGES = "approvals_stage"

LOWERED = "the requirements of a stage cannot be lowered, and a closed stage cannot change"
SKIPPED = "a waiting stage must open before it ends, and an open stage cannot go back to waiting"
FROZEN = "the assignee and the opening time of a stage cannot change after it opens"

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
