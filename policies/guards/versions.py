"""What guards policies: a published version stays as it is until it is retired, and history stays."""

from policies.guards import installer
from policies.guards.kinds import AppendOnly, Fixed, Guard, Refusal, Trigger

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

_PAIRS = ", ".join(f"'{source}>{target}'" for source, target in LEGAL)
_MOVED = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_PAIRS})"

# A draft may still be deleted; once published, a version can only be retired.
GUARDS: tuple[Guard, ...] = (
    Refusal("policy_version_born", VERSIONS, "INSERT", "NEW.state <> 'draft'", BORN),
    Fixed("policy_version_fixed", VERSIONS, FIXED, CHANGED),
    Fixed("policy_version_sealed", VERSIONS, SEALED, REWRITTEN, when="OLD.state <> 'draft'"),
    Refusal("policy_version_legal", VERSIONS, "UPDATE", _MOVED, ILLEGAL),
    Refusal("policy_version_kept", VERSIONS, "DELETE", "OLD.state <> 'draft'", DELETED),
    *(AppendOnly(table) for table in HISTORY),
)


def declared(vendor: str) -> list[Trigger]:
    """Every trigger of this app that must be installed on a vendor's database."""
    return installer.triggers(GUARDS, vendor)
