"""What guards attachments: a file stays what it was, can only be erased, and stays once an action has it."""

from approvals.guards.rows import born_with
from policies.guards.kinds import Guard, Kept, Refusal

FILES = "approvals_attachment"
PLACES = "approvals_actionattachment"

ERASED = "an erased attachment cannot change"
RENAMED = "the digest and the name of an attachment can only be erased"
DETACHED = "an attachment that an action has cannot become unattached"
TAKEN = "an attachment that an action has cannot be deleted"
SALTED = "the salt of an attachment can only be erased"
FOREIGN = "an action can only have attachments of its own agent"

_RENAMED = "(NEW.sha256 <> OLD.sha256 OR NEW.name <> OLD.name) AND (NEW.erased_at IS NULL OR NEW.sha256 <> '')"
_FOREIGN = """
    NOT EXISTS (
        SELECT 1 FROM approvals_attachment f JOIN approvals_action a ON a.agent_id = f.agent_id
        WHERE f.id = NEW.attachment_id AND f.erased_at IS NULL AND a.id = NEW.action_id
    )
"""

GUARDS: tuple[Guard, ...] = (
    born_with(FILES, "id", "agent_id", "size", "media_type", "created_at"),
    Refusal("attachment_erased", FILES, "UPDATE", "OLD.erased_at IS NOT NULL", ERASED),
    Refusal("attachment_renamed", FILES, "UPDATE", _RENAMED, RENAMED),
    Refusal(
        "attachment_detached", FILES, "UPDATE", "OLD.attached_at IS NOT NULL AND NEW.attached_at IS NULL", DETACHED
    ),
    Refusal("attachment_taken", FILES, "DELETE", "OLD.attached_at IS NOT NULL", TAKEN),
    born_with(PLACES, "id", "action_id", "attachment_id", "number", "position", "digest"),
    Refusal("attachment_salt", PLACES, "UPDATE", "NEW.salt <> OLD.salt AND NEW.salt <> ''", SALTED),
    Refusal("attachment_foreign", PLACES, "INSERT", _FOREIGN, FOREIGN),
    Kept(PLACES),
)
