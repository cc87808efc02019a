"""Keeping words where they can be erased: the record names a text only by its salted digest. Steps."""

import secrets
from typing import Any

from approvals.models import Action, Text
from approvals.models.texts import TextKind
from approvals.services.payloads.revisions import canonical_text
from approvals.text.redaction import redact
from policies import writes
from policies.engine.values.canonical import bytes_digest


def compose(action: Action, kind: TextKind, content: dict[str, Any], *, is_agents: bool = False) -> Text:
    """A text, not yet saved; secrets are taken out of what an agent wrote.

    :raises Malformed: the content has no canonical form.
    """
    kept = redact(content) if is_agents else content
    salt = secrets.token_hex(16)
    written = canonical_text({"salt": salt, **kept})
    return writes.made(Text, action=action, kind=kind, content=kept, salt=salt, digest=bytes_digest(written.encode()))


def keep_rationale(action: Action, rationale: str) -> Text | None:
    """Keep a reason in words where it can be erased; the record names only its digest."""
    words = worded(action, rationale)
    if words is not None:
        words.save(force_insert=True)
    return words


def worded(action: Action, rationale: str, kind: TextKind = TextKind.RATIONALE) -> Text | None:
    """A reason in words, not yet saved; None when nothing was said."""
    if not rationale.strip():
        return None
    return compose(action, kind, {"rationale": rationale.strip()})
