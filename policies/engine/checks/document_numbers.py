"""Document numbers that are none."""

import re

from policies.engine.checks.flag import MAX_LENGTH, Flag, Place


def number(place: Place) -> Flag | None:
    """Flag a text that does not look like a document number."""
    text = str(place.value).strip()
    name = place.pointer.rsplit("/", 1)[-1].casefold()
    shortest = place.expected.get("min_length", 1)
    pattern = place.expected.get("pattern")
    # Extraction tools that find nothing fill in the field name: "invoice_number_1".
    if name and text.casefold().startswith(name):
        return place.flag("implausible_number", "repeats the field name instead of a document number.")
    if isinstance(shortest, int) and len(text) < shortest:
        return place.flag("implausible_number", f"is too short. A document number has at least {shortest} characters.")
    if len(text) > MAX_LENGTH or (isinstance(pattern, str) and not re.search(pattern, text)):
        return place.flag("implausible_number", "does not look like a document number.")
    return None
