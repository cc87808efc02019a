"""Document numbers that are none."""

import re

from policies.engine.checks.flag import Flag, Place
from policies.engine.text import patterns
from policies.engine.values import normal
from policies.engine.values.document_numbers import is_placeholder
from policies.engine.values.said import message

_MAX_LENGTH = 60
# What document numbers are written with. Anything else, such as a link or a line break, is something else.
_WRITTEN_WITH = re.compile(r"[\w /.\\#:()+&,'’№°º-]+")
_CODE = "implausible_number"


def number(place: Place) -> Flag | None:
    """Flag a value that does not look like a document number."""
    text = str(place.value).strip()
    shortest = place.expected.get("min_length", 1)
    pattern = place.expected.get("pattern")
    if isinstance(shortest, int) and len(text) < shortest and shortest > 1:
        return place.flag(
            _CODE,
            message("{value} is too short. A document number has at least {shortest} characters."),
            shortest=shortest,
        )
    if found := reference(place):
        return found
    # An en dash or a no-break space instead of a plain one is usual in print.
    typed = normal.typed(text)
    is_written_so = _WRITTEN_WITH.fullmatch(typed) and any(map(str.isdecimal, typed)) and len(typed) <= _MAX_LENGTH
    if not is_written_so or (isinstance(pattern, str) and not _is_as_expected(pattern, typed)):
        return place.flag(_CODE, message("{value} does not look like a document number."))
    return None


def _is_as_expected(pattern: str, text: str) -> bool:
    # No text fits a pattern that is not supported, so that a person looks.
    return not patterns.fault(pattern) and patterns.is_found(pattern, text)


def reference(place: Place) -> Flag | None:
    """Flag a placeholder for a document number or another reference."""
    text, name = str(place.value).strip(), place.name.casefold()
    # Extraction tools that find nothing fill in the field name: "invoice_number_1".
    if name and text.casefold().startswith(name):
        return place.flag(_CODE, message("{value} contains the field name instead of a document number."))
    if isinstance(place.value, bool) or is_placeholder(text):
        return place.flag(_CODE, message("{value} is a placeholder, not a document number."))
    return None
