"""What guards policies: a published version stays as it is until it is retired, and history stays."""

from policies.guards import installer
from policies.guards.kinds import (
    DIFFERS,
    AppendOnly,
    Fixed,
    Guard,
    Handwritten,
    Refusal,
    Trigger,
    pg_constraint_trigger,
    pg_refusal,
)

POLICIES = "policies_policy"
VERSIONS = "policies_version"
HISTORY = ("policies_historicalpolicy", "policies_historicalversion")
FIXED = ("id", "policy_id", "number", "source", "canonical", "digest", "drafted_by_id", "drafted_at")
# The model's transitions are the same pairs.
LEGAL = (("draft", "published"), ("published", "retired"))
SEALED = ("published_by_id", "published_at", "is_solo")

CHANGED = "the content of a policy version cannot change; draft a new version"
REWRITTEN = "the publisher and the publication time of a version cannot change"
ILLEGAL = "a version can only be drafted, then published, then retired"
BORN = "a new version must be a draft"
DELETED = "a published version cannot be deleted"
UNTOLD = "a policy and its versions need a history row that holds them"

_PAIRS = ", ".join(f"'{source}>{target}'" for source, target in LEGAL)
_MOVED = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_PAIRS})"

# What the history of each holds.
_HELD = {
    POLICIES: ("policies_historicalpolicy", ("id", "name", "title")),
    VERSIONS: (
        "policies_historicalversion",
        ("id", "policy_id", "number", "digest", "drafted_by_id", "drafted_at", "state", "retired_at", *SEALED),
    ),
}


def _told(table: str) -> Guard:
    """Whatever was done to a row, its history holds when the transaction ends; SQLite cannot wait for that."""
    history, columns = _HELD[table]
    different = " OR ".join(f"h.{column} {DIFFERS} NEW.{column}" for column in columns)
    held = f"SELECT 1 FROM {history} h WHERE h.id = NEW.id AND NOT ({different})"
    removed = f"SELECT 1 FROM {history} h WHERE h.id = OLD.id AND h.history_type = '-'"
    body = f"""
        IF TG_OP = 'DELETE' THEN
            {pg_refusal(f"NOT EXISTS ({removed})", UNTOLD)}
        ELSE
            {pg_refusal(f"NOT EXISTS ({held})", UNTOLD)}
        END IF;
    """
    return Handwritten((pg_constraint_trigger(f"{table}_told", table, "INSERT OR UPDATE OR DELETE", body),), ())


# A draft may still be deleted; once published, a version can only be retired.
GUARDS: tuple[Guard, ...] = (
    Refusal("policy_version_born", VERSIONS, "INSERT", "NEW.state <> 'draft'", BORN),
    Fixed("policy_version_fixed", VERSIONS, FIXED, CHANGED),
    Fixed("policy_version_sealed", VERSIONS, SEALED, REWRITTEN, when="OLD.state <> 'draft'"),
    Refusal("policy_version_legal", VERSIONS, "UPDATE", _MOVED, ILLEGAL),
    Refusal("policy_version_kept", VERSIONS, "DELETE", "OLD.state <> 'draft'", DELETED),
    *map(_told, _HELD),
    *(AppendOnly(table) for table in HISTORY),
)


def declared(vendor: str) -> list[Trigger]:
    """Every trigger of this app that must be installed on a vendor's database."""
    return installer.triggers(GUARDS, vendor)
