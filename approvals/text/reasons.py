"""What a person gives as a reason, checked once for every form and every call."""

from approvals.errors import Malformed
from policies.errors import Refused


def checked(text: str, most: int, *, missing: Refused | None = None, field: str = "reason") -> str:
    """Return the text without the space around it; ``missing`` is the refusal where there is none.

    :raises Refused: ``missing``, where it is given and the text is blank.
    :raises Malformed: it is longer than ``most`` characters, or holds U+0000.
    """
    plain = text.strip()
    if missing is not None and not plain:
        raise missing
    if len(plain) > most or "\x00" in plain:
        raise Malformed("Use plain text of at most {most} characters.", said={"most": most}, field=field)
    return plain
