"""Groups the email fields of an object and orders them as an email client does."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from approvals.admin.payload_form.fields import Field
from approvals.text.json_diff import ABSENT

LETTERS = frozenset({"letter", "html"})
ROLES = ("from", "reply_to", "to", "cc", "bcc", "subject", "attachments", "body")
RECIPIENTS = frozenset({"to", "cc", "bcc"})
NAMES = {
    "sender": "from",
    "from_address": "from",
    "reply-to": "reply_to",
    "replyto": "reply_to",
    "recipient": "to",
    "recipients": "to",
    "to_address": "to",
}
# No real pointer contains this: a tilde is always followed by 0 or 1.
MAIL = "/~mail"


def gathered(pointer: str, fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields of an object; email fields are grouped if it has a recipient and a body."""
    roles = {field.pointer: _role(field) for field in fields}
    held = set(roles.values())
    if "body" not in held or not held & RECIPIENTS:
        return tuple(fields)
    parts = [field for field in fields if roles[field.pointer]]
    at = fields.index(parts[0])
    parts.sort(key=lambda field: ROLES.index(roles[field.pointer]))
    rest = [field for field in fields if not roles[field.pointer]]
    before = [field for field in fields[:at] if not roles[field.pointer]]
    return (*before, _mail(pointer, tuple(parts)), *rest[len(before) :])


def _mail(pointer: str, parts: tuple[Field, ...]) -> Field:
    value = {part.key: part.value for part in parts if not part.is_absent} or ABSENT
    is_required = any(part.is_required for part in parts)
    return Field(f"{pointer}{MAIL}", "", _("Email"), "mail", value, {}, fields=parts, is_required=is_required)


def _role(field: Field) -> str:
    """The email role of a field: by `x-mail`, by its name, or as a message text."""
    said = field.schema.get("x-mail")
    if said is not None:
        return said if said in ROLES else ""
    if field.kind in LETTERS:
        return "body"
    name = field.key.lower()
    role = NAMES.get(name, name)
    return role if role in ROLES and role != "body" else ""
