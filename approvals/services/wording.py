"""Keeping words where they can be erased: the record names a text only by its salted digest. Steps."""

import secrets
from typing import Any

from approvals.models import Action, Text
from approvals.models.texts import TextKind
from approvals.services.redaction import redact
from approvals.services.revisions import canonical_text
from policies.engine.canonical import digest


def compose(action: Action, kind: TextKind, content: dict[str, Any], *, is_agents: bool = False) -> Text:
    """A text, not yet saved; secrets are taken out of what an agent wrote.

    :raises Malformed: the content has no canonical form.
    """
    kept = redact(content) if is_agents else content
    canonical_text(kept)
    salt = secrets.token_hex(16)
    return Text(action=action, kind=kind, content=kept, salt=salt, digest=digest({"salt": salt, **kept}))
