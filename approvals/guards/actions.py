"""What guards an action: each change of state is a legal pair and brings a ledger entry that does not exist yet."""

from approvals.guards.rows import born_with
from approvals.states import LEGAL_PAIRS
from policies.guards.kinds import AppendOnly, Guard, Handwritten, Kept, Refusal, lite_refusal, pg_refusal, pg_trigger

ACTIONS = "approvals_action"

BORN = "a new action must be in the proposed state and have its own ledger entry"
BARE = "a state change needs a new ledger entry"
ILLEGAL = "this state change is not allowed"
DANGLING = "the ledger entry of an action can change only together with its state"
UNTOLD = "the previous state change has no ledger entry"
TURNED = "a new round can start only when an approved or rejected action returns to review"
FINAL = "only a rejection by a person can be undone"
ORPHAN = "a parent must be an earlier action of the same agent"
STALE = "the current revision of an action can change only to a later one of its own"

PAIRS = ", ".join(f"'{source}>{target}'" for source, target in LEGAL_PAIRS)

# The entry is inserted after the change that it tells of: before it, the new one is unknown and the former is known.
_KNOWN = "EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id)"
_TOLD = "EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id)"
_UNBORN = "NEW.state <> 'proposed'"
_HAS_PARENT = "NEW.parent_id IS NOT NULL"
_ORPHAN = """
    NOT EXISTS (
        SELECT 1 FROM approvals_action p
        WHERE p.id = NEW.parent_id AND p.agent_id = NEW.agent_id AND p.depth = NEW.depth - 1
    )
"""
_DANGLING = "NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id"
_SAME = "NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id"
_ILLEGAL = f"OLD.state || '>' || NEW.state NOT IN ({PAIRS})"

# PostgreSQL asks in one function, so that a change that moves nothing costs no look at the ledger, and asks of the
# row alone before it looks anywhere: a condition that holds both would start a look at each call.
_FOR_POSTGRESQL = f"""
    IF TG_OP = 'INSERT' THEN
        {pg_refusal(_UNBORN, BORN)}
        {pg_refusal(_KNOWN, BORN)}
        {pg_refusal(_ORPHAN, ORPHAN, when=_HAS_PARENT)}
    ELSIF NEW.state = OLD.state THEN
        {pg_refusal(_DANGLING, DANGLING)}
    ELSE
        {pg_refusal(_SAME, BARE)}
        {pg_refusal(_KNOWN, BARE)}
        {pg_refusal(f"NOT {_TOLD}", UNTOLD)}
        {pg_refusal(_ILLEGAL, ILLEGAL)}
    END IF;
"""
_MOVES = "NEW.state <> OLD.state AND"
_FOR_SQLITE = (
    lite_refusal("action_born", ACTIONS, "BEFORE INSERT", f"{_UNBORN} OR {_KNOWN}", BORN),
    lite_refusal("action_orphan", ACTIONS, "BEFORE INSERT", f"({_HAS_PARENT}) AND ({_ORPHAN})", ORPHAN),
    lite_refusal("action_still", ACTIONS, "BEFORE UPDATE", f"NEW.state = OLD.state AND ({_DANGLING})", DANGLING),
    lite_refusal("action_bare", ACTIONS, "BEFORE UPDATE", f"{_MOVES} ({_SAME} OR {_KNOWN})", BARE),
    lite_refusal("action_untold", ACTIONS, "BEFORE UPDATE", f"{_MOVES} NOT {_TOLD}", UNTOLD),
    lite_refusal("action_illegal", ACTIONS, "BEFORE UPDATE", f"{_MOVES} {_ILLEGAL}", ILLEGAL),
)
_TURNED = """
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified', 'rejected'))
"""

_UNDONE = "OLD.state = 'rejected' AND NEW.state = 'pending'"
_FINAL = """
    NOT EXISTS (
        SELECT 1 FROM approvals_decision d
        WHERE d.action_id = OLD.id AND d.round = OLD.round AND d.is_final AND d.verdict = 'reject'
        AND d.person_id IS NOT NULL AND d.final_at IS NOT NULL
    )
"""

_REVISED = "NEW.revision_id <> OLD.revision_id"
_STALE = """
    NOT EXISTS (
        SELECT 1 FROM approvals_revision r
        WHERE r.id = NEW.revision_id AND r.action_id = NEW.id
        AND r.number > (SELECT o.number FROM approvals_revision o WHERE o.id = OLD.revision_id)
    )
"""

GUARDS: tuple[Guard, ...] = (
    Handwritten((pg_trigger("action_guard", ACTIONS, "BEFORE INSERT OR UPDATE", _FOR_POSTGRESQL),), _FOR_SQLITE),
    born_with(
        ACTIONS,
        *(
            "action_type_id",
            "agent_id",
            "owner_id",
            "desk_id",
            "client_id",
            "idempotency_key",
            "request_digest",
            "confidence",
            "on_behalf_of",
        ),
        *("thread", "created_at", "expires_at", "overrides_id", "overridden_by_id", "reverses_id", "requesters"),
        *("parent_id", "depth"),
    ),
    Refusal("action_round", ACTIONS, "UPDATE", _TURNED, TURNED),
    Refusal("action_rejection", ACTIONS, "UPDATE", _FINAL, FINAL, when=_UNDONE),
    Refusal("action_revision", ACTIONS, "UPDATE", _STALE, STALE, when=_REVISED),
    Kept(ACTIONS),
    # What was proposed, what is known of it, and what policy said.
    AppendOnly("approvals_revision"),
    AppendOnly("approvals_text"),
    AppendOnly("approvals_lookupresult"),
    AppendOnly("approvals_policyevaluation"),
)
