"""Names of files as people may see them: no folders, nothing invisible, and not too long."""

import re
import unicodedata

from policies.engine.values.addresses import is_hidden

MAX_LENGTH = 200
FALLBACK = "file"
_ENDING = re.compile(r"\.[^.\s]{1,16}\Z")


def cleaned(name: str) -> str:
    """The last part of a path, in one line of visible characters; `file` where nothing is left.

    It names a download, and is never a path of ours.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if each.isspace() else each for each in last if _is_shown(each))
    plain = " ".join(shown.split()).strip(". ")
    if len(plain) > MAX_LENGTH:
        ending = found[0] if (found := _ENDING.search(plain)) else ""
        plain = plain[: MAX_LENGTH - len(ending)] + ending
    return plain or FALLBACK


def _is_shown(sign: str) -> bool:
    return sign.isspace() or not (is_hidden(sign) or unicodedata.category(sign).startswith("C"))
