"""Links: the host that a link really goes to."""

import re

LINK = re.compile(r"([a-z][a-z0-9+.-]*)(://)([^/?#\\]*)(.*)", re.IGNORECASE | re.DOTALL)
MAX_LENGTH = 2_000


def host_of(link: str) -> str:
    """Return the lowercase host of a link; empty if programs may disagree about it."""
    found = LINK.fullmatch(link[:MAX_LENGTH])
    return split(found[3])[1].partition(":")[0].lower() if found and not is_bent(link) else ""


def split(authority: str) -> tuple[str, str]:
    """Return the user part with its @, and the host with its port."""
    before, sign, host = authority.rpartition("@")
    return before + sign, host


def is_bent(text: str) -> bool:
    """Return whether a link has a backslash or a space, which programs read differently."""
    return "\\" in text or any(character.isspace() for character in text)
