"""Email addresses that a person must review."""

from policies.engine.checks.flag import Flag, Place
from policies.engine.values import addresses


def email(place: Place) -> Flag | None:
    """Flag an address that is not plain."""
    found = addresses.doubt(place.value)
    return place.flag("malformed_email", found.value) if found else None
