"""One plain spelling for what only looks different, the names that a text may mean, and text that shows nothing."""

import unicodedata

from approvals.text.names import LOOK_ALIKES, name, names_in, plain
from policies.engine.values.addresses import BLANKS

__all__ = ["LOOK_ALIKES", "is_blank", "name", "names_in", "plain", "subject"]


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: it is empty, or holds only blanks and signs that nobody sees."""
    return not any(unicodedata.category(each)[0] in "LNPS" and each not in BLANKS for each in text)


def subject(text: str) -> str:
    """The one plain spelling of a subject; empty for one of invisible signs, itself for one of visible signs alone."""
    return "" if is_blank(text) else plain(text) or text
